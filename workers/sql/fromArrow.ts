import { type Data, type DataType, Decimal, Float, Int, RecordBatchReader, Type, Vector } from 'apache-arrow';
import {
  type ColumnData,
  type ColumnInfo,
  VALUE_ARRAYS,
  type Values,
  type ValueType,
} from '../../core/schema/column.ts';

/** A column of a result. */
export interface SqlColumn {
  info: ColumnInfo;
  data: ColumnData;
  /** As DuckDB writes its type: `UBIGINT`, `DECIMAL(10,2)`, `TIMESTAMP`. What no type of `info` holds exactly is text. */
  sqlType: string;
}

/** Gathers the record batches of a result as they come. A list that is missing counts as an empty one. */
export class ResultColumns {
  readonly #header: Uint8Array;
  readonly #columns: Gathered[];
  readonly #names: string[];
  readonly #types: (string | undefined)[];
  rows = 0;

  /** @param header the schema's message of Arrow's stream format @param described names and types, where DuckDB was asked for them */
  constructor(header: Uint8Array, described?: readonly { name: string; type: string }[]) {
    const { schema } = RecordBatchReader.from(header).open();
    this.#header = header;
    this.#columns = schema.fields.map(({ type }) => new Gathered(type));
    this.#names = schema.fields.map(({ name }, k) => described?.[k]?.name ?? name);
    this.#types = schema.fields.map((_, k) => described?.[k]?.type);
  }

