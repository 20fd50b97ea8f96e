import { type ColumnData, VALUE_ARRAYS, type ValueType } from '../../core/schema/column.ts';

const isBig = (type: ValueType) => type === 'int64' || type === 'uint64';

/** A column as one of a wider type: all values stay what they are. */
export function widen(column: ColumnData, type: ValueType): ColumnData {
  if (column.type === type) return column;
  const { values } = column;
  const wide = new VALUE_ARRAYS[type](values.length);
  if (isBig(type) && !isBig(column.type)) for (let i = 0; i < values.length; i++) wide[i] = BigInt(values[i]!) as never;
  else if (!isBig(type) && isBig(column.type))
    for (let i = 0; i < values.length; i++) wide[i] = Number(values[i]!) as never;
  else (wide as Float64Array).set(values as Float64Array);
  return { ...column, type, values: wide };
}
