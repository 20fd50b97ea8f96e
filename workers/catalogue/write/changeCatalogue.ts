import type { CatalogueObject, Manifest } from '../../../core/catalogue/manifest.ts';
import { columnsOf, rowsOf } from '../../../core/catalogue/rows.ts';
import {
  CONTAINER_COLUMNS,
  type Column,
  type ContainerRow,
  DATASET_COLUMNS,
  type DatasetRow,
  DSGUID_COLUMNS,
  DSTYPE_COLUMNS,
  type DstypeRow,
  type FileRow,
  MENU_COLUMNS,
  type MenuRow,
  OVERLAP_COLUMNS,
  type OverlapRow,
} from '../../../core/catalogue/tables.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import { concatenate, slice } from '../../convert/rows.ts';
import { bytesSource } from '../../io/bytesSource.ts';
import { cancelled } from '../../io/errors.ts';
import { readTable } from '../read/readTable.ts';
import type { CatalogueStore } from './catalogueStore.ts';
import { writeTable } from './tableWriter.ts';

const COLUMNS = {
  datasets: DATASET_COLUMNS,
  containers: CONTAINER_COLUMNS,
  dstypes: DSTYPE_COLUMNS,
  dsguids: DSGUID_COLUMNS,
  menus: MENU_COLUMNS,
  overlaps: OVERLAP_COLUMNS,
} satisfies Record<string, readonly Column[]>;

interface Rows {
  datasets: DatasetRow;
  containers: ContainerRow;
  dstypes: DstypeRow;
  menus: MenuRow;
  overlaps: OverlapRow;
}
type TableName = keyof typeof COLUMNS;

/** What stands in the place of what was there: tables as a whole, but of `dsguids` only the files of one container. */
export type Changes = Partial<Pick<Manifest, 'families' | 'parts' | 'ingested'>> & {
  [Table in keyof Rows]?: readonly Rows[Table][];
} & { files?: { dspid: number; dstypeid: number; rows: readonly FileRow[] } };

export interface ChangeOptions {
  /** Who does it, for those whose own change is refused because of it. */
  changedBy: string;
  /** Of a catalogue that is not there yet. Left out, there has to be one. */
  title?: string | undefined;
  now?: (() => Date) | undefined;
  signal?: AbortSignal | undefined;
  /** How often it is tried where others change the catalogue at the same time. */
  tries?: number;
}

/** A wait after a conflict is as long as so many tries took, at most: more of them the more conflicts there were. */
const LONGEST_PAUSE = 8;

/**
 * Changes tables and parts of a catalogue, as its next version. Where another program changes it at the same time, it is read again, and the change is made from there: none is lost.
 * @param change what to put in the place of what is there; undefined where nothing is to be done. Called again after a conflict, also after one's own change whose answer was lost
 * @returns the manifest that is there now
 * @throws LumiscopeError `source` where the store refuses or others were faster each time: nothing is changed then; `cancelled`
 */
