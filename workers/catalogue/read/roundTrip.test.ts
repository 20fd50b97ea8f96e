import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { parquetMetadata } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import type { Part } from '../../../core/catalogue/manifest.ts';
import {
  BYTES_OF_GROUP,
  type Family,
  KEY_COLUMNS,
  RECORD_COLUMNS,
  RECORDS_OF_GROUP,
  type RecordBatch,
} from '../../../core/catalogue/tables.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import { concatenate, slice } from '../../convert/rows.ts';
import { asWritten } from '../../formats/testing/values.ts';
import type { ByteSource } from '../../io/byteSource.ts';
import { MemoryStore } from '../testing/memoryCatalogue.ts';
import { anyRecords } from '../testing/records.ts';
import { PartWriter } from '../write/partWriter.ts';
import { openKeys } from './keyReader.ts';
import { openObject } from './readTable.ts';
import { groupsOfEvent, rangeOfGroup, readGroups, readIndex } from './recordReader.ts';

const PYTHON = process.env.LUMISCOPE_PYTHON;
const SCRIPT = fileURLToPath(new URL('../../formats/parquet/write/read_written.py', import.meta.url));

const ALL: Family[] = ['provenance', 'l1', 'hlt'];
const MOST = 2n ** 64n - 1n;
const AT = { dspid: 7, dstypeid: -300 };

/** Writes records, in batches that end at these rows. */
async function write(
  store: MemoryStore,
  records: RecordBatch,
  families: readonly Family[],
  ends: readonly number[] = [],
) {
  const writer = new PartWriter(store, { ...AT, families });
  let from = 0;
  for (const to of [...ends, records.rows]) {
    await writer.add({
      rows: to - from,
      columns: new Map([...records.columns].map(([name, column]) => [name, slice(column, from, to)])),
    });
    from = to;
  }
  return writer.finish();
}

/** All records of a part, by its index, no column left out. */
async function readAll(store: MemoryStore, part: Part, columns?: string[]): Promise<Map<string, ColumnData>> {
  const index = await readIndex(store.source(part.index.path), part);
  const groups = Array.from(index.first.keys());
  const batches = await readGroups(store.source(part.records.path), index, groups, columns && { columns });
  return new Map(
    [...batches[0]!.columns.keys()].map((name) => [
      name,
      concatenate(batches.map((batch) => batch.columns.get(name)!)),
    ]),
  );
}

const plain = (columns: ReadonlyMap<string, ColumnData>) =>
  [...columns].map(([name, { values, offsets, valid }]) => ({
    name,
    values: [...(values as Uint8Array)],
    offsets: offsets.map((level) => [...level]),
    valid: valid?.includes(0) ? [...valid] : undefined,
  }));

const eventNumbers = fc.array(
  fc.oneof(
    fc.bigInt({ min: 0n, max: 40n }),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 53n + 5n }),
    fc.bigInt({ min: 0n, max: MOST }),
  ),
  { minLength: 1, maxLength: 60 },
);

