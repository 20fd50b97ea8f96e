import type { Manifest } from '../../core/catalogue/manifest.ts';
import type { ContainerRow, DatasetRow, DstypeRow, FileRow, MenuRow, OverlapRow } from '../../core/catalogue/tables.ts';
import type { CatalogueThreads } from './threads.ts';

/** A catalogue whose manifest was read: one version of it, whatever happens to the folder since. */
export interface OpenCatalogue {
  /** Address of its folder, with a slash at its end: a URL, or in Node a path. */
  readonly folder: string;
  readonly manifest: Manifest;
  readonly threads: CatalogueThreads;
  readonly tables: { datasets: DatasetRow[]; containers: ContainerRow[]; dstypes: DstypeRow[] };
  /** The declared files of a data type of a dataset, in the order of their numbers. Read when they are asked for, and kept. */
  files(dspid: number, dstypeid: number, signal?: AbortSignal): Promise<FileRow[]>;
  /** The trigger menu of a super master key; empty where there is none. Read when it is asked for, and kept. */
  menu(smk: number, signal?: AbortSignal): Promise<MenuRow[]>;
  /** Overlaps that `catalogue check --write` stored; empty where it never did. Read when they are asked for, and kept. */
  overlaps(signal?: AbortSignal): Promise<OverlapRow[]>;
  /** Ends its threads. */
  close(): void;
}

/** Address of a catalogue's folder, with a slash at its end, by that of the folder or of its `manifest.json`. */
export function folderOf(address: string): string {
  return address.replace(/(^|\/)manifest\.json$/, (_, slash) => slash || '.').replace(/\/*$/, '/');
}

/** Opens a catalogue by the address of its folder or of its `manifest.json`. @throws LumiscopeError `source`, `format`, `cancelled` */
export async function openCatalogue(
  address: string,
  threads: CatalogueThreads,
  signal?: AbortSignal,
): Promise<OpenCatalogue> {
  const folder = folderOf(address);
  const { manifest, tables } = await threads.run('open', { folder }, signal);
  const { dsguids, menus } = manifest.tables;
  const files = kept(async (dspid: number, dstypeid: number, signal?: AbortSignal) => {
    const equals = { dspid, dstypeid };
    const rows = await threads.run('table', { folder, object: dsguids, table: 'files', equals }, signal);
    return (rows as unknown as FileRow[]).sort((a, b) => a.file - b.file);
  });
  const menu = kept(async (smk: number, _: number, signal?: AbortSignal) => {
    const rows = await threads.run('table', { folder, object: menus, table: 'menu', equals: { smk } }, signal);
    return rows as unknown as MenuRow[];
  });
  const overlaps = kept(async (_a: number, _b: number, signal?: AbortSignal) => {
    const object = manifest.overlaps;
    if (!object) return [];
    return (await threads.run(
      'table',
      { folder, object, table: 'overlaps', equals: {} },
      signal,
    )) as unknown as OverlapRow[];
  });
  return {
    folder,
    manifest,
    threads,
    tables,
    files,
    menu: (smk, signal) => menu(smk, 0, signal),
    overlaps: (signal) => overlaps(0, 0, signal),
    close: () => threads.close(),
  };
}

/** Answers of the last questions; one that failed or was cancelled is asked again. */
function kept<T>(
  ask: (a: number, b: number, signal?: AbortSignal) => Promise<T>,
): (a: number, b: number, signal?: AbortSignal) => Promise<T> {
  const answers = new Map<string, T>();
  return async (a, b, signal) => {
    const key = `${a}/${b}`;
    const answer = answers.get(key) ?? (await ask(a, b, signal));
    answers.delete(key);
    answers.set(key, answer);
    if (answers.size > MOST_KEPT) answers.delete(answers.keys().next().value!);
    return answer;
  };
}

const MOST_KEPT = 64;
