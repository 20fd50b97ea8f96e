import type { CatalogueObject } from '../../core/catalogue/manifest.ts';
import {
  CONTAINER_COLUMNS,
  DATASET_COLUMNS,
  DSGUID_COLUMNS,
  DSTYPE_COLUMNS,
  MENU_COLUMNS,
  OVERLAP_COLUMNS,
} from '../../core/catalogue/tables.ts';
import type { ColumnData } from '../../core/schema/column.ts';
import { readTable } from '../catalogue/read/readTable.ts';
import type { Handed, TaskContext } from '../catalogue/taskContext.ts';

/** Tables of a catalogue by their names in SQL, of which none is a keyword, as OVERLAPS is. */
export const TABLE_COLUMNS = {
  datasets: DATASET_COLUMNS,
  containers: CONTAINER_COLUMNS,
  dstypes: DSTYPE_COLUMNS,
  dsguids: DSGUID_COLUMNS,
  menus: MENU_COLUMNS,
  stored_overlaps: OVERLAP_COLUMNS,
};
export type TableName = keyof typeof TABLE_COLUMNS;

/** A table of a catalogue, whole, its columns in the order of `TABLE_COLUMNS`. */
export async function run(
  context: TaskContext,
  { folder, object, table }: { folder: string; object: CatalogueObject; table: TableName },
  signal: AbortSignal,
): Promise<Handed<ColumnData[]>> {
  const { columns } = await readTable(await context.object(folder, object), object, TABLE_COLUMNS[table], signal);
  return { handed: [...columns.values()], buffers: [] };
}
