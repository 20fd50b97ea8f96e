/** Files that are damaged, by kind. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openRootFile } from '../../workers/formats/root/openRootFile.ts';
import { blobSource } from '../../workers/io/blob.ts';
import { sharedData } from '../../workers/testing/sharedData.ts';
import { findEnvelopes } from './seals.ts';

export interface FuzzFile {
  kind: 'parquet' | 'ttree' | 'rntuple' | 'histograms';
  name: string;
  path: string;
  /** Where sizes and places are. */
  hot: [number, number][];
  /** Whether checksums hold all that is read: values are then right where there is no error. */
  sealed: boolean;
  /** Of an ntuple, envelopes that are not compressed. */
  envelopes: [number, number][];
}

const REAL: Record<FuzzFile['kind'], string[]> = {
  parquet: ['Run2012B_SingleMu-1000.parquet', 'nano_dy.parquet', 'nano_dimuon.parquet'],
  ttree: [
    ...['zlib', 'lz4', 'lzma', 'zstd', 'uncompressed'].map((how) => `uproot-HZZ-${how}.root`),
    // One with many branches: they take their time.
    'nano_dy.root',
  ],
  rntuple: ['nano_dimuon_rntuple.root', 'Run2012BC_DoubleMuParked_Muons_1000evts_rntuple_v1-0-0-0.root'],
  histograms: [],
};

const FIXTURES: Record<FuzzFile['kind'], [folder: string, pattern: RegExp][]> = {
  parquet: [['parquet/fixtures', /\.parquet$/]],
  ttree: [['root/fixtures', /\.root$/]],
  rntuple: [['root/ntuple/fixtures', /\.root$/]],
  histograms: [['root/histograms/fixtures', /\.root$/]],
};

/** Files that can't be opened, or have nothing to read. */
const LEFT_OUT = /encrypted|unsupported/;

/** Small files of this project, and real ones where they are at hand. */
export async function fuzzFiles(which: 'fixtures' | 'all'): Promise<FuzzFile[]> {
  const files: FuzzFile[] = [];
  for (const kind of ['parquet', 'ttree', 'rntuple', 'histograms'] as const) {
    for (const [folder, pattern] of FIXTURES[kind]) {
      const at = fileURLToPath(new URL(`../../workers/formats/${folder}`, import.meta.url));
      for (const name of readdirSync(at, { encoding: 'utf8', recursive: true }).sort()) {
        if (pattern.test(name) && !LEFT_OUT.test(name))
          files.push(await fuzzFile(kind, basename(name), `${at}/${name}`));
      }
    }
    if (which === 'fixtures') continue;
    for (const name of REAL[kind]) {
      const path = sharedData(name);
      if (path) files.push(await fuzzFile(kind, name, path));
    }
  }
  return files;
}

async function fuzzFile(kind: FuzzFile['kind'], name: string, path: string): Promise<FuzzFile> {
  const bytes = Uint8Array.from(readFileSync(path));
  const hot = kind === 'parquet' ? [parquetFooter(bytes)] : await rootPlaces(name, bytes);
  // uproot writes pages without checksums.
  const sealed = kind === 'rntuple' && !name.startsWith('uproot_');
  return { kind, name, path, hot, sealed, envelopes: kind === 'rntuple' ? findEnvelopes(bytes) : [] };
}

type Range = [number, number];

function parquetFooter(bytes: Uint8Array): Range {
  const length = new DataView(bytes.buffer).getUint32(bytes.length - 8, true);
  return [bytes.length - 8 - length, bytes.length];
}

/** The file's header, keys, and what trees and ntuples say of themselves. */
async function rootPlaces(name: string, bytes: Uint8Array): Promise<Range[]> {
  const source = blobSource(name, new Blob([bytes as Uint8Array<ArrayBuffer>]), { bytes: 0, requests: 0 });
  const { keys } = await openRootFile(source);
  return [
    [0, 300],
    ...keys.flatMap(({ offset, bytes: length, keyBytes }): Range[] => [
      [offset, offset + keyBytes],
      [offset + keyBytes, offset + length],
    ]),
  ];
}
