import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ColumnData, ColumnInfo, ValueType } from '../../core/schema/column.ts';
import { VALUE_ARRAYS } from '../../core/schema/column.ts';
import { nodePlatform } from './nodeSql.ts';
import { SqlDatabase, type SqlResult } from './sqlDatabase.ts';
import type { Column } from './toArrow.ts';

let sql: SqlDatabase;
const workers: Worker[] = [];

beforeAll(async () => {
  const { spawn, wasm } = nodePlatform();
  const counted = () => {
    const worker = spawn();
    workers.push(worker);
    return worker;
  };
  sql = await SqlDatabase.open({ spawn: counted, wasm }, { memory: 128 * 2 ** 20 });
  await sql.register('t', [
    column('eventno', 'uint64', [1n, 2n ** 53n + 1n, 2n ** 64n - 1n]),
    column('name', 'string', [1, 0, 1], { dictionary: ['a', 'bé'] }),
    column('fired', 'bool', [1, 0, 1]),
    column('maybe', 'int16', [-5, 0, 7], { valid: [1, 0, 1] }),
    { info: info('bits', 'uint16', 1), data: jagged('uint16', [0, 2, 2, 3], [7, 9, 512]) },
  ]);
}, 60_000);
afterAll(() => sql.close());

describe('values go in and come out as they are', () => {
  it('numbers past 2^53, text, booleans, missing values, lists', async () => {
    const result = await sql.query('SELECT * FROM t');
    expect(table(result)).toEqual({
      eventno: [1n, 2n ** 53n + 1n, 2n ** 64n - 1n],
      name: ['bé', 'a', 'bé'],
      fired: [1, 0, 1],
      maybe: [-5, undefined, 7],
      bits: [[7, 9], [], [512]],
    });
    expect(result.columns.map(({ sqlType }) => sqlType)).toEqual([
      'UBIGINT',
      'VARCHAR',
      'BOOLEAN',
      'SMALLINT',
      'USMALLINT[]',
    ]);
  });

  it.each([1, 9, 3000])('%i booleans that are all missing', async (rows) => {
    const data: ColumnData = { ...flat('bool', new Uint8Array(rows)), valid: new Uint8Array(rows) };
    await sql.register('nothing', [
      { info: info('b', 'bool'), data },
      { info: info('n', 'uint8'), data: flat('uint8', new Uint8Array(rows).fill(3)) },
    ]);
    const counts = await sql.query('SELECT count(*) AS rows, count(b) AS there, sum(n) AS sum FROM nothing');
    expect(table(counts)).toEqual({ rows: [BigInt(rows)], there: [0n], sum: [BigInt(3 * rows)] });
    await sql.remove('nothing');
  });

  it('sums and decimals are numbers where they are exact, and else text, as are times and what has no type here', async () => {
    const { columns, ...rest } = await sql.query(`SELECT sum(eventno)::HUGEINT AS sum, 0.25 AS quarter, sum(1) AS small,
      12345678901234567890.5 AS large, TIMESTAMP '2026-01-02 03:04:05.678901' AS time, {'a': 1} AS struct,
      18446744073709551615::HUGEINT AS u, [1.5] AS list, NULL AS nothing, INTERVAL 3 DAY AS wait,
      '00000000-0000-0000-0000-000000000001'::UUID AS id, TIMESTAMPTZ '2020-01-01 00:00:00+00' AS zone FROM t`);
    expect(rest).toMatchObject({ rows: 1, truncated: false });
    expect(table({ columns })).toEqual({
      sum: [String(2n ** 53n + 1n + 2n ** 64n)],
      quarter: [0.25],
      small: [3n],
      large: ['12345678901234567890.5'],
      time: ['2026-01-02 03:04:05.678901'],
      struct: ["{'a': 1}"],
      u: [2n ** 64n - 1n],
      list: ['[1.5]'],
      nothing: [undefined],
      wait: ['3 days'],
      id: ['00000000-0000-0000-0000-000000000001'],
      zone: [expect.stringContaining('2020-01-01 00:00:00')],
    });
    expect(columns[4]!.sqlType).toBe('TIMESTAMP');
  });

  it.each([
    "PIVOT (SELECT TIMESTAMP '2026-01-02 03:04:05.678901' AS time, 1 AS x, 'a' AS y) ON y USING sum(x)",
    "UNPIVOT (SELECT TIMESTAMP '2026-01-02 03:04:05.678901' AS a) ON a INTO NAME name VALUE time",
    "(SELECT TIMESTAMP '2026-01-02 03:04:05.678901' AS time)",
    "VALUES (TIMESTAMP '2026-01-02 03:04:05.678901')",
    "CREATE TEMP TABLE times AS SELECT TIMESTAMP '2026-01-02 03:04:05.678901' AS time; TABLE times",
  ])('times are text, whatever asks for them: %s', async (text) => {
    const { columns } = await sql.query(text);
    expect(columns.flatMap(({ data }) => data.dictionary ?? [])).toContain('2026-01-02 03:04:05.678901');
  });

  it('guid, oid and fired', async () => {
    const result = await sql.query(
      "SELECT guid(81985529216486895::UBIGINT, 18446744073709551615::UBIGINT) g, oid(255) o, oid(4294967296::UBIGINT) p, fired(bits, 9) f FROM t WHERE name = 'bé'",
    );
    expect(table(result)).toEqual({
      g: Array(2).fill('01234567-89AB-CDEF-FFFF-FFFFFFFFFFFF'),
      o: Array(2).fill('000000FF'),
      p: Array(2).fill('0000000100000000'),
      f: [1, 0],
    });
  });

  it('an order holds where columns are made text, and the limit is kept', async () => {
    const ordered = await sql.query(
      "SELECT range AS n, DATE '2026-01-01' + range::INTEGER AS d FROM range(5000) ORDER BY n DESC",
      {
        limit: 3000,
      },
    );
    expect(ordered).toMatchObject({ rows: 3000, truncated: true });
    expect([...(ordered.columns[0]!.data.values as BigInt64Array)]).toEqual(
      Array.from({ length: 3000 }, (_, i) => BigInt(4999 - i)),
    );
    expect(await sql.query('SELECT * FROM range(5)', { limit: 5 })).toMatchObject({ rows: 5, truncated: false });
  });

  it('rows are added to a table', async () => {
    await sql.register('grown', [column('x', 'int32', [1, 2])]);
    await sql.register('grown', [column('x', 'int32', [3])], true);
    expect(sql.tables().find(({ name }) => name === 'grown')).toMatchObject({ rows: 3 });
    expect(table(await sql.query('FROM grown'))).toEqual({ x: [1, 2, 3] });
    await sql.remove('grown');
    await expect(sql.query('FROM grown')).rejects.toThrow(/grown does not exist/);
  });
});

