import { openSql } from '../../workers/sql/browserSql.ts';
import type { LoadProgress } from '../../workers/sql/duckdb.ts';
import type { SqlDatabase, SqlResult } from '../../workers/sql/sqlDatabase.ts';

/** A database that outlives the view that asks it, for a while: another tab of the page and back loads nothing anew. */
export interface Shelved {
  database: Promise<SqlDatabase>;
  /** What was asked last, and the answer. */
  last?: { text: string; result: SqlResult };
}

/** A database that nobody asks is closed after so long. */
const KEEP_MS = 120_000;

interface Place extends Shelved {
  users: number;
  closing?: ReturnType<typeof setTimeout>;
}

const places = new Map<object, Place>();

/**
 * The database of some data, opened if there is none.
 * @param key what the data belong to
 * @param setUp makes its tables known
 */
export function takeDatabase(
  key: object,
  setUp: (database: SqlDatabase) => Promise<void>,
  onProgress: (progress: LoadProgress) => void,
): Shelved {
  let place = places.get(key);
  if (!place) {
    const open = async () => {
      const database = await openSql({ onProgress });
      try {
        await setUp(database);
      } catch (error) {
        database.close();
        throw error;
      }
      return database;
    };
    const opened: Place = { database: open(), users: 0 };
    place = opened;
    places.set(key, opened);
    // Opened anew by the next one who asks.
    opened.database.catch(() => places.get(key) === opened && places.delete(key));
  }
  clearTimeout(place.closing);
  place.users++;
  return place;
}

/** Nobody looks at it any more. */
export function leaveDatabase(key: object): void {
  const place = places.get(key);
  if (!place || --place.users > 0) return;
  place.closing = setTimeout(() => {
    if (places.get(key) === place) places.delete(key);
    place.database.then(
      (database) => database.close(),
      () => {},
    );
  }, KEEP_MS);
}
