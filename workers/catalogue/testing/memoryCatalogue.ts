import { expose, wrap } from 'comlink';
import type { Manifest } from '../../../core/catalogue/manifest.ts';
import { columnsOf } from '../../../core/catalogue/rows.ts';
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
} from '../../../core/catalogue/tables.ts';
import { bytesSource } from '../../io/bytesSource.ts';
import { sourceError } from '../../io/errors.ts';
import { memoryObjects } from '../../objects/testing/memoryObjects.ts';
import { createCatalogueThread } from '../catalogueThread.ts';
import { type OpenCatalogue, openCatalogue } from '../openCatalogue.ts';
import type { CatalogueThreadApi } from '../tasks.ts';
import { CatalogueThreads } from '../threads.ts';
import { CatalogueStore } from '../write/catalogueStore.ts';
import { writeTable } from '../write/tableWriter.ts';

/** A catalogue in memory, for tests. */
export class MemoryStore extends CatalogueStore {
  /** By path; `manifest.json` among them. */
  readonly objects: Map<string, Uint8Array>;

  constructor(objects = new Map<string, Uint8Array>()) {
    super(memoryObjects(objects));
    this.objects = objects;
  }

  /** A source of an object, by its path. */
  source(path: string) {
    const bytes = this.objects.get(path);
    if (!bytes) throw sourceError(path, 'no such file', 'check the path', { gone: true });
    return bytesSource(path, bytes);
  }
}

/** Threads that are none, over real message channels: what they open lies in the store. */
export function memoryThreads(store: MemoryStore, size = 2): CatalogueThreads {
  const spawn = () => {
    const { port1, port2 } = new MessageChannel();
    const openSource = async (address: { kind: string; path?: string }) => {
      const source = store.source(address.path!.replace(/^memory\//, ''));
      return { source, file: { address: address as never, size: source.size, etag: undefined } };
    };
    expose(createCatalogueThread({ openSource }), port1);
    const terminate = () => {
      port1.close();
      port2.close();
    };
    return { api: wrap<CatalogueThreadApi>(port2), crashed: new Promise<string>(() => {}), terminate };
  };
  return new CatalogueThreads(spawn, size);
}

/** Tables of a catalogue; those that are left out are empty. */
export interface TestTables {
  datasets?: DatasetRow[];
  containers?: ContainerRow[];
  dstypes?: DstypeRow[];
  dsguids?: FileRow[];
  menus?: MenuRow[];
}

/** Puts tables and a manifest of these parts into a store, and opens it. */
export async function openInMemory(
  store: MemoryStore,
  { families = [], parts = [], ...about }: Partial<Omit<Manifest, 'tables'>>,
  tables: TestTables = {},
  workers = 2,
): Promise<OpenCatalogue> {
  const put = async (name: string, columns: readonly Column[], rows: readonly object[] = []) =>
    store.put(`${name}.parquet`, await writeTable(columns, columnsOf(columns, rows)), 'tables');
  const manifest: Manifest = {
    format: 'lumiscope-catalogue',
    version: 1,
    serial: 1,
    title: 'Test',
    changed: '2026-11-21T12:00:00.000Z',
    ...about,
    families,
    parts,
    tables: {
      datasets: await put('datasets', DATASET_COLUMNS, tables.datasets),
      containers: await put('containers', CONTAINER_COLUMNS, tables.containers),
      dstypes: await put('dstypes', DSTYPE_COLUMNS, tables.dstypes),
      dsguids: await put('dsguids', DSGUID_COLUMNS, tables.dsguids),
      menus: await put('menus', MENU_COLUMNS, tables.menus),
    },
  };
  await store.replaceManifest(manifest, (await store.readManifest())?.condition);
  return openCatalogue('memory', memoryThreads(store, workers));
}