describe('tables are read only', () => {
  it.each([
    'INSERT INTO t VALUES (1)',
    'INSERT INTO t SELECT * FROM t',
    'UPDATE t SET maybe = 1',
    'DELETE FROM t',
    'TRUNCATE t',
    'DROP TABLE t',
    'ALTER TABLE t ADD COLUMN x INTEGER',
    'CREATE TABLE u AS SELECT 1',
    'CREATE OR REPLACE TABLE t AS SELECT 1',
    'CREATE VIEW v AS SELECT 1',
    'CREATE MACRO m(x) AS x',
    'CREATE SCHEMA s',
    'WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM t',
    'EXPLAIN ANALYZE DELETE FROM t',
    'MERGE INTO t USING (SELECT 1 AS eventno) s ON s.eventno = t.eventno WHEN MATCHED THEN DELETE',
    "COPY t TO 'x.csv'",
    "COPY t FROM 'x.csv'",
    "ATTACH 'x.db'",
    "ATTACH ':memory:' AS other",
    'DETACH memory',
    'INSTALL json',
    'LOAD parquet',
    'PRAGMA enable_profiling',
    'SET threads = 1',
    'RESET memory_limit',
    'SET VARIABLE x = 1',
    'BEGIN',
    'COMMIT',
    'ROLLBACK; DELETE FROM t',
    'PREPARE a AS DELETE FROM t',
    'CALL pragma_version()',
    'CHECKPOINT',
    'VACUUM',
    "EXPORT DATABASE 'x'",
    'USE memory',
    "COMMENT ON TABLE t IS 'x'",
    'SELECT 1; /* ; */ DELETE FROM t',
    'EXPLAIN ANALYZE COMMIT; DELETE FROM t',
    'explain /* it */ analyze rollback; DELETE FROM t',
    'EXPLAIN (FORMAT json) COMMIT',
    'EXPLAIN (ANALYZE) COMMIT; DELETE FROM t',
    'EXPLAIN ANALYZE VERBOSE COMMIT; DELETE FROM t',
    'EXPLAIN\u00a0ANALYZE\u00a0COMMIT; DELETE FROM t',
    'EXPLAIN\u00a0ANALYZE\u00a0COMMIT;\u00a0DELETE FROM t',
    'EXPLAIN ANALYZE CALL enable_logging()',
    'FROM enable_logging()',
    "FROM query('FROM enable_logging()')",
  ])('%s', async (statement) => {
    await expect(sql.query(`${statement}; SELECT 1`)).rejects.toMatchObject({
      tag: 'expression',
      message: expect.stringMatching(/not possible here|binder|[Tt]able t has/),
    });
    expect((await sql.query('FROM t')).rows).toBe(3);
  });

  it.each([
    ["FROM read_csv('http://localhost:9/x.csv')", /file system operations are disabled/],
    ["FROM 'http://localhost:9/x.parquet'", /does not exist/],
    ["SELECT content FROM read_text('/etc/hostname')", /file system operations are disabled/],
    ["FROM glob('*')", /file system operations are disabled/],
    ["SELECT '[1]'::JSON", /json/],
    ["FROM read_parquet('x.parquet')", /read_parquet/],
  ])('no file, no address, no extension: %s', async (statement, message) => {
    await expect(sql.query(statement)).rejects.toMatchObject({
      tag: 'expression',
      message: expect.stringMatching(message),
    });
    const loaded = await sql.query(
      "SELECT extension_name FROM duckdb_extensions() WHERE loaded AND extension_name IN ('json', 'parquet', 'httpfs')",
    );
    expect(loaded.rows).toBe(0);
  });

  it('what is temporary lasts for the text', async () => {
    const text =
      'CREATE TEMP TABLE u AS SELECT 2 AS x; INSERT INTO u VALUES (3); SELECT sum(x) AS s FROM u; DROP TABLE u -- done';
    for (let round = 0; round < 2; round++) expect(table(await sql.query(text))).toEqual({ s: [5n] });
    await expect(sql.query('FROM u')).rejects.toThrow(/u does not exist/);
  });

  it.each([
    'DESCRIBE t',
    'SHOW TABLES',
    'SUMMARIZE t',
    'EXPLAIN FROM t',
    'EXPLAIN ANALYZE FROM t',
    'EXPLAIN (SELECT 1)',
    'EXPLAIN (FORMAT text) SELECT 1',
    'PIVOT t ON fired USING count(*)',
    '(SELECT 1)',
    'VALUES (1)',
    'TABLE t',
    "SELECT ';' -- ;\n",
    'SELECT 1;\u00a0;\u00a0-- nothing',
    '\u00a0SELECT\u00a01 ;\u00a0\n SELECT 2;\u00a0',
  ])('%s is a question', async (text) => {
    expect((await sql.query(text)).rows).toBeGreaterThan(0);
  });
});

