import { LumiscopeError } from '../../core/errors.ts';
import type { ColumnInfo } from '../../core/schema/column.ts';
import { cancelled } from '../io/errors.ts';
import { type Asking, askCondition, askText, type Rows } from './ask.ts';
import { DuckDb, type DuckDbPlatform, type LoadProgress } from './duckdb.ts';
import { missingTable, sqlError } from './sqlErrors.ts';
import type { Statement } from './statements.ts';
import { type Column, toArrow } from './toArrow.ts';

export interface SqlOptions {
  /** Bytes that DuckDB may take for tables and queries; default: 1 GiB. */
  memory?: number;
  /** While DuckDB loads. */
  onProgress?: (progress: LoadProgress) => void;
  signal?: AbortSignal | undefined;
}

/** A table that queries can name. */
export interface SqlTable {
  name: string;
  columns: readonly ColumnInfo[];
  /** Undefined while it is not loaded. */
  rows: number | undefined;
}

export interface QueryOptions {
  signal?: AbortSignal | undefined;
  /** Rows at most; default: 1,000,000. */
  limit?: number;
}

export interface SqlResult extends Rows {
  milliseconds: number;
}

/** Rows of a table for the first query that names it, in as many pieces as suits. */
export type LoadTable = (add: (columns: readonly Column[]) => Promise<void>, signal?: AbortSignal) => Promise<void>;

interface Kept {
  name: string;
  columns: readonly ColumnInfo[];
  /** Undefined while it is not loaded. */
  rows: number | undefined;
  /** What a new instance of DuckDB is given again; of a table that is loaded when it is named, nothing. */
  pieces: (readonly Column[])[];
  load?: LoadTable;
}

const MEMORY = 2 ** 30;
const ROWS = 1_000_000;
/** DuckDB looks after each batch whether it is to stop; one that takes longer is ended with its worker. */
const CANCEL_MS = 400;
/** `guid(hi, lo)` and `oid(x)` as the catalogue prints them; `fired(bits, number)`. */
const MACROS = [
  String.raw`CREATE MACRO guid(hi, lo) AS regexp_replace(printf('%016X%016X', hi, lo), '(.{8})(.{4})(.{4})(.{4})(.{12})', '\1-\2-\3-\4-\5')`,
  "CREATE MACRO oid(x) AS CASE WHEN x > 4294967295 THEN printf('%016X', x) ELSE printf('%08X', x) END",
  'CREATE MACRO fired(bits, number) AS list_contains(bits, number)',
];
/** The table that `filterRows` asks. */
const BATCH = 'batch';

/** A statement names a table that is there to be loaded. */
class Wanted extends Error {
  readonly table: Kept;
  constructor(table: Kept) {
    super(table.name);
    this.table = table;
  }
}

/**
 * Tables in DuckDB, and questions to them, one after the other. Nothing that is asked changes a table: it runs in a read-only transaction of a connection of its own, so
 * that what is temporary goes with it. Where DuckDB has to be started again (it can't be cancelled, or it failed), the tables come back.
 */
export class SqlDatabase {
  readonly #platform: DuckDbPlatform;
  readonly #options: SqlOptions;
  readonly #tables = new Map<string, Kept>();
  #duckdb: DuckDb;
  /** Of the host: it alone changes tables. */
  #conn = -1;
  #line: Promise<unknown> = Promise.resolve();
  #closed = false;

  private constructor(platform: DuckDbPlatform, options: SqlOptions, duckdb: DuckDb) {
    this.#platform = platform;
    this.#options = options;
    this.#duckdb = duckdb;
  }

  static async open(platform: DuckDbPlatform, options: SqlOptions): Promise<SqlDatabase> {
    const database = new SqlDatabase(platform, options, await start(platform, options));
    try {
      await database.#setUp();
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  }

  tables(): SqlTable[] {
    return [...this.#tables.values()].map(({ name, columns, rows }) => ({ name, columns, rows }));
  }

  /** Makes a table of columns, in place of the one of that name; `append`: adds rows to it. @throws LumiscopeError `limit` */
  register(name: string, columns: readonly Column[], append = false): Promise<void> {
    return this.#next(() => this.#register(name, columns, append));
  }

  /** A table that is loaded by the first query that names it, in place of the one of that name; also the first after DuckDB was started again. */
  provide(name: string, columns: readonly ColumnInfo[], load: LoadTable): Promise<void> {
    return this.#next(async () => {
      await this.#write(`DROP TABLE IF EXISTS ${quoted(name)}`);
      this.#tables.set(name.toLowerCase(), { name, columns, rows: undefined, pieces: [], load });
    });
  }

