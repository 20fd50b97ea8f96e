/**
 * How fast Parquet files are written, one thread: columns of memory encoded by ours, and the same table by pyarrow, with the same
 * compression, row groups and page index. Then a whole conversion, from a file to a file, on one worker.
 * `npx tsx bench/convert.ts [millions of events] [rounds]`; `LUMISCOPE_PYTHON` names a Python that has pyarrow.
 *
 * MB/s are of values in memory: 4 bytes a float, with the offsets of lists.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ColumnData, ColumnInfo } from '../core/schema/column.ts';
import { bytesOfColumn, slice } from '../workers/convert/rows.ts';
import { ParquetWriter } from '../workers/formats/parquet/write/parquetWriter.ts';
import { encodeGroup } from '../workers/formats/parquet/write/rowGroup.ts';
import type { Codec } from '../workers/formats/parquet/write/types.ts';
import { createNodeSession } from '../workers/nodeSession.ts';
import { median, print, ratio } from './report.ts';

const PYTHON = process.env.LUMISCOPE_PYTHON ?? 'python3';
const events = Number(process.argv[2] ?? 1) * 1e6;
const rounds = Number(process.argv[3] ?? 5);
const GROUP = 100_000;

const PYARROW = `
import sys, time, pyarrow as pa, pyarrow.parquet as pq
tables = {}
for line in sys.stdin:
    path, column, out, codec = line.rstrip().split()
    table = tables.setdefault((path, column), pq.read_table(path, columns=None if column == "all" else [column]))
    begin = time.perf_counter()
    pq.write_table(table, out, compression=codec, row_group_size=${GROUP}, write_page_index=True, store_schema=False)
    print(time.perf_counter() - begin, flush=True)
`;

interface Table {
  infos: ColumnInfo[];
  columns: ColumnData[];
}

/** Columns as simulated events have them: exact and rounded floats, flags, counters, numbers of events, lists. */
function table(): Table {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const exact = () => -30 * Math.log(1 - random());
  const rounded = () => Math.round(exact() * 8) / 8;
  const offsets = new Uint32Array(events + 1);
  for (let i = 0; i < events; i++) offsets[i + 1] = offsets[i]! + Math.floor(random() * 5);
  const items = offsets[events]!;
  let event = 0n;
  const made: [string, ColumnData][] = [
    ['float', flat('float32', Float32Array.from({ length: events }, exact))],
    ['rounded', flat('float32', Float32Array.from({ length: events }, rounded))],
    ['double', flat('float64', Float64Array.from({ length: events }, exact))],
    [
      'flag',
      flat(
        'bool',
        Uint8Array.from({ length: events }, () => (random() < 0.1 ? 1 : 0)),
      ),
    ],
    [
      'event',
      flat(
        'uint64',
        BigUint64Array.from({ length: events }, () => {
          event += BigInt(1 + Math.floor(random() * 40));
          return event;
        }),
      ),
    ],
    [
      'list',
      { type: 'float32', length: events, offsets: [offsets], values: Float32Array.from({ length: items }, exact) },
    ],
    [
      'charge',
      {
        type: 'int32',
        length: events,
        offsets: [offsets],
        values: Int32Array.from({ length: items }, () => (random() < 0.5 ? -1 : 1)),
      },
    ],
  ];
  return {
    infos: made.map(([name, { type, offsets }]) => ({ name, type, depth: offsets.length, nullable: false })),
    columns: made.map(([, column]) => column),
  };
}

function flat(type: ColumnData['type'], values: ColumnData['values']): ColumnData {
  return { type, length: events, offsets: [], values };
}

async function write({ infos, columns }: Table, codec: Codec): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const sink = { write: async (bytes: Uint8Array) => void parts.push(bytes) };
  const writer = new ParquetWriter(sink, infos, { codec, createdBy: 'bench', metadata: {} });
  for (let from = 0; from < events; from += GROUP) {
    const rows = columns.map((column) => slice(column, from, Math.min(events, from + GROUP)));
    await writer.group(await encodeGroup(infos, rows, codec));
  }
  await writer.finish();
  return Buffer.concat(parts);
}

