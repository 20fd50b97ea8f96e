/** A worker thread of the page's session. */
import { expose } from 'comlink';
import { createEngine } from './engine/createEngine.ts';
import { EngineHeap } from './engine/heap.ts';
import { LIBM_HEAP_BASE } from './engine/libm/libm.ts';
import { createWorkerHost } from './engineWorker.ts';
import { openEventFile } from './formats/open.ts';
import { browserCache } from './io/cache/browserCache.ts';
import { openSource } from './io/openSource.ts';

expose(
  createWorkerHost({
    heap: new EngineHeap(LIBM_HEAP_BASE),
    openSource,
    openCache: browserCache,
    openEventFile,
    createEngine,
  }),
);