  remove(name: string): Promise<void> {
    return this.#next(async () => {
      if (this.#tables.delete(name.toLowerCase())) await this.#write(`DROP TABLE IF EXISTS ${quoted(name)}`);
    });
  }

  /**
   * Runs the statements of a text, and gives the rows of the last one that reads.
   * @throws LumiscopeError `expression` with the place in the text; `limit`; `cancelled`; what loading a table threw
   */
  query(text: string, { signal, limit = ROWS }: QueryOptions = {}): Promise<SqlResult> {
    return this.#next(async () => {
      const begin = performance.now();
      const rows = await this.#asked(signal, (asking) => askText(asking, text, limit));
      return { ...rows, milliseconds: performance.now() - begin };
    }, signal);
  }

  /**
   * Positions of rows for which a condition, one expression of SQL, is true.
   * @throws LumiscopeError as `query`
   */
  filterRows(columns: readonly Column[], condition: string, signal?: AbortSignal): Promise<Uint32Array> {
    return this.#next(async () => {
      await this.#insert(BATCH, columns, false);
      return this.#asked(signal, (asking) => askCondition(asking, condition, BATCH));
    }, signal);
  }

  close(): void {
    this.#closed = true;
    this.#duckdb.end();
  }

  /** In its turn. Who cancels hears at once, even while DuckDB is being stopped. */
  #next<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const turn = this.#line.then(() => {
      if (this.#closed || signal?.aborted) throw cancelled();
      return work();
    });
    this.#line = turn.catch(() => {});
    if (!signal) return turn;
    return new Promise((resolve, reject) => {
      const stop = () => reject(cancelled());
      signal.addEventListener('abort', stop, { once: true });
      turn.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
    });
  }

  /** Asks on a connection of its own, in a read-only transaction, with the tables that are wanted, until the signal fires. */
  async #asked<T>(signal: AbortSignal | undefined, work: (asking: Asking) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await this.#once(signal, work);
      } catch (error) {
        if (!(error instanceof Wanted)) throw error;
        await this.#load(error.table, signal);
      }
    }
  }

  async #once<T>(signal: AbortSignal | undefined, work: (asking: Asking) => Promise<T>): Promise<T> {
    let conn = -1;
    let isBegun = false;
    let last: ReturnType<typeof setTimeout> | undefined;
    const duckdb = this.#duckdb;
    const stop = () => {
      duckdb.ask((db) => db.cancelPendingQuery(conn)).catch(() => {});
      last = setTimeout(() => duckdb.end(), CANCEL_MS);
    };
    try {
      conn = await duckdb.ask((db) => db.connectInternal());
      signal?.addEventListener('abort', stop, { once: true });
      await duckdb.ask((db) => db.runQuery(conn, 'BEGIN TRANSACTION READ ONLY'));
      isBegun = true;
      if (signal?.aborted) throw cancelled();
      return await work({ duckdb, conn, signal, explain: this.#explain });
    } catch (error) {
      const { message } = error as Error;
      // One that takes no question any more is of no use, whatever it says.
      const lost = duckdb.isLost(error) || !(isBegun || signal?.aborted);
      if (lost && !this.#closed) await this.#restart();
      if (this.#closed || signal?.aborted) throw cancelled();
      if (lost) throw failed(message);
      throw error;
    } finally {
      clearTimeout(last);
      signal?.removeEventListener('abort', stop);
      if (duckdb === this.#duckdb) await duckdb.ask((db) => db.disconnect(conn)).catch(() => {});
    }
  }

  /** What an error of DuckDB is: a table that is not loaded yet, or a mistake in the text. */
  readonly #explain = (error: Error, text: string, statement: Statement, linesBefore: number): Error => {
    if (error instanceof LumiscopeError || this.#duckdb.isLost(error)) return error;
    const table = this.#tables.get(missingTable(error.message) ?? '');
    return table?.load && table.rows === undefined
      ? new Wanted(table)
      : sqlError(error.message, text, statement, linesBefore);
  };

  async #restart(): Promise<void> {
    this.#duckdb.end();
    this.#duckdb = await start(this.#platform, { memory: this.#options.memory });
    if (this.#closed) {
      this.#duckdb.end();
      throw cancelled();
    }
    await this.#setUp();
    for (const table of this.#tables.values()) {
      if (table.load) table.rows = undefined;
      for (const [k, columns] of table.pieces.entries()) await this.#put(table.name, columns, k > 0);
    }
  }

  async #setUp(): Promise<void> {
    this.#conn = await this.#duckdb.ask((db) => db.connectInternal());
    for (const macro of MACROS) await this.#write(macro);
  }

  async #load(table: Kept, signal?: AbortSignal): Promise<void> {
    const { name, load } = table;
    let rows: number | undefined;
    const add = async (columns: readonly Column[]) => {
      if (signal?.aborted) throw cancelled();
      await this.#insert(name, columns, rows !== undefined);
      table.columns = columns.map(({ info }) => info);
      rows = (rows ?? 0) + (columns[0]?.data.length ?? 0);
    };
    try {
      await load!(add, signal);
      table.rows = rows;
    } catch (error) {
      // What came of it is no whole table.
      await this.#write(`DROP TABLE IF EXISTS ${quoted(name)}`).catch(() => {});
      throw error;
    }
    if (rows === undefined) throw new Error(`the table ${name} was given no columns`);
  }

  async #register(name: string, columns: readonly Column[], append: boolean): Promise<void> {
    const key = name.toLowerCase();
    const before = append ? this.#tables.get(key) : undefined;
    await this.#insert(name, columns, !!before);
    const rows = columns[0]?.data.length ?? 0;
    if (before) {
      before.pieces.push(columns);
      before.rows = (before.rows ?? 0) + rows;
    } else {
      this.#tables.set(key, { name, columns: columns.map(({ info }) => info), pieces: [columns], rows });
    }
  }

  async #insert(name: string, columns: readonly Column[], append: boolean): Promise<void> {
    try {
      await this.#put(name, columns, append);
    } catch (error) {
      const lost = this.#duckdb.isLost(error);
      if (lost && !this.#closed) await this.#restart();
      throw lost || /^Out of Memory/.test((error as Error).message) ? tooLarge(name) : error;
    }
  }

  async #put(name: string, columns: readonly Column[], append: boolean): Promise<void> {
    if (!append) await this.#write(`DROP TABLE IF EXISTS ${quoted(name)}`);
    const options = { name, schema: 'main', create: !append };
    await this.#duckdb.ask((db) => db.insertArrowFromIPCStream(this.#conn, toArrow(columns), options));
  }

  async #write(sql: string): Promise<void> {
    await this.#duckdb.ask((db) => db.runQuery(this.#conn, sql));
  }
}

async function start(platform: DuckDbPlatform, { memory = MEMORY, onProgress, signal }: SqlOptions): Promise<DuckDb> {
  try {
    return await DuckDb.start(platform, memory, onProgress, signal);
  } catch (cause) {
    if (signal?.aborted) throw cancelled();
    throw new LumiscopeError('source', `DuckDB could not be started: ${(cause as Error).message}`, {
      hint: 'try again; it is a module of 34 MB (7.7 MB when compressed), and takes 200 MB of memory',
      cause,
    });
  }
}

function failed(message: string): LumiscopeError {
  return new LumiscopeError(
    'limit',
    `DuckDB failed at this query (${message}); it was started again, with all tables`,
    {
      hint: 'the memory of WebAssembly may have run out: ask for fewer rows, or for smaller lists',
    },
  );
}

function tooLarge(table: string): LumiscopeError {
  return new LumiscopeError('limit', `the table ${table} takes more memory than DuckDB may have here`, {
    hint: 'choose fewer columns or fewer records',
  });
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
