import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual as equals } from 'node:util';
import { readColumnIndex, readOffsetIndex } from 'hyparquet';
import { afterAll, expect, it } from 'vitest';
import type { ColumnData } from '../../../../core/schema/column.ts';
import { concatenate, slice } from '../../../convert/rows.ts';
import { sharedData } from '../../../testing/sharedData.ts';
import { asWritten, openFile } from '../../testing/values.ts';
import { readFooter } from '../footer.ts';
import { MemorySource } from './memorySource.ts';
import { ParquetWriter } from './parquetWriter.ts';
import { encodeGroup } from './rowGroup.ts';
import { everyType } from './testing.ts';
import { type Codec, integerOf, type PageOptions, type WrittenColumn } from './types.ts';

const PYTHON = process.env.LUMISCOPE_PYTHON;
const SCRIPT = fileURLToPath(new URL('read_written.py', import.meta.url));
const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'lumiscope-write-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Table {
  infos: WrittenColumn[];
  columns: ColumnData[];
}

async function write(
  name: string,
  { infos, columns }: Table,
  ends: number[],
  codec: Codec = 'SNAPPY',
  options: PageOptions = {},
): Promise<string> {
  const parts: Uint8Array[] = [];
  const sink = { write: async (bytes: Uint8Array) => void parts.push(bytes.slice()) };
  const writer = new ParquetWriter(sink, infos, { codec, createdBy: 'test', metadata: { title: 'm(μμ)' } });
  let from = 0;
  for (const to of ends) {
    await writer.group(
      await encodeGroup(
        infos,
        columns.map((column) => slice(column, from, to)),
        codec,
        options,
      ),
    );
    from = to;
  }
  await writer.finish();
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat(parts));
  expect(writer.bytes).toBe(readFileSync(path).length);
  return path;
}

const ROWS = 24_000;
const table = everyType(ROWS, 7);
const ENDS = [1, 2_001, ROWS];

it.each([
  ['SNAPPY', ROWS],
  ['GZIP', 500],
  ['UNCOMPRESSED', 500],
] as const)('%s: every type comes back as it was', async (codec, rows) => {
  const { infos, columns } = rows === ROWS ? table : everyType(rows, 9);
  const ends = [1, 217, rows];
  const path = await write(`${codec}.parquet`, { infos, columns }, ends, codec);
  const { summary } = await openFile(path);
  expect(summary.columns).toEqual(infos);
  expect(summary.metadata).toEqual({ title: 'm(μμ)' });
  expect(summary.chunks.map(({ end }) => end)).toEqual(ends);
  const file = await openFile(path);
  const names = infos.map(({ name }) => name);
  const chunks = await Promise.all(ends.map((_, chunk) => file.readChunk(chunk, names)));
  columns.forEach((column, k) => {
    const found = concatenate(chunks.map((chunk) => chunk[k]!));
    expect([names[k], equals(plainOf(found), plainOf(column))]).toEqual([names[k], true]);
  });
});

const withDeltas = ({ infos, columns }: Table): Table => ({
  infos: infos.map((info) => (integerOf(info.type) ? { ...info, encoding: 'DELTA_BINARY_PACKED' } : info)),
  columns,
});

