/**
 * How fast Parquet columns are decoded, warm, from memory, on one thread: this reader, hyparquet, DuckDB and pyarrow, on the
 * same files, in turn. `npx tsx bench/parquet.ts [millions of events] [rounds]`; `LUMISCOPE_PYTHON` names a Python that has
 * pyarrow (which writes the files; without it hyparquet-writer does, without ZSTD) and duckdb.
 *
 * MB/s are of decoded values: 4 bytes a float, without offsets. Each makes arrays of all values: typed arrays, arrays of
 * arrays, Arrow tables. DuckDB and pyarrow pass over checksums of pages, which this reader holds against the bytes.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parquetRead, type SchemaElement } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { EventFile } from '../workers/formats/eventFile.ts';
import { openEventFile } from '../workers/formats/open.ts';
import { crc32 } from '../workers/formats/parquet/crc32.ts';
import { openSource } from '../workers/io/openSource.ts';
import { median, print, ratio, timed } from './report.ts';

const PYTHON = process.env.LUMISCOPE_PYTHON ?? 'python3';
const events = Number(process.argv[2] ?? 1) * 1e6;
const rounds = Number(process.argv[3] ?? 7);

/** Names of files say how they were written: codec and encoding, or codec and what is special. */
const ALL_FILES = [
  'snappy_plain',
  'snappy_checksums',
  'zstd_plain',
  'none_plain',
  'none_split',
  'snappy_dictionary',
  'none_dictionary',
];
/** Those that hyparquet-writer can't write. */
const NEED_PYTHON = ['snappy_checksums', 'zstd_plain', 'none_split'];
/** `nullable` is the list that writers make unless told otherwise: lists and items may be missing, though none is. */
const COLUMNS = ['flat', 'list', 'nullable'] as const;

const WRITE = `
import sys, numpy as np, pyarrow as pa, pyarrow.parquet as pq
folder, events = sys.argv[1], int(sys.argv[2])
rng = np.random.default_rng(1)
counts = rng.poisson(2.0, events)
offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
def values(n, dictionary):
    x = rng.exponential(30.0, n).astype(np.float32)
    return np.round(x * 8).astype(np.float32) / 8 if dictionary else x
for name in sys.argv[3:]:
    codec, dictionary = name.split("_")[0], name.endswith("dictionary")
    flat = pa.array(values(events, dictionary))
    item = pa.field("element", pa.float32(), nullable=False)
    lists = pa.ListArray.from_arrays(offsets, values(int(offsets[-1]), dictionary), type=pa.list_(item))
    nullable = lists.cast(pa.list_(pa.float32()))
    fields = [("flat", flat, False), ("list", lists, False), ("nullable", nullable, True)]
    schema = pa.schema([pa.field(field, array.type, nullable) for field, array, nullable in fields])
    table = pa.table([array for _, array, _ in fields], schema=schema)
    split = name.endswith("split")
    options = dict(use_byte_stream_split=split, write_page_checksum=name.endswith("checksums"))
    path = f"{folder}/{name}.parquet"
    pq.write_table(table, path, compression=codec, use_dictionary=dictionary, row_group_size=131072, **options)
`;

const DUCKDB = `
import sys, time, duckdb
db = duckdb.connect()
db.execute("SET threads = 1")
for line in sys.stdin:
    path, column = line.split()
    begin = time.perf_counter()
    db.sql(f"SELECT {column} FROM read_parquet('{path}')").to_arrow_table()
    print(time.perf_counter() - begin, flush=True)
`;

const PYARROW = `
import sys, time, pyarrow.parquet as pq
for line in sys.stdin:
    path, column = line.split()
    begin = time.perf_counter()
    pq.read_table(path, columns=[column], use_threads=False)
    print(time.perf_counter() - begin, flush=True)
`;

