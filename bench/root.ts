/**
 * How fast columns of ROOT files are read, warm, from memory, on one thread: this reader, JSROOT and uproot, on the same files like
 * NanoAOD, in turn. `npx tsx bench/root.ts [millions of events] [rounds] [files…]`; `LUMISCOPE_PYTHON` names a Python that has uproot, which
 * writes the files.
 *
 * Seconds are of the processor, so that what else runs on the machine counts little; uproot reads with one thread.
 *
 * JSROOT makes JavaScript arrays of each event, so that it is given fewer events; its way to unpack Zstandard is not made for Node, so that it
 * is given ours.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { EventFile } from '../workers/formats/eventFile.ts';
import { loadKernels } from '../workers/formats/kernels/kernels.ts';
import { openEventFile } from '../workers/formats/open.ts';
import { openSource } from '../workers/io/openSource.ts';
import { median, print, ratio } from './report.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const PYTHON = process.env.LUMISCOPE_PYTHON ?? 'python3';
const SCRIPT = fileURLToPath(new URL('root.py', import.meta.url));
const events = Number(process.argv[2] ?? 1) * 1e6;
const rounds = Number(process.argv[3] ?? 5);
const FILES =
  process.argv.length > 4 ? process.argv.slice(4) : ['ttree_zstd', 'ttree_zlib', 'ttree_lz4', 'rntuple_zstd'];
const COUNTS = [1, 5, 50];
const JSROOT_EVENTS = 50_000;
const JSROOT_ROUNDS = 2;

interface Reading {
  seconds: number;
  /** Of all columns together: who reads other than the others reads wrong. */
  values: number;
}

type Reader = (file: string, columns: readonly string[]) => Promise<Reading>;

