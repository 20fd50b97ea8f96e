import { wrap } from 'comlink';
import { createSession, defaultWorkers, type SessionOptions } from './createSession.ts';
import type { WorkerHandle } from './schedule/pool.ts';
import type { WorkerApi } from './schedule/workerApi.ts';
import type { DataSession } from './session.ts';

/** The session of a page, on web workers. */
export function createBrowserSession(options: SessionOptions = {}): DataSession {
  return createSession(spawn, { workers: defaultWorkers(navigator.hardwareConcurrency), ...options });
}

function spawn(): WorkerHandle {
  const worker = new Worker(new URL('./browser.worker.ts', import.meta.url), { type: 'module' });
  const crashed = new Promise<string>((resolve) => {
    worker.addEventListener('error', ({ message }) => resolve(message || 'its script could not be loaded'));
  });
  return { api: wrap<WorkerApi>(worker), crashed, terminate: () => worker.terminate() };
}
