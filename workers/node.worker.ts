/** A worker thread of a session in Node. */
import { parentPort } from 'node:worker_threads';
import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter.js';
import { createEngine } from './engine/createEngine.ts';
import { EngineHeap } from './engine/heap.ts';
import { LIBM_HEAP_BASE } from './engine/libm/libm.ts';
import { createWorkerHost } from './engineWorker.ts';
import { openEventFile } from './formats/open.ts';
import { openSourceInNode } from './io/nodeFile.ts';

const host = createWorkerHost({
  heap: new EngineHeap(LIBM_HEAP_BASE),
  openSource: openSourceInNode,
  openEventFile,
  createEngine,
});
expose(host, nodeEndpoint(parentPort!));
