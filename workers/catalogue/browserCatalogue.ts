import { wrap } from 'comlink';
import { defaultWorkers } from '../defaultWorkers.ts';
import type { CachePlace } from '../schedule/workerApi.ts';
import { deathOf } from '../workerDeath.ts';
import type { CatalogueThreadApi } from './tasks.ts';
import { type CatalogueThreadHandle, CatalogueThreads } from './threads.ts';

/** The threads of a page's catalogue. */
export function browserCatalogueThreads(cache?: CachePlace): CatalogueThreads {
  return new CatalogueThreads(spawn, defaultWorkers(navigator.hardwareConcurrency), cache);
}

function spawn(): CatalogueThreadHandle {
  const worker = new Worker(new URL('./catalogue.worker.ts', import.meta.url), { type: 'module' });
  return { api: wrap<CatalogueThreadApi>(worker), crashed: deathOf(worker), terminate: () => worker.terminate() };
}
