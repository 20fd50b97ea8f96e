/** The table of events with names for its columns, and as text for other programs. */

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