it('integers as differences, in short pages with checksums, come back as they were', async () => {
  const path = await write('delta.parquet', withDeltas(table), ENDS, 'UNCOMPRESSED', {
    pageRows: 700,
    checksums: true,
  });
  const source = new MemorySource(readFileSync(path));
  const metadata = await readFooter(source);
  expect(metadata.row_groups[2]!.columns[0]!.meta_data!.encodings).not.toContain('DELTA_BINARY_PACKED');
  const [wide] = metadata.row_groups[2]!.columns.filter(({ meta_data }) => meta_data!.path_in_schema[0] === 'uint64');
  expect(wide!.meta_data!.encodings).toContain('DELTA_BINARY_PACKED');
  const places = readOffsetIndex(source.cursor(Number(wide!.offset_index_offset), wide!.offset_index_length!));
  expect(places.page_locations.map((place) => Number(place.first_row_index)).slice(0, 3)).toEqual([0, 700, 1400]);
  const file = await openFile(path);
  const names = table.infos.map(({ name }) => name);
  const chunks = await Promise.all(ENDS.map((_, chunk) => file.readChunk(chunk, names)));
  table.columns.forEach((column, k) => {
    const found = concatenate(chunks.map((chunk) => chunk[k]!));
    expect([names[k], equals(plainOf(found), plainOf(column))]).toEqual([names[k], true]);
  });
  const bytes = readFileSync(path);
  const at = Number(places.page_locations[1]!.offset) + 100;
  bytes[at] = bytes[at]! ^ 1;
  writeFileSync(join(folder, 'damaged.parquet'), bytes);
  await expect((await openFile(join(folder, 'damaged.parquet'))).readChunk(2, ['uint64'])).rejects.toThrow(
    /another checksum/,
  );
});

/** Texts instead of codes. */
function plainOf({ offsets, values, valid, dictionary }: ColumnData) {
  const texts = dictionary && Array.from(values as Uint32Array, (code, i) => valid?.[i] !== 0 && dictionary[code]);
  return { offsets: offsets.map((level) => [...level]), values: texts ?? values, valid: valid && [...valid] };
}

const PEERS = everyType(3_000, 8);

it.skipIf(!PYTHON).each([
  ['by dictionary or plain', PEERS, {}],
  ['as differences, with checksums', withDeltas(PEERS), { pageRows: 300, checksums: true }],
])(
  'pyarrow and DuckDB read the same, %s (needs LUMISCOPE_PYTHON)',
  { timeout: 120_000 },
  async (_, written, options) => {
    const path = await write('peers.parquet', written, [1, 1_700, 3_000], 'SNAPPY', options);
    const { columns, infos } = PEERS;
    const found = JSON.parse(execFileSync(PYTHON!, [SCRIPT, path], { encoding: 'utf8', maxBuffer: 1e9 }));
    expect(found.metadata).toMatchObject({ title: 'm(μμ)' });
    columns.forEach((column, k) => {
      const values = asWritten(column);
      expect(found.pyarrow[k], infos[k]!.name).toEqual({ ...infos[k], values });
      expect(found.duckdb[k], infos[k]!.name).toEqual(values);
    });
    const flat = infos.findIndex(({ name }) => name === 'int64');
    const own = columns[flat]!.values.subarray(1_700, 3_000) as BigInt64Array;
    const sorted = own.slice().sort();
    expect(found.groups[2][flat]).toEqual({
      statistics: [String(sorted[0]), String(sorted.at(-1))],
      nulls: 0,
      indexes: [true, true],
    });
  },
);

it('each page says where it is, which rows it holds, and what values', async () => {
  const path = await write('pages.parquet', table, ENDS);
  const source = new MemorySource(readFileSync(path));
  const metadata = await readFooter(source);
  const leaves = metadata.schema.filter(({ type }) => type !== undefined);
  let several = 0;
  for (const [g, group] of metadata.row_groups.entries()) {
    for (const [k, chunk] of group.columns.entries()) {
      const { offset_index_offset: at, offset_index_length: bytes } = chunk;
      const places = readOffsetIndex(source.cursor(Number(at), bytes!)).page_locations;
      several += Number(places.length > 1);
      const first = Number(chunk.meta_data!.data_page_offset);
      let next = first;
      for (const place of places) {
        expect(Number(place.offset)).toBe(next);
        next += place.compressed_page_size;
      }
      const start = Number(chunk.meta_data!.dictionary_page_offset ?? first);
      expect(next).toBe(start + Number(chunk.meta_data!.total_compressed_size));
      const rows = places.map((place) => Number(place.first_row_index));
      const column = slice(table.columns[k]!, ENDS[g - 1] ?? 0, ENDS[g]!);
      if (chunk.column_index_offset === undefined) continue;
      const index = readColumnIndex(
        source.cursor(Number(chunk.column_index_offset), chunk.column_index_length!),
        leaves[k]!,
      );
      rows.forEach((row, page) => {
        const held = slice(column, row, rows[page + 1] ?? column.length);
        const values = presentNumbers(held);
        expect(Boolean(index.null_pages[page])).toBe(values.length === 0);
        if (values.length === 0) return;
        const extremes = [index.min_values[page], index.max_values[page]];
        expect(extremes.map(plain), table.infos[k]!.name).toEqual([values[0], values.at(-1)].map(plain));
      });
    }
  }
  expect(several).toBeGreaterThan(20);
});