describe('errors say where', () => {
  it.each([
    ['SELECT 1;\n\nSELEC 2', 3, 1, 'SELEC'],
    ["SELECT 'é😀', nope FROM t", 1, 15, 'nope'],
    ["SELECT DATE '2020-01-01',\n  wrong(1)", 2, 3, 'wrong'],
    [`SELECT ${'eventno + '.repeat(30)} missing FROM t`, 1, 309, 'missing'],
    ['SELECT * FROM nowhere', 1, 15, 'nowhere'],
    ['SELECT 1; DELETE FROM t', 1, 11, 'DELETE'],
  ])('%s', async (text, line, col, word) => {
    const error = await sql.query(text).catch((error) => error);
    expect(error).toMatchObject({ tag: 'expression', place: { line, col } });
    const [from, to] = error.place.span;
    expect(text.slice(from, to)).toBe(word);
  });

  it.each(['', ' -- nothing\n', ';'])('a text without a statement: %j', async (text) => {
    await expect(sql.query(text)).rejects.toThrow(/nothing to ask/);
  });
});

describe('conditions', () => {
  const columns = [
    column('lb', 'uint32', [5, 10, 15, 20]),
    { info: info('tav', 'uint16', 1), data: jagged('uint16', [0, 1, 1, 3, 4], [7, 7, 8, 9]) },
  ];

  it.each([
    ['lb BETWEEN 10 AND 15', [1, 2]],
    ['fired(tav, 7) -- muons', [0, 2]],
    ['lb > 100', []],
    ['len(tav) = 0 OR NULL', [1]],
    ["lb > 5 AND ')' <> ';'", [1, 2, 3]],
  ])('%s', async (condition, rows) => {
    expect([...(await sql.filterRows(columns, condition))]).toEqual(rows);
  });

  it.each([
    ['lb', /of type UINTEGER/],
    ['lb > 1) OR (true', /parenthesis/],
    ['lb > 1; DROP TABLE t', /semicolon/],
    ['', /empty/],
    ['lb > 1, lb > 2', /no condition/],
    ['bl > 1', /bl/],
  ])('%s is none', async (condition, message) => {
    await expect(sql.filterRows(columns, condition)).rejects.toMatchObject({
      tag: 'expression',
      message: expect.stringMatching(message),
    });
  });
});

