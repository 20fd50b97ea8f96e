import { type Family, RECORD_COLUMNS, type RecordBatch } from '../../../core/catalogue/tables.ts';
import { type ColumnData, VALUE_ARRAYS, type ValueArrays, type ValueType } from '../../../core/schema/column.ts';

import { wordsOf } from './words.ts';

const TYPES = Object.fromEntries(RECORD_COLUMNS.map(({ name, type }) => [name, type])) as Record<string, ValueType>;

/** Records that are made one after the other, a column each: filled by `row`. */
export class Records {
  rows = 0;
  readonly #columns = new Map<string, () => ColumnData>();
  readonly eventno: Uint32Array;
  readonly seq: Int16Array;
  readonly tid: Uint32Array;
  readonly file: Int32Array;
  readonly guidHi: Uint32Array;
  readonly guidLo: Uint32Array;
  readonly oid1: Uint32Array;
  readonly oid2: Uint32Array;
  readonly mcChannel: Int32Array | undefined;
  readonly mcWeight: Float64Array | undefined;
  readonly provenance: { dstypeid: List; guidHi: List; guidLo: List; oid1: List; oid2: List } | undefined;
  readonly level1:
    | { lb: Uint32Array; bcid: Uint16Array; psk: Int32Array; time: Uint32Array; id: Uint32Array }
    | undefined;
  readonly highPrescales: Int32Array | undefined;
  /** By names of columns; those of families that are absent are not there. */
  readonly bits: ReadonlyMap<string, List>;

  /** @param simulated with a channel and a weight @param hasBits whether there are lists of fired bits */
  constructor(families: ReadonlySet<Family>, capacity: number, simulated: boolean, hasBits: boolean) {
    const flat = <T extends 'uint16' | 'uint32' | 'int16' | 'int32' | 'float64'>(
      name: string,
      _: T,
    ): ValueArrays[T] => {
      const type = TYPES[name] as T;
      const values = new VALUE_ARRAYS[type](capacity);
      this.#columns.set(name, () => ({ type, length: this.rows, offsets: [], values: values.subarray(0, this.rows) }));
      return values as ValueArrays[T];
    };
    const long = (name: string): Uint32Array => {
      const type = TYPES[name] as 'uint64' | 'int64';
      const values = new VALUE_ARRAYS[type](capacity);
      this.#columns.set(name, () => ({ type, length: this.rows, offsets: [], values: values.subarray(0, this.rows) }));
      return wordsOf(values);
    };
    const list = (name: string): List => {
      const made = new List(TYPES[name]!, capacity);
      this.#columns.set(name, () => made.column(this.rows));
      return made;
    };
    this.eventno = long('eventno');
    this.seq = flat('seq', 'int16');
    this.tid = long('tid');
    this.file = flat('file', 'int32');
    this.guidHi = long('guid_hi');
    this.guidLo = long('guid_lo');
    this.oid1 = long('oid1');
    this.oid2 = long('oid2');
    this.mcChannel = simulated ? flat('mc_channel', 'int32') : undefined;
    this.mcWeight = simulated ? flat('mc_weight', 'float64') : undefined;
    this.provenance = families.has('provenance')
      ? {
          dstypeid: list('prov_dstypeid'),
          guidHi: list('prov_guid_hi'),
          guidLo: list('prov_guid_lo'),
          oid1: list('prov_oid1'),
          oid2: list('prov_oid2'),
        }
      : undefined;
    this.level1 =
      families.has('l1') && !simulated
        ? {
            lb: flat('lb', 'uint32'),
            bcid: flat('bcid', 'uint16'),
            psk: flat('l1psk', 'int32'),
            time: long('time'),
            id: flat('l1id', 'uint32'),
          }
        : undefined;
    this.highPrescales = families.has('hlt') && !simulated ? flat('hpsk', 'int32') : undefined;
    const lists = [
      ...(families.has('l1') ? ['tbp', 'tap', 'tav'] : []),
      ...(families.has('hlt') ? ['ph', 'pt', 'rs', 'lph', 'lpt', 'lrs'] : []),
    ];
    this.bits = new Map(hasBits ? lists.map((name) => [name, list(name)]) : []);
  }

  /** What was filled: its arrays are not used again. */
  batch(): RecordBatch {
    return { rows: this.rows, columns: new Map([...this.#columns].map(([name, column]) => [name, column()])) };
  }
}

/** A list a record: values are put at the end, then the record's end is noted. */
export class List {
  readonly #type: ValueType;
  readonly #offsets: Uint32Array;
  #values: { length: number; subarray(from: number, to: number): unknown; set(values: never): void };
  /** Of numbers of 64 bits their halves, else the values. */
  #cells: Uint32Array | Uint16Array | Int16Array;
  #count = 0;

  constructor(type: ValueType, capacity: number) {
    this.#type = type;
    this.#offsets = new Uint32Array(capacity + 1);
    this.#values = new VALUE_ARRAYS[type](capacity);
    this.#cells = cellsOf(this.#values);
  }

  put(value: number): void {
    if (this.#count === this.#values.length) this.#grow(this.#count + 1);
    this.#cells[this.#count++] = value;
  }

  putWords(low: number, high: number): void {
    if (this.#count === this.#values.length) this.#grow(this.#count + 1);
    this.#cells[2 * this.#count] = low;
    this.#cells[2 * this.#count + 1] = high;
    this.#count++;
  }

  putAll(values: Uint16Array, count: number): void {
    if (this.#count + count > this.#values.length) this.#grow(this.#count + count);
    for (let i = 0; i < count; i++) this.#cells[this.#count + i] = values[i]!;
    this.#count += count;
  }

  end(row: number): void {
    this.#offsets[row + 1] = this.#count;
  }

  column(rows: number): ColumnData {
    return {
      type: this.#type,
      length: rows,
      offsets: [this.#offsets.subarray(0, rows + 1)],
      values: this.#values.subarray(0, this.#count) as ColumnData['values'],
    };
  }

  #grow(needed: number): void {
    const grown = new VALUE_ARRAYS[this.#type](Math.max(needed, 2 * this.#values.length));
    grown.set(this.#values as never);
    this.#values = grown;
    this.#cells = cellsOf(grown);
  }
}

function cellsOf(values: unknown): Uint32Array | Uint16Array | Int16Array {
  if (values instanceof BigUint64Array || values instanceof BigInt64Array) return wordsOf(values);
  return values as Uint16Array;
}
