import type { Part } from '../../../core/catalogue/manifest.ts';
import {
  BYTES_OF_GROUP,
  type Column,
  type Family,
  GROUPS_OF_PART,
  INDEX_COLUMNS,
  KEY_COLUMNS,
  KEYS_OF_GROUP,
  LEAST_OF_GROUP,
  RECORD_COLUMNS,
  RECORDS_OF_GROUP,
  RECORDS_OF_PART,
  type RecordBatch,
} from '../../../core/catalogue/tables.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import { type ColumnData, VALUE_ARRAYS } from '../../../core/schema/column.ts';
import { concatenate, slice } from '../../convert/rows.ts';
import type { PlacedGroup } from '../../formats/parquet/write/footer.ts';
import type { ParquetWriter } from '../../formats/parquet/write/parquetWriter.ts';
import { type EncodedGroup, encodeGroup } from '../../formats/parquet/write/rowGroup.ts';
import type { CatalogueStore } from './catalogueStore.ts';
import { checkColumn } from './checkColumn.ts';
import { catalogueWriter, joined, writeTable } from './tableWriter.ts';

export type { RecordBatch };

/** Which records a writer takes. */
export interface PartOptions {
  dspid: number;
  dstypeid: number;
  /** Of the one dataset that they are of, if it is one. */
  tid?: number;
  /** Families that are stored; location always is. */
  families: readonly Family[];
}

const CODEC = 'SNAPPY';

/** Writes the records of one data type of a dataset, as many parts as they take. They come sorted by event number, then `seq`. */
export class PartWriter {
  readonly #store: CatalogueStore;
  readonly #options: PartOptions;
  readonly #columns: readonly Column[];
  readonly #parts: Part[] = [];
  #open: OpenPart | undefined;
  /** Records that fill no row group yet; of the first batch those from `#done` on. */
  #waiting: RecordBatch[] = [];
  #done = 0;
  #rows = 0;
  #total = 0;
  #last: { eventno: bigint; seq: number } | undefined;

  constructor(store: CatalogueStore, options: PartOptions) {
    this.#store = store;
    this.#options = options;
    const families = new Set<Family>(['location', ...options.families]);
    this.#columns = RECORD_COLUMNS.filter(({ family }) => families.has(family)).map(
      ({ family: _, ...column }) => column,
    );
  }

  /**
   * Takes the next records, any number of them. Columns of lists, or of values that may be missing, may be left out.
   * @throws LumiscopeError `document` where they are not sorted, or columns are missing, unknown or of another type
   */
  async add(batch: RecordBatch): Promise<void> {
    const what = `records of ${this.#name()}`;
    const known = new Set(this.#columns.map(({ name }) => name));
    for (const name of batch.columns.keys())
      if (!known.has(name))
        throw new LumiscopeError('document', `${what} have no column ${name} in the families that are written`);
    const columns = new Map(
      this.#columns.map((column) => [
        column.name,
        checkColumn(column, batch.columns.get(column.name), batch.rows, what),
      ]),
    );
    this.#checkOrder(columns);
    if (batch.rows === 0) return;
    this.#waiting.push({ rows: batch.rows, columns });
    this.#rows += batch.rows;
    this.#total += batch.rows;
    while (this.#rows >= RECORDS_OF_GROUP) await this.#group(RECORDS_OF_GROUP);
  }

  /** Writes what is left. @returns all parts, for the manifest; none where there were no records */
  async finish(): Promise<Part[]> {
    if (this.#rows > 0) await this.#group(this.#rows);
    await this.#close();
    return this.#parts;
  }

  #name(): string {
    return `dspid=${this.#options.dspid}/dstypeid=${this.#options.dstypeid}`;
  }

  #checkOrder(columns: ReadonlyMap<string, ColumnData>): void {
    const eventno = columns.get('eventno')!.values as BigUint64Array;
    const seq = columns.get('seq')!.values as Int16Array;
    const first = this.#last;
    const wrong =
      first &&
      eventno.length > 0 &&
      (eventno[0]! < first.eventno || (eventno[0] === first.eventno && seq[0]! < first.seq))
        ? 0
        : unsortedAt(eventno, seq);
    if (wrong >= 0) {
      const before = wrong === 0 ? first! : { eventno: eventno[wrong - 1]!, seq: seq[wrong - 1]! };
      throw new LumiscopeError(
        'document',
        `record ${this.#total + wrong} of ${this.#name()} is not in order: event ${eventno[wrong]}, seq ${seq[wrong]} comes after event ${before.eventno}, seq ${before.seq}`,
        { hint: 'sort records by event number, then by seq, before they are written' },
      );
    }
    if (eventno.length > 0) this.#last = { eventno: eventno.at(-1)!, seq: seq.at(-1)! };
  }

  /** Writes so many of the records that wait: one row group, or several where they are long. */
  async #group(rows: number): Promise<void> {
    const pieces: RecordBatch[] = [];
    for (let missing = rows; missing > 0; ) {
      const batch = this.#waiting[0]!;
      const taken = Math.min(missing, batch.rows - this.#done);
      const from = this.#done;
      pieces.push({
        rows: taken,
        columns: new Map([...batch.columns].map(([name, column]) => [name, slice(column, from, from + taken)])),
      });
      missing -= taken;
      this.#done += taken;
      if (this.#done === batch.rows) {
        this.#waiting.shift();
        this.#done = 0;
      }
    }
    this.#rows -= rows;
    this.#open ??= new OpenPart(this.#columns);
    await this.#open.add(
      rows,
      this.#columns.map(({ name }) => concatenate(pieces.map(({ columns }) => columns.get(name)!))),
    );
    if (this.#open.isFull) await this.#close();
  }

  async #close(): Promise<void> {
    if (!this.#open) return;
    const { dspid, dstypeid, tid } = this.#options;
    const of = { dspid, dstypeid, ...(tid !== undefined && { tid }) };
    this.#parts.push({ ...of, ...(await this.#open.store(this.#store, this.#name())) });
    this.#open = undefined;
  }
}

