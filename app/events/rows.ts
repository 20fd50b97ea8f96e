/** The table of events as people see it: columns by name, rows in some order, cells as text. */
import { type RowColumn, valueAt } from '../../workers/engine/eventRows.ts';
import type { EventAddress, EventTable } from '../../workers/eventTable.ts';
import { formatNumber } from '../numbers.ts';

/** A column that is shown: what identifies the event, where it lies, or a chosen value. */
export interface ShownColumn {
  name: string;
  label: string;
  kind: 'identity' | 'place' | 'value';
  column: RowColumn;
}

/** Names of what identifies an event; each is asked for where the data has it. */
export type Identity = readonly { label: string; column: string }[];

/**
 * Columns in order: what identifies the events, or the position where nothing does; data set and file where there are several; values.
 */
export function shownColumns(
  table: EventTable,
  identity: Identity,
  names: readonly (readonly string[])[],
): ShownColumn[] {
  const place = (name: string, values: ArrayLike<number>): ShownColumn => ({
    name,
    label: name,
    kind: 'place',
    column: { type: 'int', values: Float64Array.from(values) },
  });
  const several = (list: readonly unknown[]) => list.length > 1;
  const parts: ShownColumn[] = [];
  if (several(names)) parts.push(place('data set', table.dataset));
  if (names.some(several)) parts.push(place('file', table.file));
  const identified = identity.map(
    ({ label }, k): ShownColumn => ({ name: label, label, kind: 'identity', column: table.columns[k]! }),
  );
  if (identified.length === 0 || !identity.some(({ label }) => label === 'event'))
    identified.push(place('position', table.event));
  const values = table.columns
    .slice(identity.length)
    .map((column): ShownColumn => ({ name: column.name, label: column.name, kind: 'value', column }));
  return [...parts, ...identified, ...values];
}

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

/** `run:luminosity block:event`, a line an event: what other tools pick events by. Parts that the data lacks are left out. */
export function eventList(columns: readonly ShownColumn[], order: Uint32Array): string {
  const identity = columns.filter(({ kind }) => kind === 'identity');
  const parts = identity.length > 0 ? identity : columns.filter(({ kind }) => kind === 'place');
  return [...order].map((row) => `${parts.map(({ column }) => valueAt(column, row) ?? '').join(':')}\n`).join('');
}

/** All columns as CSV, numbers in full; a missing value is an empty cell. */
export function eventCsv(columns: readonly ShownColumn[], order: Uint32Array): string {
  const quoted = (text: string) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = [columns.map(({ label }) => quoted(label)).join(',')];
  for (const row of order) {
    lines.push(columns.map(({ column }) => quoted(String(valueAt(column, row) ?? ''))).join(','));
  }
  return `${lines.join('\n')}\n`;
}
