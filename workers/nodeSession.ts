import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter.js';
import { createSession, type SessionOptions } from './createSession.ts';
import { defaultWorkers } from './defaultWorkers.ts';
import { nodeDeathOf } from './nodeWorkerDeath.ts';
import type { WorkerHandle } from './schedule/pool.ts';
import type { WorkerApi } from './schedule/workerApi.ts';
import type { DataSession } from './session.ts';

/** The build puts the worker beside the program. */
const SCRIPT = import.meta.url.endsWith('.ts') ? './node.worker.source.mjs' : './node.worker.js';

/** A session in Node, on worker threads; with the GPU of the package `webgpu` where that is installed and a run asks for it. */
export function createNodeSession({
  workers = defaultWorkers(availableParallelism()),
  memoryBudget,
  cache,
}: SessionOptions = {}): DataSession {
  const spawnGpu = async () => (await import('./nodeGpu.ts')).openNodeGpu();
  return createSession(spawn, { workers, memoryBudget, cache, spawnGpu });
}

function spawn(): WorkerHandle {
  const worker = new Worker(new URL(SCRIPT, import.meta.url));
  return {
    api: wrap<WorkerApi>(nodeEndpoint(worker)),
    crashed: nodeDeathOf(worker),
    terminate: () => void worker.terminate(),
  };
}
