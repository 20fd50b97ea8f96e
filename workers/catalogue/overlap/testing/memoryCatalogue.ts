import type { Remote } from 'comlink';
import { MemorySource } from '../../../formats/parquet/write/memorySource.ts';
import { createCatalogueThread } from '../../catalogueThread.ts';
import type { OpenCatalogue } from '../../openCatalogue.ts';
import type { CatalogueThreadApi } from '../../tasks.ts';
import { CatalogueThreads } from '../../threads.ts';
import { type KeysOf, keyManifest } from './keyCatalogue.ts';

export interface MemoryOptions {
  workers?: number;
  groupRows?: number;
  findGpu?: () => Promise<GPU | undefined>;
}

/** A catalogue of keys in memory, whose threads are this one. */
export async function memoryCatalogue(
  datasets: readonly KeysOf[],
  { workers = 2, groupRows = 1000, findGpu }: MemoryOptions = {},
): Promise<OpenCatalogue & { objects: Map<string, Uint8Array> }> {
  const objects = new Map<string, Uint8Array>();
  const manifest = await keyManifest(datasets, (path, bytes) => void objects.set(`memory/${path}`, bytes), groupRows);
  const thread = () =>
    createCatalogueThread({
      ...(findGpu && { findGpu }),
      openSource: async (address) => {
        const path = address.kind === 'path' ? address.path : '';
        const bytes = objects.get(path);
        if (!bytes) throw new Error(`there is no ${path}`);
        return {
          source: Object.assign(new MemorySource(bytes), { url: path }),
          file: { address, size: bytes.length, etag: undefined },
        };
      },
    });
  const spawn = () => ({
    api: thread() as unknown as Remote<CatalogueThreadApi>,
    crashed: new Promise<string>(() => {}),
    terminate: () => {},
  });
  return {
    folder: 'memory/',
    manifest,
    threads: new CatalogueThreads(spawn, workers),
    objects,
  } as unknown as OpenCatalogue & { objects: Map<string, Uint8Array> };
}
