import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnData } from '../../../core/schema/column.ts';
import { openSource } from '../../io/openSource.ts';
import type { EventFile } from '../eventFile.ts';
import { openEventFile } from '../open.ts';
import { openCsv } from './openCsv.ts';

async function open(text: string | Uint8Array, name = 'b2.csv', counter = { bytes: 0, requests: 0 }) {
  const blob = new Blob([text as BlobPart]);
  const { source, file } = await openSource({ kind: 'blob', name, blob }, { counter });
  return openEventFile(source, file);
}

function plain({ values, valid, dictionary }: ColumnData): unknown[] {
  return Array.from<number | bigint, unknown>(values, (value, i) =>
    valid?.[i] === 0 ? null : dictionary ? dictionary[Number(value)] : value,
  );
}

async function contents(file: EventFile): Promise<Record<string, unknown[]>> {
  const names = file.summary.columns.map(({ name }) => name);
  const all: Record<string, unknown[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (const chunk of file.summary.chunks.keys()) {
    const columns = await file.readChunk(chunk, names);
    columns.forEach((column, k) => {
      all[names[k]!]!.push(...plain(column));
    });
  }
  return all;
}

const types = ({ summary }: EventFile) => Object.fromEntries(summary.columns.map(({ name, type }) => [name, type]));

const BELLE = `__experiment__,__run__,__event__,M,p,isSignal
12,345,9007199254740993,5.2791,1.5,1.0
12,345,-1,nan,,0.0
12,346,3,-inf,2e-3,1.0
`;

describe('a table of text', () => {
  it('has the types that its cells have, and missing values where they are empty', async () => {
    const file = await open(BELLE);
    expect(file.summary).toMatchObject({ format: 'csv', events: 3, rowWise: true, unsupported: [] });
    expect(types(file)).toEqual({
      __experiment__: 'int32',
      __run__: 'int32',
      __event__: 'int64',
      M: 'float64',
      p: 'float64',
      isSignal: 'float64',
    });
    expect(file.summary.columns.filter(({ nullable }) => nullable).map(({ name }) => name)).toEqual(['p']);
    expect(await contents(file)).toEqual({
      __experiment__: [12, 12, 12],
      __run__: [345, 345, 346],
      __event__: [9007199254740993n, -1n, 3n],
      M: [5.2791, Number.NaN, Number.NEGATIVE_INFINITY],
      p: [1.5, null, 0.002],
      isSignal: [1, 0, 1],
    });
    expect([...file.summary.columnRanges].slice(4, 10)).toEqual([-1, 9007199254740992, 5.2791, 5.2791, 0.002, 1.5]);
  });

  it('takes the types that its header says', async () => {
    const file = await open(
      'a:int8,b:float32,c:string,d:bool,e:uint64,f:double,"g:int8"\n-128,0.1,7,0,18446744073709551615,3,x\n127,1,,True,,,y\n',
    );
    expect(types(file)).toEqual({
      a: 'int8',
      b: 'float32',
      c: 'string',
      d: 'bool',
      e: 'uint64',
      f: 'float64',
      'g:int8': 'string',
    });
    expect(await contents(file)).toEqual({
      a: [-128, 127],
      b: [Math.fround(0.1), 1],
      c: ['7', null],
      d: [0, 1],
      e: [2n ** 64n - 1n, null],
      f: [3, null],
      'g:int8': ['x', 'y'],
    });
  });

  it('reads quotes as RFC 4180 writes them', async () => {
    const file = await open('name,"x, y",z\n"a ""b"" c",1,"two\nlines"\n  "d" , "2" ,""\n,3,\n');
    expect(await contents(file)).toEqual({
      name: ['a "b" c', 'd', null],
      'x, y': [1, 2, 3],
      z: ['two\nlines', '', null],
    });
  });

  it.each([
    ['CRLF', 'a,b\r\n1,x\r\n2,\r\n', 'a.csv'],
    ['no line break at the end', 'a,b\n1,x\n2,', 'a.csv'],
    ['CRLF, cut at the end', 'a,b\r\n1,x\r\n2,"y"\r', 'a.csv'],
    ['a byte order mark', '\ufeffa,b\n1,x\n2,\n', 'a.csv'],
    ['semicolons', 'a;b\n1;x\n2;\n', 'a.csv'],
    ['tabs', 'a\tb\n1\tx\n2\t\n', 'a.tsv'],
    ['comments and empty lines', '# made by hand\n\na,b\n1,x\n# more\n  \n2,\n', 'a.csv'],
    ['spaces', 'a, b\n 1 , x\n2 , \n', 'a.csv'],
    ['a name without an extension', 'a,b\n1,x\n2,\n', 'table'],
  ])('reads %s', async (_, text, name) => {
    const file = await open(text, name);
    expect(await contents(file)).toEqual({ a: [1, 2], b: ['x', text.includes('"y"') ? 'y' : null] });
  });

  it('reads gzip, which is unpacked whole', async () => {
    const file = await open(gzipSync(BELLE), 'b2.csv.gz');
    expect((await contents(file)).M).toEqual([5.2791, Number.NaN, Number.NEGATIVE_INFINITY]);
    const long = gzipSync(`a\n${'1\n'.repeat(1000)}`);
    expect((await open(long, 'long.csv.gz')).summary.columnBytes[0]).toBeLessThan(long.length);
    await expect(open(gzipSync(BELLE).subarray(0, 60), 'b2.csv.gz')).rejects.toThrow(/gzip stream is damaged/);
  });

  it("takes the names of numpy's savetxt, and pandas' index without one", async () => {
    expect(await contents(await open('# one\n# a,b\n1,2\n3,4\n'))).toEqual({ a: [1, 3], b: [2, 4] });
    expect(await contents(await open(',M\n0,5.5\n'))).toEqual({ index: [0], M: [5.5] });
  });

  it('chooses integers as narrow as they fit, exactly', async () => {
    const file = await open(
      'a,b,c,d,e,f\n2147483647,2147483648,9223372036854775807,9223372036854775808,-9223372036854775808,18446744073709551616\n-2147483648,0,-1,1,5,-1\n',
    );
    expect(types(file)).toEqual({ a: 'int32', b: 'int64', c: 'int64', d: 'uint64', e: 'int64', f: 'float64' });
    const { b, c, d, e } = await contents(file);
    expect([b, c, d, e]).toEqual([
      [2147483648n, 0n],
      [2n ** 63n - 1n, -1n],
      [2n ** 63n, 1n],
      [-(2n ** 63n), 5n],
    ]);
  });

  it('a file with a header only has no events', async () => {
    expect((await open('a,b\n')).summary).toMatchObject({ events: 0, chunks: [] });
  });
});

describe('what does not fit is said with its place', () => {
  it.each([
    [
      'a cell of another kind',
      'M,p\n1.5,2\n# c\n"2",3\n2.5,oops\n3,4\n',
      /b2\.csv, column p: line 5: "oops" is no integer of 32 bits/,
    ],
    ['a cell after one of several lines', 's,p\n"a\nb\nc",2\nx,oops\ny,4\nz,1\n', /column p: line 5: "oops"/],
    ['a typed cell that is too large', 'M:int8\n127\n128\n', /column M: line 3: "128" is no integer of 8 bits/],
    ['a float in a column of integers', 'M:int64\n1.0\n', /line 2: "1\.0" is no integer of 64 bits/],
    ['a sign in a column without', 'M:uint64\n-1\n', /line 2: "-1" is no integer of 64 bits without sign/],
    ['an integer past 64 bits', 'M:int64\n9223372036854775808\n', /line 2: "9223372036854775808" is no integer/],
    ['a word among booleans', 'M\ntrue\nFALSE\nmaybe\n', /line 4: "maybe" is neither true nor false/],
  ])('%s', async (_, text, message) => {
    const file = await open(text);
    const names = file.summary.columns.map(({ name }) => name);
    await expect(file.readChunk(0, names)).rejects.toMatchObject({
      tag: 'format',
      message: expect.stringMatching(message),
      hint: expect.stringContaining(':string into the header'),
      place: { file: 'b2.csv', column: names.at(-1) },
    });
  });

  it.each([
    ['a row with fewer cells', 'a,b\n1,2\n3\n', /line 3 has 1 cells, the header 2/],
    ['a row with more cells', 'a,b\n\n1,2,3\n', /line 3 has 3 cells, the header 2/],
    ['a quote that is not closed', 'a,b\n1,"x\n2,y\n', /line 2, column b: a quote is not closed/],
    ['text after a quote', 'a,b\n1,"x"y\n', /line 2, column b: there is text after a closing quote/],
    ['no header', '1,2\n3,4\n', /line 1 has numbers only, where the names/],
    ['no line at all', '# nothing\n', /no line with names of columns/],
    ['other bytes than text', 'a\0,\0b\0\n\x001\0,\x002\0', /it is no text in UTF-8/],
    ['lines that end with carriage returns', 'a,b\r1,2\r3,4\r', /its lines end with carriage returns/],
    ['a name twice', 'a,a\n1,2\n', /two columns are called a/],
    ['no name', 'a,\n1,2\n', /no name for column 2/],
    ['an unknown type', 'a:flot,b\n1,2\n', /type "flot" for a: types are bool, int8/],
  ])('%s', async (_, text, message) => {
    await expect(open(text)).rejects.toMatchObject({
      tag: 'format',
      message: expect.stringMatching(message),
      place: { file: 'b2.csv' },
    });
  });

  it.each(['lumiscope: 1\ntitle: x\n', '<!doctype html>\n<p>a, b', '{"a": 1,\n"b": 2}', 'word\n'])(
    'other texts are no tables: %s',
    async (text) => {
      await expect(open(text, 'notes')).rejects.toThrow(/not a ROOT, Parquet, Arrow or CSV file/);
    },
  );
});

describe('a long file', () => {
  const EVENTS = 300_000;
  const LINES = Array.from({ length: EVENTS }, (_, i) => `${i},${i / 8},${i % 1000 ? `"s${i % 7}"` : '"two\nlines"'}`);
  const TEXT = `a,b,c\n${LINES.join('\n')}\n`;

  it('is cut into chunks of fixed length, and read again by ranges', async () => {
    const counter = { bytes: 0, requests: 0 };
    const file = await open(TEXT, 'long.csv', counter);
    expect(file.summary.chunks).toEqual([
      { begin: 0, end: 131_072 },
      { begin: 131_072, end: 262_144 },
      { begin: 262_144, end: EVENTS },
    ]);
    const total = file.summary.columnBytes.reduce((sum, bytes) => sum + bytes);
    expect(Math.abs(total - TEXT.length)).toBeLessThan(10);
    const before = counter.bytes;
    const [a, b, c] = await file.readChunk(2, ['a', 'b', 'c']);
    expect(counter.bytes - before).toBeLessThan(TEXT.length / 5);
    const wrong = Array.from<number | bigint, number>(a!.values, Number).filter(
      (value, i) =>
        value !== 262_144 + i ||
        b!.values[i] !== value / 8 ||
        c!.dictionary![Number(c!.values[i])] !== (value % 1000 ? `s${value % 7}` : 'two\nlines'),
    );
    expect([a!.length, wrong]).toEqual([EVENTS - 262_144, []]);
  });

  it('says the bounds of numbers in each chunk, by which chunks are left out', async () => {
    const { chunkBounds } = (await open(TEXT, 'long.csv')).summary;
    expect([...chunkBounds!.keys()]).toEqual(['a', 'b']);
    expect([...chunkBounds!.get('a')!]).toEqual([0, 131_071, 131_072, 262_143, 262_144, EVENTS - 1]);
    const odd = 'a,b,c,d:float32,e,f\n9007199254740993,inf,nan,0.1,,1\n5,1,nan,,,x\n-7,2,nan,,,2\n';
    const bounds = Object.fromEntries((await open(odd)).summary.chunkBounds!);
    expect(bounds.a![0]).toBe(-7);
    expect(bounds.a![1]).toBeGreaterThan(2 ** 53);
    expect([bounds.b, bounds.c, bounds.d, bounds.e, bounds.f].map((own) => [...own!])).toEqual([
      [1, Infinity],
      [Number.NaN, Number.NaN],
      [Math.fround(0.1), Math.fround(0.1)],
      [Infinity, -Infinity],
      [Number.NaN, Number.NaN],
    ]);
  });

  it('opens with the index of another thread without reading', async () => {
    const { index } = await open(TEXT, 'long.csv');
    const counter = { bytes: 0, requests: 0 };
    const blob = new Blob([TEXT]);
    const { source, file } = await openSource({ kind: 'blob', name: 'long.csv', blob }, { counter });
    const again = await openCsv(source, file, undefined, structuredClone(index));
    expect([again.summary.events, counter.bytes]).toEqual([EVENTS, 0]);
    expect((await again.readChunk(1, ['b']))[0]!.values[7]).toBe((131_072 + 7) / 8);
  });
});

it('what was written is read: any texts and numbers, any line breaks and separators', async () => {
  const cell = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc
      .string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r\n', ' ', 'µ', '#', '1') })
      .filter((text) => text !== ''),
  );
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const table = fc.array(fc.tuple(cell, cell, fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.constantFrom('\n', '\r\n'),
      fc.constantFrom(',', ';', '\t'),
      async (rows, end, comma) => {
        const lines = rows.map(([a, b, c]) => [quote(a), quote(b), c].join(comma));
        const file = await open(`${['a:string', 'b:string', 'c'].join(comma)}${end}${lines.join(end)}`);
        expect(await contents(file)).toEqual({
          a: rows.map(([a]) => a),
          b: rows.map(([, b]) => b),
          c: rows.map(([, , c]) => c),
        });
      },
    ),
    { numRuns: 300 },
  );
});