describe('a part', () => {
  it('gives back its records, whatever they are: all columns, keys and borders', async () => {
    await fc.assert(
      fc.asyncProperty(eventNumbers, fc.subarray(ALL), fc.nat(1000), async (eventnos, families, seed) => {
        const store = new MemoryStore();
        const records = anyRecords(eventnos, families, seed);
        const cut = Math.floor(records.rows / 3);
        const [part] = (await write(store, records, families, [cut, cut])) as [Part];
        const sorted = records.columns.get('eventno')!.values as BigUint64Array;
        expect(part).toMatchObject({
          ...AT,
          rows: records.rows,
          first: String(sorted[0]),
          last: String(sorted.at(-1)),
        });
        expect(plain(await readAll(store, part))).toEqual(plain(records.columns));
        const reader = await openKeys(store.source(part.keys.path), part);
        const keys = await reader.read(0, ['seq', 'tid', 'file']);
        for (const name of ['eventno', 'seq', 'tid', 'file'] as const)
          expect(keys[name]).toEqual(records.columns.get(name)!.values);
      }),
      { numRuns: 30 },
    );
  });

  const rows = 2 * RECORDS_OF_GROUP + 1;
  const many = anyRecords(
    Array.from({ length: rows }, (_, i) => BigInt(Math.floor(i / 3))),
    ALL,
    3,
  );

  /** Its records are long: 256 of them take less than `BYTES_OF_GROUP`, 512 more. */
  const ends = [0, 256, 512, 768, 1024, 1280, 1536, 1792, 2048, 2049];

  it.each<[Family[], number]>([
    [[], RECORDS_OF_GROUP],
    [ALL, 256],
  ])('of the families %s has row groups of %i records', async (families, size) => {
    const store = new MemoryStore();
    const records = anyRecords(
      Array.from({ length: RECORDS_OF_GROUP }, (_, i) => BigInt(i)),
      families,
    );
    const [part] = (await write(store, records, families)) as [Part];
    const index = await readIndex(store.source(part.index.path), part);
    expect(index.rows[1]).toBe(size);
    for (const group of index.first.keys()) expect(rangeOfGroup(index, group)[1]).toBeLessThanOrEqual(BYTES_OF_GROUP);
  });

  it('has row groups that are found by event number, also where one is on both sides of a border', async () => {
    const store = new MemoryStore();
    const [part] = (await write(store, many, ALL)) as [Part];
    const index = await readIndex(store.source(part.index.path), part);
    expect([...index.rows]).toEqual(ends);
    // Rows 255 and 256 are of event 85, rows 2046 to 2048 of event 682.
    expect(groupsOfEvent(index, 85n)).toEqual([0, 2]);
    expect(groupsOfEvent(index, 86n)).toEqual([1, 2]);
    expect(groupsOfEvent(index, 682n)).toEqual([7, 9]);
    expect(groupsOfEvent(index, 683n)).toEqual([9, 9]);
    const reads: [number, number][] = [];
    const source = store.source(part.records.path);
    const counted: ByteSource = {
      ...source,
      read: (offset, length) => {
        reads.push([offset, length]);
        return source.read(offset, length);
      },
    };
    const [batch] = await readGroups(counted, index, [1]);
    expect(reads).toEqual([rangeOfGroup(index, 1)]);
    const expected = new Map([...many.columns].map(([name, column]) => [name, slice(column, 256, 512)]));
    expect(plain(batch!.columns)).toEqual(plain(expected));
    const some = await readAll(store, part, ['lb', 'tbp']);
    expect(plain(some)).toEqual(plain(new Map(['lb', 'tbp'].map((name) => [name, many.columns.get(name)!]))));
  });

  it('is the same bytes whatever the batches that it came in', async () => {
    const [one, other] = [new MemoryStore(), new MemoryStore()];
    const [part] = (await write(one, many, ALL)) as [Part];
    expect((await write(other, many, ALL, [5, 5, 1030, 1500]))[0]).toEqual(part);
  });

  it('is Parquet to other readers: records and keys have footers that agree with the index', async () => {
    const store = new MemoryStore();
    const [part] = (await write(store, many, ALL)) as [Part];
    expect(part.records.path).toMatch(/^dspid=7\/dstypeid=-300\/records-[0-9a-f]{16}\.parquet$/);
    const file = await openObject(store.source(part.records.path), RECORD_COLUMNS);
    expect(file.summary.chunks.map(({ end }) => end)).toEqual(ends.slice(1));
    const names = RECORD_COLUMNS.map(({ name }) => name);
    const columns = await file.readChunk(1, names);
    const expected = new Map(names.map((name) => [name, slice(many.columns.get(name)!, 256, 512)]));
    expect(plain(new Map(names.map((name, k) => [name, columns[k]!])))).toEqual(plain(expected));
  });

  it('tells other readers where each page lies and what it holds: the index of pages', async () => {
    const store = new MemoryStore();
    const [part] = (await write(store, many, ALL)) as [Part];
    for (const { path } of [part.records, part.keys, part.index]) {
      const { row_groups } = parquetMetadata(new Uint8Array(store.objects.get(path)!).buffer);
      for (const { columns } of row_groups)
        for (const { offset_index_length, column_index_length, meta_data } of columns) {
          expect(offset_index_length).toBeGreaterThan(0);
          if (meta_data!.statistics?.min_value !== undefined) expect(column_index_length).toBeGreaterThan(0);
        }
    }
  });

  it.skipIf(!PYTHON)('is the same to pyarrow and DuckDB (needs LUMISCOPE_PYTHON)', { timeout: 120_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lumiscope-part-'));
    const store = new MemoryStore();
    const records = anyRecords([0n, 2n ** 53n + 1n, 2n ** 53n + 1n, 2n ** 63n, MOST, MOST], ALL, 5);
    const [part] = (await write(store, records, ALL)) as [Part];
    try {
      for (const { path } of [part.records, part.keys]) {
        const file = join(folder, 'object.parquet');
        writeFileSync(file, store.objects.get(path)!);
        const found = JSON.parse(execFileSync(PYTHON!, [SCRIPT, file], { encoding: 'utf8' }));
        const names: string[] = found.pyarrow.map(({ name }: { name: string }) => name);
        expect(names).toEqual((path === part.keys.path ? KEY_COLUMNS : RECORD_COLUMNS).map(({ name }) => name));
        names.forEach((name, k) => {
          const values = asWritten(records.columns.get(name)!);
          expect([name, found.pyarrow[k].values, found.duckdb[k]]).toEqual([name, values, values]);
        });
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
