import { wrap } from 'comlink';
import { defaultWorkers } from '../defaultWorkers.ts';
import type { CachePlace } from '../schedule/workerApi.ts';
import type { CatalogueThreadApi } from './tasks.ts';
import { type CatalogueThreadHandle, CatalogueThreads } from './threads.ts';

/** The threads of a page's catalogue. */
export function browserCatalogueThreads(cache?: CachePlace): CatalogueThreads {
  return new CatalogueThreads(spawn, defaultWorkers(navigator.hardwareConcurrency), cache);
}

function spawn(): CatalogueThreadHandle {
  const worker = new Worker(new URL('./catalogue.worker.ts', import.meta.url), { type: 'module' });
  const crashed = new Promise<string>((resolve) => {
    worker.addEventListener('error', ({ message }) => resolve(message || 'its script could not be loaded'));
  });
  return { api: wrap<CatalogueThreadApi>(worker), crashed, terminate: () => worker.terminate() };
}