function only({ infos, columns }: Table, name: string): Table {
  const k = infos.findIndex((info) => info.name === name);
  return k < 0 ? { infos, columns } : { infos: [infos[k]!], columns: [columns[k]!] };
}

function hasPyarrow(): boolean {
  try {
    execFileSync(PYTHON, ['-c', 'import pyarrow'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lumiscope-bench-'));
  const child = hasPyarrow() ? spawn(PYTHON, ['-c', PYARROW], { stdio: ['pipe', 'pipe', 'inherit'] }) : undefined;
  const lines = child && createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  try {
    const all = table();
    const source = join(folder, 'source.parquet');
    writeFileSync(source, await write(all, 'UNCOMPRESSED'));
    const rows: string[][] = [];
    for (const codec of ['SNAPPY', 'GZIP'] as const) {
      for (const name of codec === 'SNAPPY' ? [...all.infos.map((info) => info.name), 'all'] : ['all']) {
        const chosen = only(all, name);
        const bytes = chosen.columns.reduce((sum, column) => sum + bytesOfColumn(column), 0);
        const [own, theirs]: [number[], number[]] = [[], []];
        let size = 0;
        const out = join(folder, 'out.parquet');
        for (let round = -1; round < rounds; round++) {
          const begin = performance.now();
          size = (await write(chosen, codec)).length;
          const seconds = (performance.now() - begin) / 1000;
          if (round >= 0) own.push(seconds);
          if (!child || !lines) continue;
          child.stdin.write(`${source} ${name} ${out} ${codec.toLowerCase()}\n`);
          const other = Number((await lines.next()).value);
          if (round >= 0) theirs.push(other);
        }
        const rate = (seconds: number) => (bytes / 1e6 / seconds).toFixed(0);
        const [mine, peer] = [median(own), median(theirs)];
        rows.push([
          codec.toLowerCase(),
          name,
          rate(mine),
          child ? `${rate(peer)} (${ratio(peer, mine)})` : 'absent',
          `${(size / 1e6).toFixed(2)} MB`,
          child ? `${(statSync(out).size / 1e6).toFixed(2)} MB` : 'absent',
        ]);
      }
    }
    print(
      'Writing Parquet: MB/s of values',
      ['codec', 'column', 'lumiscope', 'pyarrow', 'its size', 'pyarrow’s'],
      rows,
      [`${events / 1e6} M events, row groups of ${GROUP}; medians of ${rounds} rounds; × is the time of ours.`],
    );
    await wholeConversion(source, statSync(source).size);
  } finally {
    child?.stdin.end();
    rmSync(folder, { recursive: true });
  }
}

/** From a file to a file: all events, and those that pass a cut. */
async function wholeConversion(path: string, size: number): Promise<void> {
  const rows: string[][] = [];
  const session = createNodeSession({ workers: 1, memoryBudget: 2e9 });
  for (const [what, expression] of [
    ['all events', undefined],
    ['1 event in 10', 'flag'],
  ] as const) {
    const document = {
      lumiscope: 1 as const,
      datasets: [{ name: 'data', files: [path] }],
      define: [],
      select: expression ? [{ name: 'cut', expression, enabled: true }] : [],
      histograms: [],
      defaults: {},
    };
    const times: number[] = [];
    let written = 0;
    for (let round = -1; round < rounds; round++) {
      const sink = { write: async () => {} };
      const asked = { used: false, columns: ['*'] };
      const { seconds, bytes } = await session.saveParquet(document, [[{ kind: 'path', path }]], 0, asked, sink);
      if (round >= 0) times.push(seconds);
      written = bytes;
    }
    const seconds = median(times);
    rows.push([
      what,
      `${(events / 1e6 / seconds).toFixed(2)} M`,
      (size / 1e6 / seconds).toFixed(0),
      `${(written / 1e6).toFixed(1)} MB`,
    ]);
  }
  session.close();
  print('Converting a file, one worker', ['what', 'events/s', 'MB/s of the file', 'written'], rows, []);
}

await main();
