/** A consumer in a thread of the relay. */
import { parentPort, workerData } from 'node:worker_threads';
import { openObjectStore } from '../../workers/objects/openObjectStore.ts';
import { Wake } from '../wake.ts';
import { consume } from './consume.ts';
import type { Order, Report, ThreadTask } from './consumerThread.ts';

const { store, ...task } = workerData as ThreadTask;
const port = parentPort!;
const wake = new Wake();
const stopping = new AbortController();
const report = (what: Report) => port.postMessage(what);

port.on('message', (order: Order) => {
  if (order.kind === 'wake') wake.call(order.dataset);
  else stopping.abort();
});

await consume({
  ...task,
  objects: openObjectStore(store),
  tell: (happening) => report({ kind: 'told', happening }),
  ended: (dataset) => report({ kind: 'ended', dataset }),
  signal: stopping.signal,
  wake,
});
port.close();
