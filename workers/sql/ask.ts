import { tableFromIPC } from 'apache-arrow';
import { LumiscopeError } from '../../core/errors.ts';
import { cancelled } from '../io/errors.ts';
import type { DuckDb } from './duckdb.ts';
import { ResultColumns, type SqlColumn } from './fromArrow.ts';
import { isDescribed, isReading, placeIn, type Statement, takeApart } from './statements.ts';

/** Rows of a statement. */
export interface Rows {
  columns: SqlColumn[];
  rows: number;
  /** There are more rows than the limit: they were not computed, or thrown away. */
  truncated: boolean;
}

/** Where a question is asked, and how an error of DuckDB is explained. */
export interface Asking {
  duckdb: DuckDb;
  /** A connection in a read-only transaction. */
  conn: number;
  signal?: AbortSignal | undefined;
  /** @param linesBefore lines that were put before the statement when it was asked */
  explain(error: Error, text: string, statement: Statement, linesBefore: number): Error;
}

interface Described {
  name: string;
  type: string;
}

/** Types whose values come over as they are, or that `ResultColumns` makes numbers of. Others come as text. */
const AS_IS =
  /^(?:(?:BOOLEAN|U?(?:TINY|SMALL|BIG)INT|U?INTEGER|FLOAT|DOUBLE|VARCHAR)(?:\[\]){0,2}|HUGEINT|DECIMAL\(\d+,\d+\))$/;
/** The kinds of DuckDB's tokens that matter here. */
const OPERATOR = 3;

/** Runs the statements of a text: the rows of the last one that reads. */
export async function askText(asking: Asking, text: string, limit: number): Promise<Rows> {
  const statements = takeApart(text, await asking.duckdb.ask((db) => db.tokenize(text)));
  const shown = statements.findLast(isReading);
  if (!shown) throw new LumiscopeError('expression', 'there is nothing to ask', { hint: 'write a SELECT statement' });
  let result!: Rows;
  for (const statement of statements) {
    const given = await askStatement(asking, text, statement, statement === shown ? limit : 0);
    if (statement === shown) result = given;
  }
  return result;
}

/** Positions of the rows of a table for which a condition is true. */
export async function askCondition(asking: Asking, condition: string, table: string): Promise<Uint32Array> {
  const { duckdb } = asking;
  const statement: Statement = { text: condition, span: [0, condition.length], verb: 'SELECT' };
  await checkExpression(duckdb, condition);
  const described = await describe(asking, `SELECT (\n${condition}\n) FROM ${table}`);
  if (described && (described.length !== 1 || described[0]!.type !== 'BOOLEAN')) {
    throw noCondition(
      condition,
      described.length === 1 ? `it is of type ${described[0]!.type}` : 'it is more than one',
    );
  }
  try {
    const rows = await run(asking, `SELECT rowid FROM ${table} WHERE (\n${condition}\n)`, Infinity);
    return Uint32Array.from(rows.columns[0]!.data.values as BigInt64Array, Number).sort();
  } catch (error) {
    throw asking.explain(error as Error, condition, statement, 1);
  }
}

async function askStatement(asking: Asking, text: string, statement: Statement, limit: number): Promise<Rows> {
  const described = isDescribed(statement) ? await describe(asking, statement.text) : undefined;
  const wrapped = described?.some(({ type }) => !AS_IS.test(type));
  try {
    return await run(asking, wrapped ? withCasts(statement.text, described!) : statement.text, limit, described);
  } catch (error) {
    throw asking.explain(error as Error, text, statement, wrapped ? 1 : 0);
  }
}

/** Names and types of what a statement gives; undefined where it is wrong, which running it says better. */
async function describe({ duckdb, conn }: Asking, statement: string): Promise<Described[] | undefined> {
  try {
    const rows = tableFromIPC(await duckdb.ask((db) => db.runQuery(conn, `DESCRIBE\n${statement}`))).toArray();
    return rows.map((row) => ({ name: String(row.column_name), type: String(row.column_type) }));
  } catch (error) {
    if (duckdb.isLost(error)) throw error;
    return undefined;
  }
}

async function run(
  { duckdb, conn, signal }: Asking,
  sql: string,
  limit: number,
  described?: Described[],
): Promise<Rows> {
  let header = await duckdb.ask((db) => db.startPendingQuery(conn, sql, true));
  while (header === null) header = await duckdb.ask((db) => db.pollPendingQuery(conn));
  const columns = new ResultColumns(header, described);
  let truncated = false;
  while (!truncated) {
    if (signal?.aborted) throw cancelled();
    const batch = await duckdb.ask((db) => db.fetchQueryResults(conn));
    if (batch?.length === 0) break;
    if (batch) truncated = columns.add(batch, limit);
  }
  return { columns: columns.finish(), rows: columns.rows, truncated };
}

/** The same rows, with columns as text that Arrow would bring over with less than they hold. */
function withCasts(text: string, described: readonly Described[]): string {
  const names = described.map((_, k) => `c${k}`);
  const casts = described.map(({ type }, k) => (AS_IS.test(type) ? names[k] : `CAST(${names[k]} AS VARCHAR)`));
  return `SELECT ${casts.join(', ')} FROM (\n${text}\n) AS t(${names.join(', ')})`;
}

/** One expression: parentheses that it opens itself, and no semicolon. */
async function checkExpression(duckdb: DuckDb, condition: string): Promise<void> {
  const { offsets, types } = await duckdb.ask((db) => db.tokenize(condition));
  if (offsets.length === 0) throw noCondition(condition, 'it is empty');
  const bytes = new TextEncoder().encode(condition);
  let depth = 0;
  for (const [k, offset] of offsets.entries()) {
    if ((types[k] as number) !== OPERATOR) continue;
    const sign = String.fromCharCode(bytes[offset]!);
    if (sign === ';') throw noCondition(condition, 'it has a semicolon');
    if (sign === '(') depth++;
    if (sign === ')' && --depth < 0) throw noCondition(condition, 'it closes a parenthesis that it does not open');
  }
}

function noCondition(condition: string, why: string): LumiscopeError {
  return new LumiscopeError('expression', `this is no condition: ${why}`, {
    hint: 'write one expression that is true or false: lb BETWEEN 10 AND 20 AND fired(tav, 7)',
    place: placeIn(condition, 0, condition.length),
  });
}
