import type { CatalogueObject } from '../../../core/catalogue/manifest.ts';
import { rowsOf } from '../../../core/catalogue/rows.ts';
import { DSGUID_COLUMNS, MENU_COLUMNS, OVERLAP_COLUMNS } from '../../../core/catalogue/tables.ts';
import { readTableWhere } from '../read/readTable.ts';
import type { TaskContext } from '../taskContext.ts';

const COLUMNS = { files: DSGUID_COLUMNS, menu: MENU_COLUMNS, overlaps: OVERLAP_COLUMNS };

export interface TableQuestion {
  folder: string;
  object: CatalogueObject;
  table: keyof typeof COLUMNS;
  /** By name of a column: rows with other values are left out. */
  equals: Readonly<Record<string, number>>;
}

/** Rows of a sorted table that have certain values. */
export async function run(
  context: TaskContext,
  { folder, object, table, equals }: TableQuestion,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>>[]> {
  const source = await context.object(folder, object);
  const { columns } = await readTableWhere(source, COLUMNS[table], equals, signal);
  const wanted = Object.entries(equals);
  return rowsOf<Record<string, unknown>>(columns).filter((row) => wanted.every(([name, value]) => row[name] === value));
}
