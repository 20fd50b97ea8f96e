/** The rows of the column tree: collections and records with their fields, then columns without a group. */
import type { ColumnInfo } from '../../core/schema/column.ts';
import type { Schema } from '../../core/schema/schema.ts';
import type { FileState } from '../store/state.ts';

/** A group of columns, or a column. */
export type Row =
  | { kind: 'group'; name: string; note: string; bytes: number; size: number; open: boolean; at: number; of: number }
  | {
      kind: 'column';
      name: string;
      expression: string;
      column: ColumnInfo;
      unit?: string;
      bytes: number;
      level: 1 | 2;
      at: number;
      of: number;
    };

interface Group {
  name: string;
  note: string;
  columns: { name: string; expression: string; column: ColumnInfo; unit?: string }[];
}

/** Bytes on disk of each column, over all open files. */
export function columnCosts(files: readonly (readonly FileState[])[]): Map<string, number> {
  const costs = new Map<string, number>();
  for (const { summary } of files.flat()) {
    if (!summary) continue;
    const chunks = summary.chunks.length;
    summary.columns.forEach((column, i) => {
      let bytes = costs.get(column.name) ?? 0;
      for (let c = 0; c < chunks; c++) bytes += summary.columnBytes[i * chunks + c]!;
      costs.set(column.name, bytes);
    });
  }
  return costs;
}

/** Rows to show: groups that are open, or that a search finds something in. */
export function columnRows(
  schema: Schema,
  costs: ReadonlyMap<string, number>,
  search: string,
  isOpen: (group: string) => boolean,
): Row[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (text: string) => words.every((word) => text.toLowerCase().includes(word));
  const { groups, single } = grouped(schema);
  const cost = (column: ColumnInfo) => costs.get(column.name) ?? 0;
  const top: (Group | Group['columns'][number])[] = [...groups, ...single];
  const shown = top.filter((entry) =>
    'columns' in entry ? entry.columns.some((c) => matches(`${c.expression} ${c.column.name}`)) : matches(entry.name),
  );
  return shown.flatMap((entry, i): Row[] => {
    const place = { at: i + 1, of: shown.length };
    if (!('columns' in entry)) return [{ kind: 'column', ...entry, bytes: cost(entry.column), level: 1, ...place }];
    const found = entry.columns.filter((c) => matches(`${c.expression} ${c.column.name}`));
    const open = words.length > 0 || isOpen(entry.name);
    const bytes = entry.columns.reduce((sum, c) => sum + cost(c.column), 0);
    const head: Row = {
      kind: 'group',
      name: entry.name,
      note: entry.note,
      bytes,
      size: entry.columns.length,
      open,
      ...place,
    };
    if (!open) return [head];
    return [
      head,
      ...found.map(
        (c, j): Row => ({ kind: 'column', ...c, bytes: cost(c.column), level: 2, at: j + 1, of: found.length }),
      ),
    ];
  });
}

function grouped(schema: Schema): { groups: Group[]; single: Group['columns'] } {
  const groups: Group[] = [];
  const placed = new Set<string>();
  const single: Group['columns'] = [];
  for (const collection of schema.collections.values()) {
    if (collection.count) placed.add(collection.count.name);
    if (collection.self) {
      placed.add(collection.self.name);
      single.push({ name: collection.name, expression: collection.name, column: collection.self });
    }
    const columns = collection.fields.map(({ name, column, unit }) => ({
      name,
      expression: dotted(collection.name, name, column),
      column,
      unit,
    }));
    if (collection.count)
      columns.unshift({
        name: `n${collection.name}`,
        expression: collection.count.name,
        column: collection.count,
        unit: undefined,
      });
    for (const { column } of columns) placed.add(column.name);
    if (columns.length > 0) groups.push({ name: collection.name, note: 'items', columns });
  }
  for (const record of schema.records.values()) {
    const columns = record.fields.map(({ name, column, unit }) => ({
      name,
      expression: dotted(record.name, name, column),
      column,
      unit,
    }));
    for (const { column } of columns) placed.add(column.name);
    if (columns.length === 1 && columns[0]) single.push({ ...columns[0], name: columns[0].column.name });
    else if (columns.length > 1) groups.push({ name: record.name, note: '', columns });
  }
  for (const column of schema.columns.values()) {
    if (!placed.has(column.name))
      single.push({ name: column.name, expression: column.name, column, unit: column.unit });
  }
  const byName = (a: { name: string }, b: { name: string }) =>
    a.name.localeCompare(b.name, 'en', { sensitivity: 'base', numeric: true });
  // Collections first: they are what an analysis is about.
  groups.sort((a, b) => Number(b.note !== '') - Number(a.note !== '') || byName(a, b));
  return { groups, single: single.sort(byName) };
}

/** `Muon.pt`; the raw name where a part is no identifier. */
function dotted(group: string, field: string, column: ColumnInfo): string {
  const identifier = /^[\p{L}_][\p{L}\p{N}_]*$/u;
  return identifier.test(group) && identifier.test(field) ? `${group}.${field}` : column.name;
}