const SCHEMA: SchemaElement[] = [
  { name: 'schema', num_children: 3 },
  { name: 'flat', type: 'FLOAT', repetition_type: 'REQUIRED' },
  { name: 'list', repetition_type: 'REQUIRED', num_children: 1, converted_type: 'LIST' },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', type: 'FLOAT', repetition_type: 'REQUIRED' },
  { name: 'nullable', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', type: 'FLOAT', repetition_type: 'OPTIONAL' },
];

type Peer = (file: string, column: string) => Promise<number>;

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lumiscope-bench-'));
  try {
    const files = writeFiles(folder);
    const duckdb = startPython(folder, DUCKDB, 'duckdb', 'pyarrow');
    const pyarrow = startPython(folder, PYARROW, 'pyarrow');
    const peers: Record<string, Peer | undefined> = {
      lumiscope: await ownReader(folder, files),
      hyparquet: hyparquet(folder),
      'DuckDB, 1 thread': duckdb.peer,
      'pyarrow, 1 thread': pyarrow.peer,
    };
    const rows: string[][] = [];
    for (const file of files) {
      for (const column of COLUMNS) rows.push(await compare(peers, file, column));
    }
    const head = ['file', 'column', ...Object.keys(peers)];
    const notes = [
      `${events / 1e6} M events, lists of 2 floats on average; medians of ${rounds} rounds; × is the time of ours.`,
      `checksums of pages, where a file has them, are verified at ${checksumSpeed()} GB/s of stored bytes.`,
    ];
    print('Parquet: MB/s of decoded values', head, rows, notes);
    duckdb.stop();
    pyarrow.stop();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function checksumSpeed(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(65_536));
  const times = timed(200, 50, () => crc32(bytes));
  return (bytes.length / 1e9 / median(times)).toFixed(1);
}

function pythonHas(...modules: string[]): boolean {
  try {
    execFileSync(PYTHON, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** @returns names of the files that could be written */
function writeFiles(folder: string): string[] {
  if (pythonHas('numpy', 'pyarrow')) {
    execFileSync(PYTHON, ['-c', WRITE, folder, String(events), ...ALL_FILES]);
    return ALL_FILES;
  }
  const files = ALL_FILES.filter((name) => !NEED_PYTHON.includes(name));
  for (const name of files) {
    const dictionary = name.endsWith('dictionary');
    const value = () => (dictionary ? Math.round(-240 * Math.log(Math.random())) / 8 : -30 * Math.log(Math.random()));
    const lists = Array.from({ length: events }, (_, i) => Array.from({ length: (i * 7) % 5 }, value));
    const columnData = [
      { name: 'flat', data: Float32Array.from({ length: events }, value) },
      { name: 'list', data: lists },
      { name: 'nullable', data: lists },
    ].map((column) => (dictionary ? column : { ...column, encoding: 'PLAIN' as const }));
    const codec = name.startsWith('none') ? 'UNCOMPRESSED' : 'SNAPPY';
    const bytes = parquetWriteBuffer({ schema: SCHEMA, columnData, codec, rowGroupSize: 131_072 });
    writeFileSync(join(folder, `${name}.parquet`), new Uint8Array(bytes));
  }
  return files;
}

async function compare(peers: Record<string, Peer | undefined>, file: string, column: string): Promise<string[]> {
  const times = new Map<string, number[]>();
  // One round more, to warm up.
  for (let round = -1; round < rounds; round++) {
    for (const [name, peer] of Object.entries(peers)) {
      // hyparquet makes an array an event: once is enough to tell.
      if (!peer || (name === 'hyparquet' && round > 2)) continue;
      const seconds = await peer(file, column);
      if (round >= 0) times.set(name, [...(times.get(name) ?? []), seconds]);
    }
  }
  const bytes = column === 'flat' ? events * 4 : events * 8;
  const own = median(times.get('lumiscope')!);
  const cells = Object.keys(peers).map((name) => {
    const measured = times.get(name);
    if (!measured) return 'absent';
    const seconds = median(measured);
    const rate = `${(bytes / 1e6 / seconds).toFixed(0)}`;
    return name === 'lumiscope' ? rate : `${rate} (${ratio(seconds, own)})`;
  });
  return [file, column, ...cells];
}

/** Decodes as a worker does: all chunks of one column. */
async function ownReader(folder: string, names: string[]): Promise<Peer> {
  const files = new Map<string, EventFile>();
  for (const name of names) {
    const blob = new Blob([readFileSync(join(folder, `${name}.parquet`))]);
    const { source, file } = await openSource({ kind: 'blob', name, blob }, { counter: { bytes: 0, requests: 0 } });
    files.set(name, await openEventFile(inMemory(source, new Uint8Array(await blob.arrayBuffer())), file));
  }
  return async (name, column) => {
    const file = files.get(name)!;
    const begin = performance.now();
    for (const chunk of file.summary.chunks.keys()) await file.readChunk(chunk, [column]);
    return (performance.now() - begin) / 1000;
  };
}

function inMemory<T extends { url: string; size: number; etag: string | undefined }>(source: T, bytes: Uint8Array) {
  const { url, size, etag } = source;
  return { url, size, etag, read: async (offset: number, length: number) => bytes.subarray(offset, offset + length) };
}

function hyparquet(folder: string): Peer {
  return async (name, column) => {
    const bytes = readFileSync(join(folder, `${name}.parquet`));
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
    const file = { byteLength: buffer.byteLength, slice: (from: number, to?: number) => buffer.slice(from, to) };
    const begin = performance.now();
    await parquetRead({ file, columns: [column], compressors, onChunk: () => {} });
    return (performance.now() - begin) / 1000;
  };
}

/** One process for all queries, so that its start is not measured. */
function startPython(
  folder: string,
  program: string,
  ...modules: string[]
): { peer: Peer | undefined; stop: () => void } {
  if (!pythonHas(...modules)) return { peer: undefined, stop: () => {} };
  const child = spawn(PYTHON, ['-c', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const peer: Peer = async (name, column) => {
    child.stdin.write(`${join(folder, `${name}.parquet`)} ${column}\n`);
    return Number((await lines.next()).value);
  };
  return { peer, stop: () => child.stdin.end() };
}

await main();
