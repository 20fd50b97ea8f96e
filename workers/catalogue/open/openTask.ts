import type { Manifest } from '../../../core/catalogue/manifest.ts';
import { parseManifest } from '../../../core/catalogue/manifestSchema.ts';
import { rowsOf } from '../../../core/catalogue/rows.ts';
import {
  CONTAINER_COLUMNS,
  type Column,
  type ContainerRow,
  DATASET_COLUMNS,
  type DatasetRow,
  DSTYPE_COLUMNS,
  type DstypeRow,
} from '../../../core/catalogue/tables.ts';
import { objectAddress } from '../objectAddress.ts';
import { readTable } from '../read/readTable.ts';
import type { TaskContext } from '../taskContext.ts';

/** Tables that are small, and at hand with the catalogue. */
export interface SmallTables {
  datasets: DatasetRow[];
  containers: ContainerRow[];
  dstypes: DstypeRow[];
}

/** Reads the manifest of a catalogue, and its small tables. */
export async function run(
  context: TaskContext,
  { folder }: { folder: string },
  signal: AbortSignal,
): Promise<{ manifest: Manifest; tables: SmallTables }> {
  const source = await context.open(objectAddress(folder, 'manifest.json'));
  const text = new TextDecoder().decode(await source.read(0, source.size, signal));
  const manifest = parseManifest(text, source.url);
  const table = async <T>(name: keyof SmallTables, columns: readonly Column[]): Promise<T[]> => {
    const object = manifest.tables[name];
    return rowsOf<T>((await readTable(await context.object(folder, object), object, columns, signal)).columns);
  };
  const [datasets, containers, dstypes] = await Promise.all([
    table<DatasetRow>('datasets', DATASET_COLUMNS),
    table<ContainerRow>('containers', CONTAINER_COLUMNS),
    table<DstypeRow>('dstypes', DSTYPE_COLUMNS),
  ]);
  return { manifest, tables: { datasets, containers, dstypes } };
}
