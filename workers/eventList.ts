/** The table of events with names for its columns, and as text for other programs. */

import { csvCell } from '../core/csv.ts';
import type { ColumnInfo } from '../core/schema/column.ts';
import { type IdentityPart, identityColumn } from '../core/schema/eventIdentity.ts';
import { type RowColumn, valueAt } from './engine/eventRows.ts';
import type { EventTable } from './eventTable.ts';

/** A column that is shown: what identifies the event, where it lies, or a chosen value. */
export interface ShownColumn {
  name: string;
  label: string;
  kind: 'identity' | 'place' | 'value';
  column: RowColumn;
}

/** Names of what identifies an event; each is asked for where the data has it. */
export type Identity = readonly { label: string; column: string }[];

const LABELS: Record<IdentityPart, string> = { run: 'run', block: 'lumi', event: 'event' };

/** What identifies events in all of the files. @param files columns of each */
export function identityOf(files: readonly (readonly ColumnInfo[])[]): Identity {
  const [first = [], ...others] = files.map((columns) => new Map(columns.map((column) => [column.name, column])));
  return (['run', 'block', 'event'] as const).flatMap((part) => {
    const column = identityColumn({ columns: new Map(first) }, part);
    return column !== undefined && others.every((columns) => columns.has(column))
      ? [{ label: LABELS[part], column }]
      : [];
  });
}

/** The data sets of a document: what each and its files are called. */
export type Places = readonly { name: string; files: readonly string[] }[];

/**
 * Columns in order: data set and file where there are several; what identifies the events, and the position where their number does not;
 * values.
 */
export function shownColumns(table: EventTable, identity: Identity, places: Places): ShownColumn[] {
  const place = (name: string, column: RowColumn): ShownColumn => ({ name, label: name, kind: 'place', column });
  const columns: ShownColumn[] = [];
  if (places.length > 1) {
    const dictionary = places.map(({ name }) => name);
    columns.push(place('data set', { type: 'string', values: Uint32Array.from(table.dataset), dictionary }));
  }
  if (places.some(({ files }) => files.length > 1)) {
    const starts = places.map((_, at) => places.slice(0, at).reduce((sum, { files }) => sum + files.length, 0));
    const values = Uint32Array.from(table.file, (file, row) => starts[table.dataset[row]!]! + file);
    columns.push(place('file', { type: 'string', values, dictionary: places.flatMap(({ files }) => files) }));
  }
  identity.forEach(({ label }, k) => {
    columns.push({ name: label, label, kind: 'identity', column: table.columns[k]! });
  });
  if (!identity.some(({ label }) => label === 'event'))
    columns.push(place('position', { type: 'float', values: table.event }));
  for (const column of table.columns.slice(identity.length)) {
    const { name } = column;
    if (!columns.some((one) => one.name === name)) columns.push({ name, label: name, kind: 'value', column });
  }
  return columns;
}

/**
 * `run:luminosity block:event`, a line an event: what other tools pick events by. Where the data has no numbers of events, data set, file
 * and position, as far as they tell events apart.
 */
export function eventList(columns: readonly ShownColumn[], order: Uint32Array): string {
  const isNumbered = columns.some(({ kind, name }) => kind === 'identity' && name === 'event');
  const parts = columns.filter(({ kind }) => kind === (isNumbered ? 'identity' : 'place'));
  return [...order].map((row) => `${parts.map(({ column }) => valueAt(column, row) ?? '').join(':')}\n`).join('');
}

/** All columns as CSV, numbers in full; a missing value is an empty cell. */
export function eventCsv(columns: readonly ShownColumn[], order: Uint32Array): string {
  const lines = [columns.map(({ label }) => csvCell(label)).join(',')];
  for (const row of order) {
    lines.push(columns.map(({ column }) => csvCell(valueAt(column, row))).join(','));
  }
  return `${lines.join('\n')}\n`;
}
