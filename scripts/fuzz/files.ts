/** Files that are damaged, by kind. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sharedData } from '../../workers/testing/sharedData.ts';

export interface FuzzFile {
  kind: 'parquet' | 'ttree' | 'rntuple';
  name: string;
  path: string;
  /** Where sizes and places are. */
  hot: [number, number][];
  /** Whether checksums hold all that is read: values are then right where there is no error. */
  sealed: boolean;
}

const REAL = [
  ['parquet', 'Run2012B_SingleMu-1000.parquet'],
  ['parquet', 'nano_dy.parquet'],
  ['parquet', 'nano_dimuon.parquet'],
] as const;

const FIXTURES = [['parquet', '../../workers/formats/parquet/fixtures', /\.parquet$/]] as const;

/** Files that can't be opened, or have nothing to read. */
const LEFT_OUT = /encrypted|unsupported/;

/** Small files of this project, and real ones where they are at hand. */
export function fuzzFiles(which: 'fixtures' | 'all'): FuzzFile[] {
  const fixtures = FIXTURES.flatMap(([kind, folder, pattern]) => {
    const at = fileURLToPath(new URL(folder, import.meta.url));
    const names = readdirSync(at).filter((name) => pattern.test(name) && !LEFT_OUT.test(name));
    return names.sort().map((name) => fuzzFile(kind, name, `${at}/${name}`));
  });
  if (which === 'fixtures') return fixtures;
  const real = REAL.flatMap(([kind, name]) => {
    const path = sharedData(name);
    return path ? [fuzzFile(kind, name, path)] : [];
  });
  return [...fixtures, ...real];
}

function fuzzFile(kind: FuzzFile['kind'], name: string, path: string): FuzzFile {
  const bytes = readFileSync(path);
  return { kind, name, path, hot: hotRanges(kind, bytes), sealed: kind === 'rntuple' };
}

function hotRanges(kind: FuzzFile['kind'], bytes: Buffer): [number, number][] {
  if (kind === 'parquet') return [[bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8), bytes.length]];
  return [];
}