/** A part that is being written: its records are encoded already, its keys not yet. */
class OpenPart {
  rows = 0;
  /** Records of a row group from here on. It is only ever halved, so that row groups of keys end where one of these does. */
  #size = RECORDS_OF_GROUP;
  readonly #columns: readonly Column[];
  readonly #bytes: Uint8Array[] = [];
  readonly #writer: ParquetWriter;
  readonly #groups: PlacedGroup[] = [];
  /** Of each row group: smallest and largest luminosity block, if there are any. */
  readonly #blocks: ([first: number, last: number] | undefined)[] = [];
  readonly #keys = KEY_COLUMNS.map(({ type }) => new VALUE_ARRAYS[type](RECORDS_OF_PART));

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
    this.#writer = catalogueWriter(this.#bytes, columns, CODEC);
  }

  get isFull(): boolean {
    const more = RECORDS_OF_GROUP / this.#size;
    return this.rows + RECORDS_OF_GROUP > RECORDS_OF_PART || this.#groups.length + more > GROUPS_OF_PART;
  }

  /** Takes `RECORDS_OF_GROUP` records, or the last ones. */
  async add(rows: number, columns: ColumnData[]): Promise<void> {
    for (let from = 0; from < rows; ) {
      const to = Math.min(rows, from + this.#size);
      const own = to - from === rows ? columns : columns.map((column) => slice(column, from, to));
      const group = await encodeGroup(this.#columns, own, CODEC, { checksums: true });
      const bytes = group.columns.reduce((sum, column) => sum + column.bytes.length, 0);
      if (bytes > BYTES_OF_GROUP && this.#size > LEAST_OF_GROUP) {
        this.#size /= 2;
        continue;
      }
      await this.#put(group, own);
      from = to;
    }
  }

  async #put(group: EncodedGroup, columns: readonly ColumnData[]): Promise<void> {
    this.#keys.forEach((keys, k) => {
      const name = KEY_COLUMNS[k]!.name;
      const at = this.#columns.findIndex((column) => column.name === name);
      keys.set(columns[at]!.values as never, this.rows);
    });
    this.#groups.push(await this.#writer.group(group));
    this.#blocks.push(boundsOf(columns[this.#columns.findIndex(({ name }) => name === 'lb')]));
    this.rows += group.rows;
  }

  async store(store: CatalogueStore, folder: string): Promise<Omit<Part, 'dspid' | 'dstypeid'>> {
    const eventno = this.#keys[0]!.subarray(0, this.rows) as BigUint64Array;
    await this.#writer.finish();
    const [keys, index] = [await this.#keyObject(), await this.#indexObject(eventno)];
    return {
      rows: this.rows,
      first: String(eventno[0]),
      last: String(eventno.at(-1)),
      keys: await store.put('keys.parquet', keys, folder),
      records: await store.put('records.parquet', joined(this.#bytes), folder),
      index: await store.put('index.parquet', index, folder),
    };
  }

  async #keyObject(): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    // Differences are packed close: compressing them again costs time and saves nothing.
    const writer = catalogueWriter(parts, KEY_COLUMNS, 'UNCOMPRESSED');
    for (let from = 0; from < this.rows; from += KEYS_OF_GROUP) {
      const to = Math.min(this.rows, from + KEYS_OF_GROUP);
      const columns = KEY_COLUMNS.map(({ type }, k) => flatColumn(type, this.#keys[k]!.subarray(from, to)));
      await writer.group(await encodeGroup(KEY_COLUMNS, columns, 'UNCOMPRESSED', { checksums: true }));
    }
    await writer.finish();
    return joined(parts);
  }

  async #indexObject(eventno: BigUint64Array): Promise<Uint8Array> {
    const ends: number[] = [];
    for (const { rows } of this.#groups) ends.push((ends.at(-1) ?? 0) + rows);
    const perGroup = (of: (group: PlacedGroup) => number[]): ColumnData => ({
      type: 'int32',
      length: this.#groups.length,
      offsets: [Uint32Array.from({ length: this.#groups.length + 1 }, (_, group) => group * this.#columns.length)],
      values: Int32Array.from(this.#groups.flatMap(of)),
    });
    const columns = new Map<string, ColumnData>([
      [
        'first',
        flatColumn(
          'uint64',
          BigUint64Array.from(ends, (end, g) => eventno[end - this.#groups[g]!.rows]!),
        ),
      ],
      [
        'last',
        flatColumn(
          'uint64',
          BigUint64Array.from(ends, (end) => eventno[end - 1]!),
        ),
      ],
      [
        'rows',
        flatColumn(
          'int32',
          Int32Array.from(this.#groups, ({ rows }) => rows),
        ),
      ],
      [
        'offset',
        flatColumn(
          'int64',
          BigInt64Array.from(this.#groups, (group) => BigInt(group.columns[0]!.offset)),
        ),
      ],
      ['bytes', perGroup((group) => group.columns.map(({ bytes }) => bytes))],
      ['entries', perGroup((group) => group.columns.map(({ entries }) => entries))],
      ['lb_first', blockColumn(this.#blocks, 0)],
      ['lb_last', blockColumn(this.#blocks, 1)],
    ]);
    return writeTable(INDEX_COLUMNS, columns, {
      columns: this.#columns.map(({ name }) => name).join(','),
      codec: CODEC,
    });
  }
}

function blockColumn(blocks: readonly (readonly [number, number] | undefined)[], end: 0 | 1): ColumnData {
  const column = flatColumn(
    'uint32',
    Uint32Array.from(blocks, (block) => block?.[end] ?? 0),
  );
  const valid = Uint8Array.from(blocks, (block) => Number(block !== undefined));
  return valid.includes(0) ? { ...column, valid } : column;
}

/** Smallest and largest of the values that are there. */
function boundsOf(column: ColumnData | undefined): [first: number, last: number] | undefined {
  if (!column) return undefined;
  const { valid, length } = column;
  const values = column.values as Uint32Array;
  let first = Number.POSITIVE_INFINITY;
  let last = -1;
  for (let row = 0; row < length; row++) {
    if (valid && !valid[row]) continue;
    first = Math.min(first, values[row]!);
    last = Math.max(last, values[row]!);
  }
  return last < 0 ? undefined : [first, last];
}

function flatColumn(type: ColumnData['type'], values: ColumnData['values']): ColumnData {
  return { type, length: values.length, offsets: [], values };
}

/** The first record that comes before the one ahead of it; −1 where there is none. Halves of numbers: comparing BigInts takes ten times as long. */
function unsortedAt(eventno: BigUint64Array, seq: Int16Array): number {
  const words = new Uint32Array(eventno.buffer, eventno.byteOffset, 2 * eventno.length);
  let low = words[0] ?? 0;
  let high = words[1] ?? 0;
  for (let i = 1; i < eventno.length; i++) {
    const nextLow = words[2 * i]!;
    const nextHigh = words[2 * i + 1]!;
    if (nextHigh < high || (nextHigh === high && (nextLow < low || (nextLow === low && seq[i]! < seq[i - 1]!))))
      return i;
    low = nextLow;
    high = nextHigh;
  }
  return -1;
}
