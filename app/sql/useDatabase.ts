import { useCallback, useEffect, useState } from 'react';
import { type PlainError, toPlain } from '../../core/errors.ts';
import type { LoadProgress } from '../../workers/sql/duckdb.ts';
import type { SqlDatabase, SqlTable } from '../../workers/sql/sqlDatabase.ts';
import { leaveDatabase, type Shelved, takeDatabase } from './shelf.ts';

/** How far DuckDB is loaded. */
export type Loading =
  | { state: 'loading'; progress: LoadProgress }
  | { state: 'failed'; error: PlainError; retry(): void }
  | { state: 'ready'; database: SqlDatabase; shelved: Shelved };

/**
 * DuckDB with the tables of some data, and what tables there are.
 * @param key what the data belong to: the same database as long as that lives
 */
export function useDatabase(
  key: object,
  setUp: (database: SqlDatabase) => Promise<void>,
): { loading: Loading; tables: readonly SqlTable[]; lookAgain(): void } {
  const [loading, setLoading] = useState<Loading>({ state: 'loading', progress: { bytes: 0, total: 0 } });
  const [tables, setTables] = useState<readonly SqlTable[]>([]);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the data; another attempt opens it anew
  useEffect(() => {
    let gone = false;
    setLoading({ state: 'loading', progress: { bytes: 0, total: 0 } });
    const shelved = takeDatabase(key, setUp, (progress) => !gone && setLoading({ state: 'loading', progress }));
    shelved.database.then(
      (database) => {
        if (gone) return;
        setLoading({ state: 'ready', database, shelved });
        setTables(database.tables());
      },
      (error) => !gone && setLoading({ state: 'failed', error: toPlain(error), retry: () => setAttempt((n) => n + 1) }),
    );
    return () => {
      gone = true;
      leaveDatabase(key);
    };
  }, [key, attempt]);
  const database = loading.state === 'ready' ? loading.database : undefined;
  const lookAgain = useCallback(() => setTables(database?.tables() ?? []), [database]);
  return { loading, tables, lookAgain };
}
