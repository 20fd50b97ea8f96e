import type { Manifest } from '../../core/catalogue/manifest.ts';
import type { CatalogueThreads } from './threads.ts';

/** A catalogue whose manifest was read: one version of it, whatever happens to the folder since. */
export interface OpenCatalogue {
  /** Address of its folder, with a slash at its end: a URL, or in Node a path. */
  readonly folder: string;
  readonly manifest: Manifest;
  readonly threads: CatalogueThreads;
}

/** Opens a catalogue by the address of its folder or of its `manifest.json`. @throws LumiscopeError `source`, `format`, `cancelled` */
export async function openCatalogue(
  address: string,
  threads: CatalogueThreads,
  signal?: AbortSignal,
): Promise<OpenCatalogue> {
  const folder = address.replace(/manifest\.json$/, '').replace(/\/*$/, '/');
  const manifest = await threads.run('open', { folder }, signal);
  return { folder, manifest, threads };
}
