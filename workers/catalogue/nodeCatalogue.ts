import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter.js';
import { defaultWorkers } from '../defaultWorkers.ts';
import { nodeDeathOf } from '../nodeWorkerDeath.ts';
import type { CachePlace } from '../schedule/workerApi.ts';
import type { CatalogueThreadApi } from './tasks.ts';
import { type CatalogueThreadHandle, CatalogueThreads } from './threads.ts';

/** The build puts the worker beside the program, and this file there or into `chunks/`. */
const SCRIPT = import.meta.url.endsWith('.ts')
  ? './catalogueNode.worker.source.mjs'
  : `${import.meta.url.includes('/chunks/') ? '..' : '.'}/catalogueNode.worker.js`;

/** The threads of a catalogue in Node. */
export function nodeCatalogueThreads({
  workers = defaultWorkers(availableParallelism()),
  cache,
}: {
  workers?: number;
  cache?: CachePlace | undefined;
} = {}): CatalogueThreads {
  return new CatalogueThreads(spawn, workers, cache);
}

function spawn(): CatalogueThreadHandle {
  const worker = new Worker(new URL(SCRIPT, import.meta.url));
  return {
    api: wrap<CatalogueThreadApi>(nodeEndpoint(worker)),
    crashed: nodeDeathOf(worker),
    terminate: () => void worker.terminate(),
  };
}
