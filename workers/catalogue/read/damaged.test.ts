import { beforeAll, describe, expect, it } from 'vitest';
import type { CatalogueObject, Part } from '../../../core/catalogue/manifest.ts';
import { INDEX_COLUMNS, KEY_COLUMNS, RECORDS_OF_GROUP } from '../../../core/catalogue/tables.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import { bytesSource } from '../../io/bytesSource.ts';
import { MemoryStore } from '../testing/memoryCatalogue.ts';
import { anyRecords } from '../testing/records.ts';
import { nameObject } from '../write/catalogueStore.ts';
import { PartWriter } from '../write/partWriter.ts';
import { writeTable } from '../write/tableWriter.ts';
import { openKeys } from './keyReader.ts';
import { objectSource } from './objectErrors.ts';
import { readTable } from './readTable.ts';
import { rangeOfGroup, readGroups, readIndex } from './recordReader.ts';

const ROWS = RECORDS_OF_GROUP + 10;
const store = new MemoryStore();
let part: Part;

beforeAll(async () => {
  const writer = new PartWriter(store, { dspid: 1, dstypeid: 2, families: [] });
  await writer.add(
    anyRecords(
      Array.from({ length: ROWS }, (_, i) => BigInt(10 * i)),
      [],
    ),
  );
  [part] = (await writer.finish()) as [Part];
});

const bytesOf = ({ path }: CatalogueObject) => store.objects.get(path)!;

/** An object with one bit turned. */
function turned(object: CatalogueObject, at: number) {
  const bytes = bytesOf(object).slice();
  bytes[at]! ^= 16;
  return bytesSource(object.path, bytes);
}

/** Another table in the place of an object, with the checksum that it has. */
async function replaced(columns: Parameters<typeof writeTable>[0], data: Map<string, ColumnData>, metadata = {}) {
  const bytes = await writeTable(columns, data, metadata);
  const object = await nameObject('x.parquet', bytes);
  return { object, source: bytesSource(object.path, bytes) };
}

const indexTable = () => readTable(bytesSource(part.index.path, bytesOf(part.index)), part.index, INDEX_COLUMNS);

describe('an object that is damaged', () => {
  it('is named: a table by the checksum of the whole', async () => {
    await expect(readIndex(turned(part.index, 200), part)).rejects.toMatchObject({
      tag: 'format',
      message: expect.stringMatching(/index-[0-9a-f]{16}\.parquet: its bytes have another checksum/),
      hint: 'copy the object again, or write it anew',
    });
  });

  it('is named: keys by the checksum of a page', async () => {
    const reader = await openKeys(turned(part.keys, 60), part);
    await expect(reader.read(0)).rejects.toMatchObject({
      tag: 'format',
      message: expect.stringMatching(/keys-[0-9a-f]{16}\.parquet, column eventno: .*another checksum/),
    });
  });

  it('is named: records by the checksum of a page, with row group and column', async () => {
    const index = await readIndex(bytesSource(part.index.path, bytesOf(part.index)), part);
    const [begin, bytes] = rangeOfGroup(index, 1);
    const source = turned(part.records, begin + bytes - 3);
    await expect(readGroups(source, index, [1])).rejects.toMatchObject({
      tag: 'format',
      message: expect.stringMatching(
        /records-[0-9a-f]{16}\.parquet, column mc_weight of row group 1: .*another checksum/,
      ),
    });
    await expect(readGroups(source, index, [0])).resolves.toHaveLength(1);
  });

  it('is named where it is cut short', () => {
    const source = bytesSource('a/keys.parquet', bytesOf(part.keys).subarray(0, 1000));
    expect(() => objectSource(source, part.keys)).toThrow(
      /a\/keys\.parquet: it has 1000 bytes, not the \d+ of the catalogue/,
    );
  });
});

