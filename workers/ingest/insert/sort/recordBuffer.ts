import type { Column, RecordBatch } from '../../../../core/catalogue/tables.ts';
import { type ColumnData, VALUE_ARRAYS, VALUE_BYTES, type Values } from '../../../../core/schema/column.ts';
import { gather, runsOf } from '../../../convert/rows.ts';
import { rowOrder } from './rowOrder.ts';
import { SORT_COLUMNS } from './sortColumns.ts';

/** First room of a column. */
const FIRST = 1024;
/** Room for expected records, as long as those to come take as much as those that are there. */
const SPARE = 1.02;
/** A column grows by this at least. */
const LEAST_GROWTH = 1.5;

/** Records that are collected until they are sorted: a growing array for each column. Cleared, it keeps its room. */
export class RecordBuffer {
  rows = 0;
  readonly #columns = new Map<string, GrowingColumn>();

  /** Of the records; there is room for up to half as many more. */
  get bytes(): number {
    let sum = 0;
    for (const column of this.#columns.values()) sum += column.bytesOf(this.rows);
    return sum;
  }

  /**
   * Takes records, copied. Columns that some batches lack are missing in these, or empty lists.
   * @param expected how many there will be, if that is known: columns that grow then grow once
   */
  append({ rows, columns }: RecordBatch, expected = 0): void {
    const growth = this.rows > 0 ? (SPARE * expected) / this.rows : 0;
    for (const info of SORT_COLUMNS) {
      const given = columns.get(info.name);
      let own = this.#columns.get(info.name);
      if (!own && given) {
        own = new GrowingColumn(info);
        own.append(undefined, 0, this.rows, 0);
        this.#columns.set(info.name, own);
      }
      own?.append(given, this.rows, rows, growth);
    }
    this.rows += rows;
  }

  /** In which order its records go; undefined where they are in order. */
  order(): Uint32Array | undefined {
    const { eventno, seq } = this.keys();
    return rowOrder(eventno, seq);
  }

  /** Valid until more is appended. */
  keys(): { eventno: BigUint64Array; seq: Int16Array } {
    return {
      eventno: this.#view('eventno').values as BigUint64Array,
      seq: this.#view('seq').values as Int16Array,
    };
  }

  /** Records `[from, to)` of the order, copied. */
  batch(order: Uint32Array | undefined, from: number, to: number): RecordBatch {
    const runs = order ? runsOf(order.subarray(from, to)) : Uint32Array.of(from, to);
    const columns = new Map<string, ColumnData>();
    for (const [name, column] of this.#columns) columns.set(name, gather(column.view(this.rows), runs));
    return { rows: to - from, columns };
  }

  clear(): void {
    this.rows = 0;
    for (const column of this.#columns.values()) column.clear();
  }

  /** Gives its room back. */
  release(): void {
    this.rows = 0;
    this.#columns.clear();
  }

  #view(name: string): ColumnData {
    const column = this.#columns.get(name);
    return column?.view(this.rows) ?? new GrowingColumn(SORT_COLUMNS.find((info) => info.name === name)!).view(0);
  }
}

class GrowingColumn {
  readonly #info: Column;
  #values: Values;
  #count = 0;
  #offsets: Uint32Array | undefined;
  /** Only once a value is missing. */
  #valid: Uint8Array | undefined;

  constructor(info: Column) {
    this.#info = info;
    this.#values = new VALUE_ARRAYS[info.type](FIRST);
    if (info.depth > 0) this.#offsets = new Uint32Array(FIRST + 1);
  }

  bytesOf(rows: number): number {
    return this.#count * (VALUE_BYTES[this.#info.type] + (this.#valid ? 1 : 0)) + (this.#offsets ? 4 * rows : 0);
  }

  clear(): void {
    this.#count = 0;
    this.#valid = undefined;
  }

  /** @param before rows that are there @param rows how many more; they are missing where no column is given @param growth by how much it is to grow in the end */
  append(column: ColumnData | undefined, before: number, rows: number, growth: number): void {
    const { type } = this.#info;
    if (this.#offsets) {
      const own = before + rows + 1;
      if (this.#offsets.length < own) this.#offsets = grown(this.#offsets, own, before + 1, growth) as Uint32Array;
      const given = column?.offsets[0];
      const shift = this.#count - (given?.[0] ?? 0);
      for (let row = 1; row <= rows; row++) this.#offsets[before + row] = given ? given[row]! + shift : this.#count;
    }
    const count = column ? column.values.length : this.#offsets ? 0 : rows;
    const end = this.#count + count;
    if (this.#values.length < end) this.#values = grown(this.#values, end, this.#count, growth);
    if (column) this.#values.set(column.values as never, this.#count);
    else this.#values.fill((VALUE_BYTES[type] === 8 && type !== 'float64' ? 0n : 0) as never, this.#count, end);
    const isMissing = column ? column.valid !== undefined : count > 0;
    if (isMissing && !this.#valid) this.#valid = new Uint8Array(this.#values.length).fill(1);
    if (this.#valid) {
      if (this.#valid.length < end) this.#valid = grown(this.#valid, this.#values.length, this.#count, 0) as Uint8Array;
      if (column?.valid) this.#valid.set(column.valid, this.#count);
      else this.#valid.fill(column ? 1 : 0, this.#count, end);
    }
    this.#count = end;
  }

  view(rows: number): ColumnData {
    const { type } = this.#info;
    return {
      type,
      length: rows,
      offsets: this.#offsets ? [this.#offsets.subarray(0, rows + 1)] : [],
      values: this.#values.subarray(0, this.#count),
      ...(this.#valid && { valid: this.#valid.subarray(0, this.#count) }),
    };
  }
}

/** A larger array with the first `used` values. */
function grown(values: Values, needed: number, used: number, growth: number): Values {
  const room = Math.max(needed, Math.ceil(LEAST_GROWTH * values.length), Math.ceil(growth * used));
  const larger = new (values.constructor as Uint8ArrayConstructor)(room);
  larger.set(values.subarray(0, used) as Uint8Array);
  return larger;
}
