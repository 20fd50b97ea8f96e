/** Rows of the table of events as people see them: in some order, cells as text. */
import { type RowColumn, valueAt } from '../../workers/engine/eventRows.ts';
import type { ShownColumn } from '../../workers/eventList.ts';
import type { EventAddress, EventTable } from '../../workers/eventTable.ts';
import { formatNumber } from '../numbers.ts';

/** Where the event of a row lies. */
export function addressOf(table: EventTable, row: number): EventAddress {
  return { dataset: table.dataset[row]!, file: table.file[row]!, event: table.event[row]! };
}

/** The row of an event; −1 where it is not in the table. */
export function rowOf(table: EventTable, address: EventAddress): number {
  return table.event.findIndex(
    (event, row) =>
      event === address.event && table.file[row] === address.file && table.dataset[row] === address.dataset,
  );
}

/** A cell for people: identity to the last digit, others to six. */
export function cellText({ column, kind }: ShownColumn, row: number): string {
  const value = valueAt(column, row);
  if (value === undefined) return '–';
  if (typeof value === 'number' && kind === 'value') return formatNumber(value, 6);
  return String(value);
}

/** Rows in the order of a column: stable, NaN and missing last in both directions, integers to the last digit. */
export function sortedRows(rows: number, column: RowColumn | undefined, descending: boolean): Uint32Array {
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  if (!column) return order;
  const keys = keysOf(column);
  const isThere = (row: number) => !(column.valid && !column.valid[row]) && !Number.isNaN(keys[row]);
  const there = order.filter(isThere);
  const sign = descending ? -1 : 1;
  // Array sorts are stable; equal rows stay in the order of the data.
  there.sort((a, b) => (keys[a]! < keys[b]! ? -sign : keys[a]! > keys[b]! ? sign : a - b));
  const sorted = new Uint32Array(rows);
  sorted.set(there);
  let at = there.length;
  for (const row of order) if (!isThere(row)) sorted[at++] = row;
  return sorted;
}

/** What is compared: the place in the alphabet for strings; doubles where they hold all integers. */
function keysOf({ type, values, dictionary = [] }: RowColumn): ArrayLike<number | bigint> {
  if (type === 'string') {
    const ranks = new Float64Array(dictionary.length);
    [...dictionary.keys()]
      .sort((a, b) => (dictionary[a]! < dictionary[b]! ? -1 : 1))
      .forEach((code, rank) => {
        ranks[code] = rank;
      });
    return Float64Array.from(values as Uint32Array, (code) => ranks[code]!);
  }
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    const limit = BigInt(Number.MAX_SAFE_INTEGER);
    for (const value of values) if (value > limit || value < -limit) return values;
    return Float64Array.from(values as BigInt64Array, Number);
  }
  return values;
}
