import { createHash } from 'node:crypto';
import { datasetFolder } from '../../core/ingest/layout.ts';
import type { ObjectStore } from '../../workers/objects/objectStore.ts';

/** An object of a dataset, as a listing shows it. */
export interface ListedFile {
  path: string;
  version: string;
  /** ms by the store's clock. */
  modified: number;
}

/** What lies in the folder of a dataset. Leases are left out. */
export interface DatasetFiles {
  dataset: string;
  declaration?: ListedFile;
  retry?: ListedFile;
  settled?: ListedFile;
  messages: ListedFile[];
  packs: ListedFile[];
  validations: ListedFile[];
  insertions: ListedFile[];
  /** Differs when anything of it does, but for `settled`. */
  state: string;
}

const PATH = /^datasets\/([^/]+)\/(?:(messages|packs|validations|insertions)\/)?([^/]+)\.json$/;
const SINGLE = new Set(['declaration', 'retry', 'settled']);

/** The datasets of a store, or one of them, with all that lies in their folders; in the order of their paths, so that one is held at a time. */
export async function* listDatasetFiles(
  objects: ObjectStore,
  only?: string,
  signal?: AbortSignal,
): AsyncGenerator<DatasetFiles> {
  let files: DatasetFiles | undefined;
  let hash = createHash('sha256');
  const finished = () => {
    files!.state = hash.digest('hex').slice(0, 32);
    return files!;
  };
  for await (const found of objects.list(only === undefined ? 'datasets/' : `${datasetFolder(only)}/`, signal)) {
    const [, dataset, folder, name] = PATH.exec(found.path) ?? [];
    if (!dataset || (!folder && !SINGLE.has(name!))) continue;
    if (files?.dataset !== dataset) {
      if (files) yield finished();
      files = { dataset, messages: [], packs: [], validations: [], insertions: [], state: '' };
      hash = createHash('sha256');
    }
    const file: ListedFile = { path: found.path, version: found.version, modified: found.modified };
    if (folder) files[folder as 'messages'].push(file);
    else files[name as 'declaration'] = file;
    if (name !== 'settled' || folder) hash.update(`${file.path} ${file.version}\n`);
  }
  if (files) yield finished();
}