describe('stopping', () => {
  it.each([
    ['at the next batch', 'SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range * b.range % 7 = 3'],
    [
      'by its worker',
      'SELECT sum(x) FROM (SELECT list_sum(list_transform(range(20000), y -> y * a.range)) AS x FROM range(100000) a)',
    ],
  ])('a query ends within a moment %s, and the tables are there', async (_, text) => {
    const abort = new AbortController();
    const asked = sql.query(text, { signal: abort.signal });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const begin = performance.now();
    abort.abort();
    await expect(asked).rejects.toMatchObject({ tag: 'cancelled' });
    expect(performance.now() - begin).toBeLessThan(1000);
    expect((await sql.query('FROM t')).rows).toBe(3);
    expect(performance.now() - begin).toBeLessThan(20_000);
  });

  it('more memory than DuckDB may have is an error', async () => {
    const text = 'SELECT range, random() AS r FROM range(100000000) ORDER BY r';
    await expect(sql.query(text)).rejects.toMatchObject({ tag: 'limit' });
    expect((await sql.query('FROM t')).rows).toBe(3);
  });

  it('where DuckDB fails it is started again, and the tables are there', async () => {
    const asked = sql.query(
      'SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range * b.range % 7 = 3',
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    vi.spyOn(console, 'error').mockImplementation(() => {});
    workers.at(-1)!.dispatchEvent(Object.assign(new Event('error'), { message: 'memory access out of bounds' }));
    await expect(asked).rejects.toMatchObject({ tag: 'limit', message: expect.stringContaining('started again') });
    expect(table(await sql.query('SELECT eventno FROM t'))).toEqual({ eventno: [1n, 2n ** 53n + 1n, 2n ** 64n - 1n] });
  });
});

it('an instance that takes no question any more is started again', async () => {
  // The function is put together, so that it is not seen in the text.
  await sql.query("FROM query('FROM enable_' || 'logging(storage=''file'', storage_path=''/nowhere/log'')')");
  await expect(sql.query('FROM t')).rejects.toMatchObject({ tag: 'limit' });
  expect((await sql.query('FROM t')).rows).toBe(3);
});

it('who closes it in the middle of a question is told that it was cancelled, and no worker is left', async () => {
  const platform = nodePlatform();
  const ended: Worker[] = [];
  const spawn = () => {
    const worker = platform.spawn();
    const terminate = worker.terminate.bind(worker);
    worker.terminate = () => {
      ended.push(worker);
      terminate();
    };
    return worker;
  };
  const other = await SqlDatabase.open({ ...platform, spawn }, { memory: 128 * 2 ** 20 });
  const asked = other.query(
    'SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range * b.range % 7 = 3',
  );
  const next = other.query('SELECT 1');
  setTimeout(() => other.close(), 50);
  await expect(asked).rejects.toMatchObject({ tag: 'cancelled' });
  await expect(next).rejects.toMatchObject({ tag: 'cancelled' });
  expect(ended.length).toBe(1);
});

it('one that is closed while DuckDB starts again leaves no worker', async () => {
  const platform = nodePlatform();
  const own: Worker[] = [];
  const ended = new Set<Worker>();
  const spawn = () => {
    const worker = platform.spawn();
    const terminate = worker.terminate.bind(worker);
    worker.terminate = () => {
      ended.add(worker);
      terminate();
    };
    if (own.push(worker) === 2) other.close();
    return worker;
  };
  const other = await SqlDatabase.open({ ...platform, spawn }, { memory: 128 * 2 ** 20 });
  const asked = other.query('SELECT 1');
  vi.spyOn(console, 'error').mockImplementation(() => {});
  own[0]!.dispatchEvent(Object.assign(new Event('error'), { message: 'memory access out of bounds' }));
  await expect(asked).rejects.toMatchObject({ tag: 'cancelled' });
  expect(own.map((worker) => ended.has(worker))).toEqual([true, true]);
});

it('a table is loaded by the first query that names it', async () => {
  let loads = 0;
  const x = column('x', 'int32', [1, 2]);
  await sql.provide('later', [x.info], async (add) => {
    loads++;
    if (loads === 1) {
      await add([x]);
      throw new Error('cut off');
    }
    await add([x]);
    await add([x]);
  });
  await sql.query("SELECT 'later'");
  expect(loads).toBe(0);
  expect(sql.tables().find(({ name }) => name === 'later')).toMatchObject({ rows: undefined });
  await expect(sql.query('FROM later')).rejects.toThrow('cut off');
  for (const text of ['CREATE TEMP TABLE c AS FROM Later; FROM c', 'DESCRIBE later; FROM later']) {
    expect((await sql.query(text)).rows).toBe(4);
  }
  expect(loads).toBe(2);
});

function info(name: string, type: ValueType, depth = 0): ColumnInfo {
  return { name, type, depth, nullable: false };
}

function flat(type: ValueType, values: ColumnData['values']): ColumnData {
  return { type, length: values.length, offsets: [], values };
}

function column(
  name: string,
  type: ValueType,
  values: (number | bigint)[],
  more: { valid?: number[]; dictionary?: string[] } = {},
): Column {
  const { valid, dictionary } = more;
  const data = flat(type, (VALUE_ARRAYS[type] as typeof Uint8Array).from(values as number[]));
  return {
    info: { ...info(name, type), nullable: !!valid },
    data: { ...data, ...(dictionary && { dictionary }), ...(valid && { valid: Uint8Array.from(valid) }) },
  };
}

function jagged(type: ValueType, offsets: number[], values: number[]): ColumnData {
  const array = (VALUE_ARRAYS[type] as typeof Uint8Array).from(values);
  return { type, length: offsets.length - 1, offsets: [Uint32Array.from(offsets)], values: array };
}

/** Plain values, by column. */
function table({ columns }: Pick<SqlResult, 'columns'>): Record<string, unknown[]> {
  return Object.fromEntries(
    columns.map(({ info, data }) => {
      const { values, valid, dictionary, offsets, length } = data;
      const one = (i: number) =>
        valid && !valid[i] ? undefined : dictionary ? dictionary[Number(values[i])] : values[i];
      const at = offsets[0];
      const row = (i: number) => (at ? Array.from({ length: at[i + 1]! - at[i]! }, (_, k) => one(at[i]! + k)) : one(i));
      return [info.name, Array.from({ length }, (_, i) => row(i))];
    }),
  );
}