describe('objects that do not agree', () => {
  const keysWith = async (eventno: bigint[], seq = eventno.map(() => 0)) => {
    const { object, source } = await replaced(
      KEY_COLUMNS,
      new Map<string, ColumnData>([
        ['eventno', { type: 'uint64', length: eventno.length, offsets: [], values: BigUint64Array.from(eventno) }],
        ['seq', { type: 'int16', length: eventno.length, offsets: [], values: Int16Array.from(seq) }],
        ['tid', { type: 'int64', length: eventno.length, offsets: [], values: new BigInt64Array(eventno.length) }],
        ['file', { type: 'int32', length: eventno.length, offsets: [], values: new Int32Array(eventno.length) }],
      ]),
    );
    const own = { ...part, keys: object, rows: eventno.length, first: '5', last: '9' };
    return { own, source };
  };

  it.each([
    ['an event number', [5n, 9n, 8n], undefined, /row 2 is not in order: event 8 comes after event 9/],
    ['a seq', [5n, 9n, 9n], [0, 4, 3], /row 2 is not in order: event 9 comes after event 9/],
    ['an event that the manifest does not know of', [4n, 9n], undefined, /go from 4 to 9, in the manifest from 5 to 9/],
  ])('keys: %s', async (_, eventno, seq, message) => {
    const { own, source } = await keysWith(eventno, seq);
    await expect((await openKeys(source, own)).read(0, ['seq'])).rejects.toThrow(message);
  });

  it('keys: row groups that are out of order', async () => {
    const eventno = Array.from({ length: 16_385 }, (_, i) => (i === 16_384 ? 6n : 7n));
    const { own, source } = await keysWith(eventno);
    const reader = await openKeys(source, own);
    const all = async () => {
      for await (const _ of reader.stream());
    };
    await expect(all()).rejects.toThrow(/row 16384 is not in order: event 6 comes after event 7/);
  });

  it('keys: more of them than the manifest says', async () => {
    const { own, source } = await keysWith([5n]);
    await expect(openKeys(source, { ...own, rows: 2 })).rejects.toThrow(/it has 1 rows, not the 2 of the manifest/);
  });

  it('an index whose row groups hold other events', async () => {
    const { columns, metadata } = await indexTable();
    (columns.get('last')!.values as BigUint64Array)[0] = 10_230n - 1n;
    const { object, source } = await replaced(INDEX_COLUMNS, columns, metadata);
    const index = await readIndex(source, { ...part, index: object });
    await expect(readGroups(bytesSource(part.records.path, bytesOf(part.records)), index, [0])).rejects.toThrow(
      /records-.*: row group 0 holds events 0 to 10230, its index says 0 to 10229/,
    );
  });

  it.each<[string, (columns: Map<string, ColumnData>) => void, Record<string, string>, RegExp]>([
    ['out of order', (c) => ((c.get('first')!.values as BigUint64Array)[1] = 3n), {}, /row group 1 is not in order/],
    ['of more records', (c) => (c.get('rows')!.values[1] = 11), {}, /it has 1035 records, not 1034/],
    [
      'past the end',
      (c) => ((c.get('offset')!.values as BigInt64Array)[1] = 10n ** 9n),
      {},
      /row group 1 lies past the end of .*records-/,
    ],
    [
      'of other events',
      (c) => ((c.get('last')!.values as BigUint64Array)[1] = 20_000n),
      {},
      /events go from 0 to 20000, not from 0 to 10330/,
    ],
    ['of an unknown column', () => undefined, { columns: 'eventno,charm' }, /there is no column charm/],
    ['of fewer columns', () => undefined, { columns: 'eventno,seq' }, /places of more or fewer columns/],
    ['of another compression', () => undefined, { codec: 'LZO' }, /can't be compressed by LZO/],
  ])('an index %s', async (_, change, metadata, message) => {
    const table = await indexTable();
    change(table.columns);
    const { object, source } = await replaced(INDEX_COLUMNS, table.columns, { ...table.metadata, ...metadata });
    await expect(readIndex(source, { ...part, index: object })).rejects.toThrow(message);
  });
});

describe('a writer of parts refuses', () => {
  const writer = () => new PartWriter(new MemoryStore(), { dspid: 1, dstypeid: 2, families: [] });
  const records = (eventno: bigint[], seed = 1) => anyRecords(eventno, [], seed);

  it('records that are not in order, and says which', async () => {
    const batch = records([1n, 2n, 3n]);
    batch.columns.get('eventno')!.values = BigUint64Array.of(1n, 3n, 2n);
    await expect(writer().add(batch)).rejects.toMatchObject({
      tag: 'document',
      message: expect.stringMatching(
        /^record 2 of dspid=1\/dstypeid=2 is not in order: event 2, seq -?\d+ comes after event 3, seq -?\d+$/,
      ),
      hint: 'sort records by event number, then by seq, before they are written',
    });
    const one = writer();
    await one.add(records([5n, 6n]));
    await expect(one.add(records([5n]))).rejects.toThrow(/^record 2 of .*: event 5, .* comes after event 6/);
  });

  it('seqs that are not in order within an event', async () => {
    const batch = records([1n, 1n]);
    batch.columns.get('seq')!.values = Int16Array.of(4, -4);
    await expect(writer().add(batch)).rejects.toThrow(/event 1, seq -4 comes after event 1, seq 4/);
  });

  it('columns that are missing, unknown, or of another type', async () => {
    const without = records([1n]);
    (without.columns as Map<string, ColumnData>).delete('oid1');
    await expect(writer().add(without)).rejects.toThrow(/column oid1 of records of dspid=1\/dstypeid=2 is not there/);
    await expect(writer().add(anyRecords([1n], ['hlt']))).rejects.toThrow(
      /have no column hpsk in the families that are written/,
    );
    const wrong = records([1n]);
    (wrong.columns as Map<string, ColumnData>).set('tid', {
      type: 'int32',
      length: 1,
      offsets: [],
      values: Int32Array.of(1),
    });
    await expect(writer().add(wrong)).rejects.toThrow(/column tid .* is of type int32, not int64/);
  });

  it('nothing gives no part', async () => {
    const empty = writer();
    await empty.add(records([]));
    expect(await empty.finish()).toEqual([]);
  });
});
