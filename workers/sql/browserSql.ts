import wasm from '@duckdb/duckdb-wasm/dist/duckdb-eh.wasm?url';
import { SqlDatabase, type SqlOptions } from './sqlDatabase.ts';

/** Opens DuckDB in a page. @throws LumiscopeError `source` where it can't be loaded; `cancelled` */
export function openSql(options: SqlOptions = {}): Promise<SqlDatabase> {
  return SqlDatabase.open(
    {
      spawn: () => new Worker(new URL('./duckdb.worker.ts', import.meta.url), { type: 'module' }),
      wasm: new URL(wasm, document.baseURI).href,
    },
    options,
  );
}
