/** A worker thread of a catalogue in Node. */
import { parentPort } from 'node:worker_threads';
import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/umd/node-adapter.js';
import { nodeCache } from '../io/cache/nodeCache.ts';
import { openSourceInNode } from '../io/nodeFile.ts';
import { nodeGpu } from '../nodeGpu.ts';
import { createCatalogueThread } from './catalogueThread.ts';

const thread = createCatalogueThread({
  openSource: openSourceInNode,
  openCache: (place) => nodeCache((place as { folder: string }).folder),
  findGpu: nodeGpu,
});
expose(thread, nodeEndpoint(parentPort!));