async function main(): Promise<void> {
  if (spawnSync(PYTHON, ['-c', 'import uproot, awkward']).status !== 0) {
    process.stderr.write(
      `root: left out, ${PYTHON} has no uproot to write the files (LUMISCOPE_PYTHON names another)\n`,
    );
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'lumiscope-bench-'));
  try {
    const { status } = spawnSync(PYTHON, [SCRIPT, 'write', folder, String(events), ...FILES], { stdio: 'inherit' });
    if (status !== 0) throw new Error('the files could not be written');
    const uproot = startUproot(folder);
    const rows: string[][] = [];
    for (const file of FILES) rows.push(...(await compare(folder, file, uproot.read)));
    uproot.stop();
    const notes = [
      `${events / 1e6} M events, 1.5 muons and 4 jets on average; baskets and clusters of 50,000 events; medians of ${rounds} rounds; × is the time of ours for as many events.`,
      `JSROOT on ${JSROOT_EVENTS.toLocaleString('en-US')} of the events, with our decompressor for Zstandard.`,
    ];
    print(
      'ROOT: million events a second of one core',
      ['file', 'branches', 'lumiscope', 'JSROOT', 'uproot'],
      rows,
      notes,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function compare(folder: string, name: string, uproot: Reader): Promise<string[][]> {
  const bytes = readFileSync(join(folder, `${name}.root`));
  const own = await openOwn(name, bytes);
  const jsroot = await openJsroot(name, bytes);
  const columns = own.columns;
  const rows: string[][] = [];
  // One branch is read in too short a time for the compilers to get done.
  for (let round = 0; round < 2; round++) await own.read(name, columns.slice(0, Math.max(...COUNTS)));
  for (const count of COUNTS) {
    const asked = columns.slice(0, count);
    const times = { own: [] as number[], jsroot: [] as number[], uproot: [] as number[] };
    let wrong = '';
    // One round more, to warm up.
    for (let round = -1; round < rounds; round++) {
      // What the others left behind is not ours to clear away.
      collectGarbage();
      const ours = await own.read(name, asked);
      const theirs = await uproot(name, asked);
      if (ours.values !== theirs.values) throw new Error(`${name}: ${ours.values} values, uproot has ${theirs.values}`);
      const slow = round < JSROOT_ROUNDS ? await jsroot?.(name, asked) : undefined;
      if (round < 0) continue;
      times.own.push(ours.seconds);
      times.uproot.push(theirs.seconds);
      if (slow) times.jsroot.push((slow.seconds * events) / Math.min(events, JSROOT_EVENTS));
      if (slow?.values === 0) wrong = ' no values';
    }
    const seconds = median(times.own);
    const cell = (found: number[]) => {
      const other = median(found);
      return `${(events / 1e6 / other).toPrecision(3)} (${ratio(other, seconds)})`;
    };
    rows.push([
      name.replace('_', ', '),
      String(count),
      (events / 1e6 / seconds).toPrecision(3),
      times.jsroot.length > 0 ? cell(times.jsroot) + wrong : "can't",
      cell(times.uproot),
    ]);
  }
  return rows;
}

/** Reads as a worker does: all chunks, one after the other. */
async function openOwn(name: string, bytes: Uint8Array): Promise<{ columns: string[]; read: Reader }> {
  const blob = new Blob([bytes as Uint8Array<ArrayBuffer>]);
  const { source, file } = await openSource({ kind: 'blob', name, blob }, { counter: { bytes: 0, requests: 0 } });
  const { url, size, etag } = source;
  const read = async (offset: number, length: number) => bytes.subarray(offset, offset + length);
  const open: EventFile = await openEventFile({ url, size, etag, read }, file);
  const has = new Set(open.summary.columns.map((column) => column.name));
  const first = ['pt', 'eta', 'phi', 'charge'].map((field) => (has.has(`Muon_${field}`) ? 'Muon_' : 'Muon.') + field);
  const columns = [...first, 'MET_pt', ...[...has].filter((column) => !/^n[A-Z]/.test(column))];
  return {
    columns: [...new Set(columns)],
    read: async (_, asked) => {
      const begin = process.cpuUsage();
      let values = 0;
      for (const chunk of open.summary.chunks.keys())
        for (const column of await open.readChunk(chunk, asked)) values += column.values.length;
      return { seconds: secondsSince(begin), values };
    },
  };
}

/** Calls `Process` for each event, as its tree player does. Undefined where it can't open the file. */
async function openJsroot(name: string, bytes: Uint8Array): Promise<Reader | undefined> {
  // Of any type: `jsroot.d.ts` tells only what the reader uses of it.
  const part = (name: string) => import(`jsroot/${name}`);
  const { internals } = await part('core');
  const { openFile } = await part('io');
  const { treeProcess, TSelector } = await part('tree');
  const kernels = await loadKernels();
  internals._ZstdStream = { decompress: (input: Uint8Array) => kernels.zstd(input, zstdBytes(input)) };
  const { buffer, byteOffset, length } = bytes;
  const file = await openFile(buffer.slice(byteOffset, byteOffset + length));
  // It reads no ntuple that uproot wrote.
  if (name.startsWith('rntuple')) return undefined;
  const tree = await file.readObject('Events');
  return async (_, columns) => {
    const selector = new TSelector();
    for (const column of columns) selector.addBranch(column);
    let values = 0;
    selector.Process = () => {
      for (const column of columns) values += selector.tgtobj[column].length ?? 1;
    };
    const begin = process.cpuUsage();
    await treeProcess(tree, selector, { numentries: JSROOT_EVENTS });
    return { seconds: secondsSince(begin), values };
  };
}

function secondsSince(begin: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1e6;
}

/** The length of what a frame holds, which uproot's compressor writes into its header. */
function zstdBytes(frame: Uint8Array): number {
  const view = new DataView(frame.buffer, frame.byteOffset);
  const [descriptor, single] = [frame[4]!, (frame[4]! >> 5) & 1];
  const at = 6 - single;
  if (descriptor >> 6 === 0) return frame[at]!;
  return descriptor >> 6 === 1 ? view.getUint16(at, true) + 256 : view.getUint32(at, true);
}

/** One process for all readings, so that its start is not measured. */
function startUproot(folder: string): { read: Reader; stop: () => void } {
  const child = spawn(PYTHON, [SCRIPT, 'time'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read: Reader = async (name, columns) => {
    child.stdin.write(`${join(folder, `${name}.root`)} ${columns.join(' ')}\n`);
    const [seconds, values] = String((await lines.next()).value)
      .split(' ')
      .map(Number);
    return { seconds: seconds!, values: values! };
  };
  return { read, stop: () => child.stdin.end() };
}

await main();
