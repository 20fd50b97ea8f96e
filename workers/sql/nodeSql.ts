import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker as NodeWorker, type TransferListItem } from 'node:worker_threads';
import type { DuckDbPlatform } from './duckdb.ts';
import { SqlDatabase, type SqlOptions } from './sqlDatabase.ts';

const BUILT = !import.meta.url.endsWith('.ts');

/** Opens DuckDB in Node. Not from a worker thread: DuckDB's client takes those for its own. */
export function openSql(options: SqlOptions = {}): Promise<SqlDatabase> {
  return SqlDatabase.open(nodePlatform(), { memory: 2 * 2 ** 30, ...options });
}

/** DuckDB in a thread of Node; the build puts its script and its module beside the program. */
export function nodePlatform(): DuckDbPlatform {
  const wasm = BUILT
    ? fileURLToPath(new URL('../duckdb-eh.wasm', import.meta.url))
    : createRequire(import.meta.url).resolve('@duckdb/duckdb-wasm/dist/duckdb-eh.wasm');
  return { spawn: () => new WebWorker() as unknown as Worker, wasm };
}

/** A thread of Node as the web worker that DuckDB's client expects. */
class WebWorker extends EventTarget {
  readonly #thread = new NodeWorker(
    new URL(BUILT ? '../duckdbNode.worker.js' : './duckdbNode.worker.mjs', import.meta.url),
  );

  constructor() {
    super();
    // The program may end before it is closed.
    this.#thread.unref();
    this.#thread.on('message', (data) => this.dispatchEvent(new MessageEvent('message', { data })));
    this.#thread.on('error', ({ message }) => this.dispatchEvent(Object.assign(new Event('error'), { message })));
  }

  postMessage(message: unknown, buffers: readonly TransferListItem[] = []): void {
    this.#thread.ref();
    this.#thread.postMessage(message, buffers);
  }

  terminate(): void {
    void this.#thread.terminate();
  }
}
