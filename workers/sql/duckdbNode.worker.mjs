/** The worker of DuckDB in Node: its script is written for web workers. It tells errors of queries as answers, and to the console, which is spared that. */
import { parentPort } from 'node:worker_threads';

console.log = () => {};
// It is written as a CommonJS module, too.
globalThis.__dirname ??= import.meta.dirname;
globalThis.postMessage = (message, buffers) => parentPort.postMessage(message, buffers);
await import('@duckdb/duckdb-wasm/dist/duckdb-node-eh.worker.cjs');
parentPort.on('message', (data) => globalThis.onmessage({ data }));
