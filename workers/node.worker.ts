/** A worker thread of a session in Node. */
import { parentPort } from 'node:worker_threads';
import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter.js';
import { createEngine } from './engine/createEngine.ts';
import { EngineHeap } from './engine/heap.ts';
import { LIBM_HEAP_BASE } from './engine/libm/libm.ts';
import { createWorkerHost } from './engineWorker.ts';
import { openEventFile } from './formats/open.ts';
import { nodeCache } from './io/cache/nodeCache.ts';
import { openSourceInNode } from './io/nodeFile.ts';

const host = createWorkerHost({
  heap: new EngineHeap(LIBM_HEAP_BASE),
  openSource: openSourceInNode,
  openCache: (place) => nodeCache((place as { folder: string }).folder),
  openEventFile,
  createEngine,
});
expose(host, nodeEndpoint(parentPort!));