export async function changeCatalogue(
  store: CatalogueStore,
  { changedBy, title, now = () => new Date(), signal, tries = 200 }: ChangeOptions,
  change: (catalogue: CatalogueVersion) => Promise<Changes | undefined>,
): Promise<Manifest> {
  const tables = new Map<string, Promise<Map<string, ColumnData>>>();
  for (let attempt = 1; ; attempt++) {
    if (signal?.aborted) throw cancelled();
    const began = performance.now();
    const found = await store.readManifest(signal);
    forgetOthers(tables, found?.manifest);
    const version = new CatalogueVersion(store, found?.manifest ?? emptyManifest(title), tables, signal);
    const changes = await change(version);
    if (!changes) return version.manifest;
    const manifest = await version.changed(changes, changedBy, now());
    if (signal?.aborted) throw cancelled();
    try {
      await store.replaceManifest(manifest, found?.condition, signal);
      return manifest;
    } catch (error) {
      const there = await store.readManifest(signal);
      if (there?.condition === found?.condition || attempt >= tries) throw error;
    }
    const pause = Math.random() * Math.min(LONGEST_PAUSE, attempt) * (performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Of tables that were read, those of this version stay: there may be hundreds of tries. */
function forgetOthers(tables: Map<string, unknown>, manifest: Manifest | undefined): void {
  const named = new Set([...Object.values(manifest?.tables ?? {}), manifest?.overlaps].map((object) => object?.path));
  for (const path of tables.keys()) if (!named.has(path)) tables.delete(path);
}

/** One version of a catalogue: tables are read when they are asked for. */
export class CatalogueVersion {
  readonly manifest: Manifest;
  readonly #store: CatalogueStore;
  readonly #tables: Map<string, Promise<Map<string, ColumnData>>>;

  readonly #signal: AbortSignal | undefined;

  /** @param tables by path, those that were read already */
  constructor(
    store: CatalogueStore,
    manifest: Manifest,
    tables: Map<string, Promise<Map<string, ColumnData>>>,
    signal: AbortSignal | undefined,
  ) {
    this.#signal = signal;
    this.#store = store;
    this.manifest = manifest;
    this.#tables = tables;
  }

  async rows<Table extends keyof Rows>(table: Table): Promise<Rows[Table][]> {
    return rowsOf<Rows[Table]>(await this.#columns(table));
  }

  /** The declared files of a container, in the order of their numbers. */
  async files(dspid: number, dstypeid: number): Promise<FileRow[]> {
    const columns = await this.#columns('dsguids');
    const [from, to] = rangeOf(columns, dspid, dstypeid);
    return rowsOf<FileRow>(new Map([...columns].map(([name, column]) => [name, slice(column, from, to)])));
  }

  /** Puts tables that change, and all tables of a new catalogue. @returns the next manifest */
  async changed(changes: Changes, changedBy: string, now: Date): Promise<Manifest> {
    const { families, parts, ingested, files, ...rows } = changes;
    const put = async (name: TableName, columns: ReadonlyMap<string, ColumnData>) =>
      this.#store.put(`${name}.parquet`, await writeTable(COLUMNS[name], columns), 'tables', this.#signal);
    const table = async (name: Exclude<TableName, 'overlaps' | 'dsguids'>): Promise<CatalogueObject> => {
      const own = rows[name];
      const known = this.manifest.tables[name];
      if (!own && known.bytes > 0) return known;
      return put(name, columnsOf(COLUMNS[name], own ?? []));
    };
    const { manifest } = this;
    return {
      ...manifest,
      serial: manifest.serial + 1,
      changed: now.toISOString(),
      changedBy,
      ...(families && { families }),
      ...(parts && { parts }),
      ...(ingested && { ingested }),
      tables: {
        datasets: await table('datasets'),
        containers: await table('containers'),
        dstypes: await table('dstypes'),
        dsguids:
          files || manifest.tables.dsguids.bytes === 0
            ? await put('dsguids', await this.#filesWith(files))
            : manifest.tables.dsguids,
        menus: await table('menus'),
      },
      ...(rows.overlaps && {
        overlaps: await put('overlaps', columnsOf(OVERLAP_COLUMNS, rows.overlaps)),
      }),
    };
  }

  async #filesWith(files: Changes['files']): Promise<Map<string, ColumnData>> {
    const columns = await this.#columns('dsguids');
    if (!files) return columns;
    const [from, to] = rangeOf(columns, files.dspid, files.dstypeid);
    const own = columnsOf(DSGUID_COLUMNS, files.rows);
    return new Map(
      [...columns].map(([name, column]) => [
        name,
        concatenate([slice(column, 0, from), own.get(name)!, slice(column, to, column.length)]),
      ]),
    );
  }

  async #columns(name: TableName): Promise<Map<string, ColumnData>> {
    const object = name === 'overlaps' ? this.manifest.overlaps : this.manifest.tables[name];
    if (!object || object.bytes === 0) return columnsOf(COLUMNS[name], []);
    let known = this.#tables.get(object.path);
    if (!known) {
      known = this.#read(name, object);
      this.#tables.set(object.path, known);
    }
    return known;
  }

  async #read(name: TableName, object: CatalogueObject): Promise<Map<string, ColumnData>> {
    const bytes = await this.#store.readObject(object, this.#signal);
    return (await readTable(bytesSource(object.path, bytes), object, COLUMNS[name])).columns;
  }
}

/** Where the files of a container stand in the sorted table, or would. */
function rangeOf(columns: ReadonlyMap<string, ColumnData>, dspid: number, dstypeid: number): [number, number] {
  const dspids = columns.get('dspid')!.values as Int32Array;
  const dstypeids = columns.get('dstypeid')!.values as Int16Array;
  const firstFrom = (isBefore: (row: number) => boolean) => {
    let low = 0;
    let high = dspids.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(middle)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const compare = (row: number) => dspids[row]! - dspid || dstypeids[row]! - dstypeid;
  return [firstFrom((row) => compare(row) < 0), firstFrom((row) => compare(row) <= 0)];
}

const NONE: CatalogueObject = { path: '', bytes: 0, sha256: '' };

/** Of a catalogue that is not there yet: its tables have to be written. */
function emptyManifest(title: string | undefined): Manifest {
  if (title === undefined)
    throw new LumiscopeError('document', 'there is no catalogue', { hint: 'check the folder or address' });
  return {
    format: 'lumiscope-catalogue',
    version: 1,
    serial: 0,
    title,
    changed: '',
    families: [],
    parts: [],
    tables: { datasets: NONE, containers: NONE, dstypes: NONE, dsguids: NONE, menus: NONE },
  };
}
