import { AsyncDuckDB, type InstantiationProgress, VoidLogger } from '@duckdb/duckdb-wasm';

/** How a platform runs DuckDB. */
export interface DuckDbPlatform {
  /** Starts the worker that DuckDB runs in. */
  spawn(): Worker;
  /** Address of `duckdb-eh.wasm`; in Node a path. */
  wasm: string;
}

/** Bytes of DuckDB that came so far, of all; the total is 0 where the server doesn't tell it. */
export interface LoadProgress {
  bytes: number;
  total: number;
}

/** Of a message of an instance that is of no use any more. */
const DEAD =
  /memory access out of bounds|unreachable|null function|indirect call|table index is out of bounds|Aborted\(|RuntimeError|INTERNAL Error|FATAL Error|Maximum call stack/;

/** The worker of DuckDB ended, or was ended: what was asked of it gets no answer. */
class DuckDbLost extends Error {}

/**
 * What DuckDB may do, before anybody can ask it anything: no extension, no file, no address; nothing of it can be changed afterwards. The parquet and json extensions
 * of DuckDB-WASM come from another host, which nothing here may call.
 */
const LOCK = [
  'SET autoinstall_known_extensions = false',
  'SET autoload_known_extensions = false',
  'SET enable_external_access = false',
  'SET lock_configuration = true',
];

/** One instance of DuckDB in its worker. */
export class DuckDb {
  readonly #db: AsyncDuckDB;
  readonly #lost: Promise<never>;
  #lose!: (error: DuckDbLost) => void;

  private constructor(worker: Worker) {
    this.#lost = new Promise<never>((_, reject) => {
      this.#lose = reject;
    });
    this.#lost.catch(() => {});
    worker.addEventListener('error', ({ message }) => this.#lose(new DuckDbLost(message || 'its worker ended')));
    this.#db = new AsyncDuckDB(new VoidLogger(), worker);
  }

  /** @param memory bytes that DuckDB may take for tables and queries */
  static async start(
    { spawn, wasm }: DuckDbPlatform,
    memory: number,
    onProgress?: (progress: LoadProgress) => void,
    signal?: AbortSignal,
  ): Promise<DuckDb> {
    const duckdb = new DuckDb(spawn());
    const stop = () => duckdb.end();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const told = ({ bytesLoaded, bytesTotal }: InstantiationProgress) =>
        onProgress?.({ bytes: bytesLoaded, total: bytesTotal });
      await duckdb.ask((db) => db.instantiate(wasm, null, told));
      await duckdb.ask((db) => db.open({ query: { castBigIntToDouble: false, castDecimalToDouble: false } }));
      const conn = await duckdb.ask((db) => db.connectInternal());
      for (const setting of [`SET memory_limit = '${Math.floor(memory / 2 ** 20)}MiB'`, ...LOCK]) {
        await duckdb.ask((db) => db.runQuery(conn, setting));
      }
      await duckdb.ask((db) => db.disconnect(conn));
      return duckdb;
    } catch (error) {
      duckdb.end();
      throw error;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  /** @throws DuckDbLost */
  ask<T>(work: (db: AsyncDuckDB) => Promise<T>): Promise<T> {
    return Promise.race([work(this.#db), this.#lost]);
  }

  /** Whether an error says that this instance answers nothing any more: its worker ended, the module trapped, or DuckDB gave its database up. */
  isLost(error: unknown): boolean {
    return error instanceof DuckDbLost || DEAD.test((error as Error).message);
  }

  end(): void {
    this.#lose(new DuckDbLost('it was ended'));
    void this.#db.terminate();
  }
}
