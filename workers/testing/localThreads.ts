import { expose, wrap } from 'comlink';
import { EngineHeap } from '../engine/heap.ts';
import { LIBM_HEAP_BASE } from '../engine/libm/libm.ts';
import { referenceEngine } from '../engine/reference/engine.ts';
import { createWorkerHost, type HostParts } from '../engineWorker.ts';
import type { WorkerHandle } from '../schedule/pool.ts';
import type { WorkerApi } from '../schedule/workerApi.ts';

/** A "thread" of this thread, that a test can kill. */
export interface LocalThread extends WorkerHandle {
  heap: EngineHeap;
  crash(reason: string): void;
}

/** Spawns worker hosts in this thread, over real message channels; all that were spawned are in `threads`. */
export function localThreads(parts: Pick<HostParts, 'openSource' | 'openEventFile'> & Partial<HostParts>): {
  spawn: () => LocalThread;
  threads: LocalThread[];
} {
  const threads: LocalThread[] = [];
  const spawn = () => {
    const heap = new EngineHeap(LIBM_HEAP_BASE);
    const { port1, port2 } = new MessageChannel();
    const host = createWorkerHost({ createEngine: async () => referenceEngine, ...parts, heap });
    expose(host, port1);
    let crash!: (reason: string) => void;
    const crashed = new Promise<string>((resolve) => {
      crash = resolve;
    });
    const close = () => {
      port1.close();
      port2.close();
    };
    const thread: LocalThread = {
      api: wrap<WorkerApi>(port2),
      crashed,
      terminate: close,
      heap,
      crash: (reason) => {
        close();
        crash(reason);
      },
    };
    threads.push(thread);
    return thread;
  };
  return { spawn, threads };
}
