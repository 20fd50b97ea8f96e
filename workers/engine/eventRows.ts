import type { Scalar } from '../../core/expr/typedForm.ts';
import type { ColumnData, ValueType } from '../../core/schema/column.ts';

/** One value a row. Where `valid` is 0 the value is missing, and its entry 0. */
export interface RowColumn {
  type: Scalar;
  /** float and bool: Float64Array; int: BigInt64Array; uint: BigUint64Array; string: codes of `dictionary`. */
  values: Float64Array | BigInt64Array | BigUint64Array | Uint32Array;
  valid?: Uint8Array;
  dictionary?: string[];
}

/** Events of one chunk that pass all cuts, the first ones up to the table's limit, in order. */
export interface EventRows {
  /** Positions in the chunk. */
  event: Uint32Array;
  /** As many as the table has values. */
  columns: RowColumn[];
  /** As many as the table has lists. */
  lists?: ColumnData[];
}

/** Bytes of one row with so many values, at most. */
export function rowBytes(values: number): number {
  return 4 + 9 * values;
}

/** The typed array for values of a type. */
export function valuesOf(type: Scalar, length: number): RowColumn['values'] {
  switch (type) {
    case 'int':
      return new BigInt64Array(length);
    case 'uint':
      return new BigUint64Array(length);
    case 'string':
      return new Uint32Array(length);
    default:
      return new Float64Array(length);
  }
}

/** What a column's row holds; `undefined` where it is missing. */
export function valueAt(column: RowColumn, row: number): number | bigint | boolean | string | undefined {
  if (column.valid && !column.valid[row]) return undefined;
  const value = column.values[row]!;
  if (column.type === 'string') return column.dictionary![value as number];
  return column.type === 'bool' ? value !== 0 : value;
}

/** All arrays' buffers, for a transfer to another thread. */
export function buffersOf({ event, columns, lists = [] }: EventRows): ArrayBufferLike[] {
  const arrays = [...columns, ...lists].flatMap(({ values, valid }) => (valid ? [values, valid] : [values]));
  return [event, ...arrays, ...lists.flatMap(({ offsets }) => offsets)].map((array) => array.buffer);
}

/** How a scalar of an expression is stored in a column. */
export const COLUMN_TYPES: Readonly<Record<Scalar, ValueType>> = {
  bool: 'bool',
  int: 'int64',
  uint: 'uint64',
  float: 'float64',
  string: 'string',
};

/** Rows one after the other, in the order in which they are added. */
export class RowCollector {
  rows = 0;
  readonly #types: readonly Scalar[];
  #parts: EventRows[] = [];

  constructor(types: readonly Scalar[]) {
    this.#types = types;
  }

  /** Takes the first `limit` rows. */
  add(part: EventRows, limit = part.event.length): void {
    const count = Math.min(limit, part.event.length);
    if (count === 0) return;
    this.rows += count;
    this.#parts.push(
      count === part.event.length
        ? part
        : {
            event: part.event.slice(0, count),
            columns: part.columns.map((column) => ({
              ...column,
              values: column.values.slice(0, count),
              ...(column.valid && { valid: column.valid.slice(0, count) }),
            })),
          },
    );
  }

  /** All rows; a dictionary has its strings in the order in which rows show them. */
  all(): EventRows {
    const event = new Uint32Array(this.rows);
    let at = 0;
    for (const part of this.#parts) {
      event.set(part.event, at);
      at += part.event.length;
    }
    return { event, columns: this.#types.map((type, k) => this.#column(type, k)) };
  }

  #column(type: Scalar, k: number): RowColumn {
    const values = valuesOf(type, this.rows);
    const optional = this.#parts.some(({ columns }) => columns[k]!.valid?.includes(0));
    const valid = optional ? new Uint8Array(this.rows).fill(1) : undefined;
    const codes = new Map<string, number>();
    let at = 0;
    for (const { columns } of this.#parts) {
      const column = columns[k]!;
      if (type === 'string') copyCodes(column, values as Uint32Array, at, codes);
      else (values as Float64Array).set(column.values as Float64Array, at);
      if (valid && column.valid) valid.set(column.valid, at);
      at += column.values.length;
    }
    return { type, values, ...(valid && { valid }), ...(type === 'string' && { dictionary: [...codes.keys()] }) };
  }
}

function copyCodes(column: RowColumn, into: Uint32Array, at: number, codes: Map<string, number>): void {
  const translated = new Map<number, number>();
  column.values.forEach((code: number | bigint, row: number) => {
    if (column.valid && !column.valid[row]) return;
    let known = translated.get(code as number);
    if (known === undefined) {
      const text = column.dictionary![code as number]!;
      known = codes.get(text) ?? codes.size;
      codes.set(text, known);
      translated.set(code as number, known);
    }
    into[at + row] = known;
  });
}
