/** Lists of objects as tables of texts, and columns of one event put together by collection. */
import type { Schema } from '../../core/schema/schema.ts';
import type { Shown } from '../../workers/eventTable.ts';
import { formatNumber } from '../numbers.ts';

export interface TextTable {
  head: string[];
  rows: string[][];
}

/** A value in one line: numbers to six digits, nothing as –. */
export function shownText(value: Shown): string {
  if (value === null) return '–';
  if (typeof value === 'bigint' || Number.isInteger(value)) return String(value).replace('-', '−');
  if (typeof value === 'number') return formatNumber(value, 6);
  if (Array.isArray(value)) return `[${value.map(shownText).join(', ')}]`;
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([field, part]) => `${field} ${shownText(part)}`)
      .join(', ');
  return String(value);
}

/** A list of objects as a table: parts of parts as `a.pt`; undefined for any other value. */
export function tableOf(value: Shown): TextTable | undefined {
  if (!Array.isArray(value) || !value.some(isObject)) return undefined;
  const flat = value.map((item) => new Map(isObject(item) ? flatten(item) : []));
  const head = [...new Set(flat.flatMap((item) => [...item.keys()]))];
  return { head, rows: flat.map((item) => head.map((field) => shownText(item.get(field) ?? null))) };
}

function isObject(value: Shown): value is { [field: string]: Shown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function flatten(value: { [field: string]: Shown }, prefix = ''): [string, Shown][] {
  return Object.entries(value).flatMap(([field, part]): [string, Shown][] =>
    isObject(part) ? flatten(part, `${prefix}${field}.`) : [[prefix + field, part]],
  );
}

/** Columns of one event that belong together. */
export interface ColumnGroup {
  name: string;
  /** A collection's items as rows; else one row a column. */
  table: TextTable;
}

/** Columns by collection, by record, and the others; those whose names hold `search` only. */
export function columnGroups(
  columns: readonly { name: string; value: Shown }[],
  schema: Schema,
  search: string,
): ColumnGroup[] {
  const wanted = search.toLowerCase();
  const values = new Map(
    columns.filter(({ name }) => name.toLowerCase().includes(wanted)).map((one) => [one.name, one.value]),
  );
  const taken = new Set<string>();
  const groups: ColumnGroup[] = [];
  const lists = (names: [field: string, column: string][]) =>
    names.filter(([, column]) => values.has(column) && !taken.has(column));
  for (const collection of schema.collections.values()) {
    const { self, fields } = collection;
    const there = lists([
      ...(self ? [['', self.name] as [string, string]] : []),
      ...fields.map(({ name, column }): [string, string] => [name, column.name]),
    ]);
    if (there.length === 0) continue;
    for (const [, column] of there) taken.add(column);
    const items = there.map(([, column]) => values.get(column) as Shown[]);
    const count = Math.max(0, ...items.map((list) => list.length));
    groups.push({
      name: `${collection.name} (${count})`,
      table: {
        head: ['#', ...there.map(([field]) => field || 'value')],
        rows: Array.from({ length: count }, (_, k) => [String(k), ...items.map((list) => shownText(list[k] ?? null))]),
      },
    });
  }
  for (const record of schema.records.values()) {
    const there = lists(record.fields.map(({ name, column }) => [name, column.name]));
    if (there.length < 2) continue;
    for (const [, column] of there) taken.add(column);
    groups.push({
      name: record.name,
      table: {
        head: ['field', 'value'],
        rows: there.map(([field, column]) => [field, shownText(values.get(column)!)]),
      },
    });
  }
  const others = [...values].filter(([name]) => !taken.has(name));
  if (others.length === 0) return groups;
  const rows = others.map(([name, value]) => [name, shownText(value)]);
  return [{ name: 'Event', table: { head: ['column', 'value'], rows } }, ...groups];
}
