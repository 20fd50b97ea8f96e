/** Tables as plain objects, a row each: for what has as many rows as there are datasets. Nothing that goes over events may take this way. */
import { LumiscopeError } from '../errors.ts';
import { type ColumnData, type ColumnInfo, VALUE_ARRAYS } from '../schema/column.ts';

/** A value of a flat column: text, number, flag, or undefined where it is missing. */
type Cell = string | number | bigint | boolean | undefined;

/** Rows of flat columns, as objects. Integers of 64 bits are numbers, but those of unsigned columns, which are no counts, BigInts. */
export function rowsOf<T>(columns: ReadonlyMap<string, ColumnData>): T[] {
  const entries = [...columns];
  const length = entries[0]?.[1].length ?? 0;
  return Array.from(
    { length },
    (_, row) => Object.fromEntries(entries.map(([name, column]) => [name, cellOf(column, row)])) as T,
  );
}

function cellOf({ type, values, valid, dictionary }: ColumnData, row: number): Cell {
  if (valid && !valid[row]) return undefined;
  const value = values[row]!;
  if (type === 'string') return dictionary![value as number]!;
  if (type === 'bool') return value !== 0;
  return type === 'int64' ? Number(value) : value;
}

/** Columns of rows; the way back from `rowsOf`. @throws LumiscopeError `document` where a value that has to be there is missing */
export function columnsOf(infos: readonly ColumnInfo[], rows: readonly object[]): Map<string, ColumnData> {
  return new Map(infos.map((info) => [info.name, columnOf(info, rows as Readonly<Record<string, Cell>>[])]));
}

function columnOf({ name, type, nullable }: ColumnInfo, rows: readonly Readonly<Record<string, Cell>>[]): ColumnData {
  const values = new VALUE_ARRAYS[type](rows.length);
  const valid = new Uint8Array(rows.length).fill(1);
  const codes = new Map<string, number>();
  rows.forEach((row, i) => {
    const value = row[name];
    if (value === undefined) {
      if (!nullable) throw new LumiscopeError('document', `row ${i} of a table has no ${name}`);
      valid[i] = 0;
    } else if (type === 'string') {
      const code = codes.get(String(value)) ?? codes.size;
      codes.set(String(value), code);
      values[i] = code;
    } else values[i] = (type === 'int64' || type === 'uint64' ? BigInt(value) : Number(value)) as never;
  });
  return {
    type,
    length: rows.length,
    offsets: [],
    values,
    ...(valid.includes(0) && { valid }),
    ...(type === 'string' && { dictionary: [...codes.keys()] }),
  };
}