  /** Adds the rows of a batch, up to a limit of all; whether it had more. */
  add(batch: Uint8Array, limit: number): boolean {
    const bytes = new Uint8Array(this.#header.length + batch.length);
    bytes.set(this.#header);
    bytes.set(batch, this.#header.length);
    for (const { data } of RecordBatchReader.from(bytes)) {
      const rows = Math.min(data.length, limit - this.rows);
      for (const [k, child] of data.children.entries()) this.#columns[k]!.add(child, 0, rows);
      this.rows += rows;
      if (rows < data.length) return true;
    }
    return false;
  }

  finish(): SqlColumn[] {
    return this.#columns.map((column, k) => {
      const { data, sqlType } = column.finish(this.rows);
      const info = { name: this.#names[k]!, type: data.type, depth: data.offsets.length, nullable: !!data.valid };
      return { info, data, sqlType: this.#types[k] ?? sqlType };
    });
  }
}

/** One column so far: where lists end, and the values. */
class Gathered {
  readonly #ends: Growing<Uint32Array>[] = [];
  readonly #leaf: Leaf;
  readonly #sqlType: string;

  constructor(type: DataType) {
    let inner = type;
    while (inner.typeId === Type.List) {
      this.#ends.push(new Growing(Uint32Array));
      inner = inner.children[0]!.type;
    }
    this.#leaf = leafOf(inner);
    this.#sqlType = sqlTypeOf(inner) + '[]'.repeat(this.#ends.length);
  }

  add(data: Data, from: number, to: number): void {
    for (const ends of this.#ends) {
      const { valueOffsets, children } = data;
      const base = ends.last - valueOffsets[from]!;
      for (let row = from; row < to; row++) ends.push(base + valueOffsets[row + 1]!);
      [from, to] = [valueOffsets[from]!, valueOffsets[to]!];
      data = children[0]!;
    }
    this.#leaf.add(data, from, to);
  }

  finish(rows: number): { data: ColumnData; sqlType: string } {
    const offsets = this.#ends.map((ends) => {
      const whole = new Uint32Array(ends.length + 1);
      whole.set(ends.values, 1);
      return whole;
    });
    return { data: { length: rows, offsets, ...this.#leaf.finish() }, sqlType: this.#sqlType };
  }
}

type LeafData = Pick<ColumnData, 'type' | 'values' | 'valid' | 'dictionary'>;

interface Leaf {
  add(data: Data, from: number, to: number): void;
  finish(): LeafData;
}

/** Which values are there; kept only where one is missing. */
class Validity {
  readonly #there = new Growing(Uint8Array);
  #missing = false;

  add(data: Data, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const valid = data.getValid(i);
      this.#missing ||= !valid;
      this.#there.push(valid ? 1 : 0);
    }
  }

  finish(): { valid?: Uint8Array } {
    return this.#missing ? { valid: this.#there.values } : {};
  }
}

/** Numbers as they come, and booleans, which come as bits. */
class Plain implements Leaf {
  readonly #type: Exclude<ValueType, 'string'>;
  readonly #values: Growing<Values>;
  readonly #valid = new Validity();

  constructor(type: Exclude<ValueType, 'string'>) {
    this.#type = type;
    this.#values = new Growing(VALUE_ARRAYS[type] as new (length: number) => Values);
  }

  add(data: Data, from: number, to: number): void {
    this.#valid.add(data, from, to);
    const values = data.values as Values;
    for (let i = from; i < to; i++) {
      if (!data.getValid(i)) this.#values.skip();
      else this.#values.push(this.#type === 'bool' ? ((values[i >> 3] as number) >> (i & 7)) & 1 : values[i]!);
    }
  }

  finish(): LeafData {
    return { type: this.#type, values: this.#values.values, ...this.#valid.finish() };
  }
}

/** Text; of other types than text, what Arrow makes of their values. */
class Text implements Leaf {
  readonly #codes = new Growing(Uint32Array);
  readonly #known = new Map<string, number>();
  readonly #valid = new Validity();

  add(data: Data, from: number, to: number): void {
    this.#valid.add(data, from, to);
    const vector = new Vector([data]);
    for (let i = from; i < to; i++) {
      if (!data.getValid(i)) this.#codes.skip();
      else this.push(String(vector.get(i)));
    }
  }

  push(text: string): void {
    let code = this.#known.get(text);
    if (code === undefined) {
      code = this.#known.size;
      this.#known.set(text, code);
    }
    this.#codes.push(code);
  }

  skip(): void {
    this.#codes.skip();
  }

  finish(): LeafData {
    // The entry of a missing value is 0.
    const dictionary = this.#known.size > 0 ? [...this.#known.keys()] : [''];
    return { type: 'string', values: this.#codes.values, dictionary, ...this.#valid.finish() };
  }
}

/** DECIMAL, and HUGEINT, which sums of integers are: numbers where these are exact for all of the column, else text. */
class Decimals implements Leaf {
  readonly #scale: number;
  readonly #values: (bigint | undefined)[] = [];
  readonly #valid = new Validity();

  constructor(scale: number) {
    this.#scale = scale;
  }

  add(data: Data, from: number, to: number): void {
    this.#valid.add(data, from, to);
    const words = data.values as Uint32Array;
    for (let i = from; i < to; i++) {
      const at = i * 4;
      const whole = words.subarray(at, at + 4).reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
      this.#values.push(data.getValid(i) ? BigInt.asIntN(128, whole) : undefined);
    }
  }

  finish(): LeafData {
    const scale = this.#scale;
    const within = (low: bigint, high: bigint) => this.#values.every((v) => v === undefined || (v >= low && v <= high));
    const valid = this.#valid.finish();
    if (scale === 0) {
      if (within(-(2n ** 63n), 2n ** 63n - 1n)) {
        return { type: 'int64', values: BigInt64Array.from(this.#values, (v) => v ?? 0n), ...valid };
      }
      if (within(0n, 2n ** 64n - 1n)) {
        return { type: 'uint64', values: BigUint64Array.from(this.#values, (v) => v ?? 0n), ...valid };
      }
    } else if (within(-(10n ** 15n), 10n ** 15n) && scale <= 15) {
      return {
        type: 'float64',
        values: Float64Array.from(this.#values, (v) => Number(v ?? 0n) / 10 ** scale),
        ...valid,
      };
    }
    const text = new Text();
    for (const v of this.#values) {
      if (v === undefined) text.skip();
      else text.push(withPoint(v, scale));
    }
    return { ...text.finish(), ...valid };
  }
}

function withPoint(value: bigint, scale: number): string {
  if (scale === 0) return String(value);
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function leafOf(type: DataType): Leaf {
  if (type instanceof Decimal) return new Decimals(type.scale);
  const plain = plainType(type);
  return plain ? new Plain(plain) : new Text();
}

function plainType(type: DataType): Exclude<ValueType, 'string'> | undefined {
  if (type.typeId === Type.Bool) return 'bool';
  if (type instanceof Int) return `${type.isSigned ? '' : 'u'}int${type.bitWidth}` as Exclude<ValueType, 'string'>;
  if (type instanceof Float) return type.precision === 2 ? 'float64' : 'float32';
  return undefined;
}

const SQL_TYPES: Partial<Record<ValueType, string>> = {
  bool: 'BOOLEAN',
  int8: 'TINYINT',
  uint8: 'UTINYINT',
  int16: 'SMALLINT',
  uint16: 'USMALLINT',
  int32: 'INTEGER',
  uint32: 'UINTEGER',
  int64: 'BIGINT',
  uint64: 'UBIGINT',
  float32: 'FLOAT',
  float64: 'DOUBLE',
};

function sqlTypeOf(type: DataType): string {
  if (type instanceof Decimal) return `DECIMAL(${type.precision},${type.scale})`;
  return SQL_TYPES[plainType(type) ?? 'string'] ?? 'VARCHAR';
}

/** A typed array that grows. */
class Growing<T extends Values> {
  readonly #make: new (
    length: number,
  ) => T;
  #array: T;
  length = 0;

  constructor(make: new (length: number) => T) {
    this.#make = make;
    this.#array = new make(1024);
  }

  get values(): T {
    return this.#array.slice(0, this.length) as T;
  }

  get last(): number {
    return this.length === 0 ? 0 : (this.#array[this.length - 1] as number);
  }

  push(value: number | bigint): void {
    this.skip();
    this.#array[this.length - 1] = value;
  }

  /** A value of 0. */
  skip(): void {
    if (this.length === this.#array.length) {
      const larger = new this.#make(2 * this.length);
      (larger as Uint8Array).set(this.#array as Uint8Array);
      this.#array = larger;
    }
    this.length++;
  }
}
