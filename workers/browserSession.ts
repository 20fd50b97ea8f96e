import { wrap } from 'comlink';
import { createSession, type SessionOptions } from './createSession.ts';
import { defaultWorkers } from './defaultWorkers.ts';
import type { GpuApi, GpuHandle } from './schedule/gpuApi.ts';
import type { WorkerHandle } from './schedule/pool.ts';
import type { WorkerApi } from './schedule/workerApi.ts';
import type { DataSession } from './session.ts';
import { deathOf } from './workerDeath.ts';

/** The session of a page, on web workers. */
export function createBrowserSession(options: SessionOptions = {}): DataSession {
  return createSession(spawn, { workers: defaultWorkers(navigator.hardwareConcurrency), spawnGpu, ...options });
}

function spawn(): WorkerHandle {
  const worker = new Worker(new URL('./browser.worker.ts', import.meta.url), { type: 'module' });
  return { api: wrap<WorkerApi>(worker), crashed: deathOf(worker), terminate: () => worker.terminate() };
}

async function spawnGpu(): Promise<GpuHandle> {
  const worker = new Worker(new URL('./gpu.worker.ts', import.meta.url), { type: 'module' });
  return { api: wrap<GpuApi>(worker), crashed: deathOf(worker), terminate: () => worker.terminate() };
}
