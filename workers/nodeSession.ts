import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter.js';
import { createSession, defaultWorkers, type SessionOptions } from './createSession.ts';
import type { WorkerHandle } from './schedule/pool.ts';
import type { WorkerApi } from './schedule/workerApi.ts';
import type { DataSession } from './session.ts';

/** From its source, a worker needs what strips the types; the build puts it beside the program. */
const FROM_SOURCE = import.meta.url.endsWith('.ts');

/** A session in Node, on worker threads. */
export function createNodeSession({
  workers = defaultWorkers(availableParallelism()),
  memoryBudget,
}: SessionOptions = {}): DataSession {
  return createSession(spawn, { workers, memoryBudget });
}

function spawn(): WorkerHandle {
  const script = new URL(FROM_SOURCE ? './node.worker.ts' : './node.worker.js', import.meta.url);
  const worker = new Worker(script, { execArgv: FROM_SOURCE ? ['--import', 'tsx'] : [] });
  const crashed = new Promise<string>((resolve) => {
    worker.once('error', (error: Error) => resolve(error.message));
    worker.once('exit', (code) => resolve(`exit code ${code}`));
  });
  return { api: wrap<WorkerApi>(nodeEndpoint(worker)), crashed, terminate: () => void worker.terminate() };
}
