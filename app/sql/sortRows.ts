import type { SqlColumn } from '../../workers/sql/fromArrow.ts';
import { type SqlValue, valueAt } from '../../workers/sql/resultText.ts';

/** Rows in the order of a column: numbers by value, text by its letters, what is missing at the end. Rows that agree keep their order. */
export function sortRows(column: SqlColumn | undefined, rows: number, descending: boolean): Uint32Array {
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  if (!column) return order;
  const { data } = column;
  const isPlain = data.offsets.length === 0;
  // Large decimals are text.
  const isNumber = /^(HUGEINT|UHUGEINT|DECIMAL)/.test(column.sqlType) && data.type === 'string';
  const key = (row: number): SqlValue => {
    const value = valueAt(data, row);
    return isNumber && typeof value === 'string' ? Number(value) : value;
  };
  const keys = isPlain ? Array.from(order, key) : Array.from(order, (row) => (valueAt(data, row) as SqlValue[]).length);
  const sign = descending ? -1 : 1;
  return order.sort((a, b) => {
    const [x, y] = [keys[a]!, keys[b]!];
    if (isMissing(x) || isMissing(y)) return Number(isMissing(x)) - Number(isMissing(y)) || a - b;
    return (x < y ? -sign : x > y ? sign : 0) || a - b;
  });
}

function isMissing(value: SqlValue): boolean {
  return value === null || Number.isNaN(value);
}