/** Values that are there and no NaN, in the order of their type. */
function presentNumbers({ values, valid, type, dictionary }: ColumnData): unknown[] {
  const found = Array.from(values as Float64Array).filter((value, i) => !(valid && !valid[i]) && !Number.isNaN(value));
  if (type !== 'string') return found.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const order = (text: string) => Buffer.from(text);
  return found.map((code) => dictionary![code]!).sort((a, b) => Buffer.compare(order(a), order(b)));
}

const plain = (value: unknown) => (typeof value === 'boolean' || value === 0 ? Number(value) : value);

it('row groups say what their values are, so that cuts leave them out', async () => {
  const path = await write('bounds.parquet', table, ENDS);
  const { summary } = await openFile(path);
  for (const [k, info] of table.infos.entries()) {
    if (info.depth > 0 || info.type === 'string' || info.name.startsWith('nan')) continue;
    const bounds = summary.chunkBounds!.get(info.name)!;
    ENDS.forEach((to, chunk) => {
      const values = presentNumbers(slice(table.columns[k]!, ENDS[chunk - 1] ?? 0, to)).map(Number);
      if (values.length === 0) expect(bounds[2 * chunk], info.name).toBe(Number.POSITIVE_INFINITY);
      else {
        expect(bounds[2 * chunk], info.name).toBeLessThanOrEqual(values[0]!);
        expect(bounds[2 * chunk + 1], info.name).toBeGreaterThanOrEqual(values.at(-1)!);
        if (!/64/.test(info.type))
          expect([...bounds.subarray(2 * chunk, 2 * chunk + 2)].map(plain)).toEqual(
            [values[0], values.at(-1)].map(plain),
          );
      }
    });
  }
});

it('NaN alone has no statistics', async () => {
  const { summary } = await openFile(await write('nan.parquet', table, ENDS));
  expect(summary.chunkBounds!.get('nan')).toBeUndefined();
});

it('no rows are a file, too', async () => {
  const path = await write('empty.parquet', everyType(0, 1), []);
  const { summary } = await openFile(path);
  expect([summary.events, summary.columns]).toEqual([0, table.infos]);
});

it.each(['encodings_v1', 'nested_v2', 'nested_duckdb', 'types_duckdb'])('%s.parquet comes back', async (name) => {
  await comesBack(`${FIXTURES}${name}.parquet`);
});

it.each(['nano_dy.parquet', 'Run2012B_SingleMu-1000.parquet'])('%s comes back, bit for bit', async (name) => {
  const path = sharedData(name);
  if (path) await comesBack(path);
});

/** Whatever a file holds is the same once it is written anew. Units are not kept. */
async function comesBack(from: string): Promise<void> {
  const file = await openFile(from);
  const infos = file.summary.columns.map(({ unit: _, ...info }) => info);
  const names = infos.map(({ name }) => name);
  const columns = await file.readChunk(0, names);
  const path = await write('again.parquet', { infos, columns }, [file.summary.chunks[0]!.end]);
  const again = await openFile(path);
  expect(again.summary.columns).toEqual(infos);
  const found = await again.readChunk(0, names);
  columns.forEach((column, k) => {
    expect([infos[k]!.name, asWritten(found[k]!)]).toEqual([infos[k]!.name, asWritten(column)]);
  });
}
