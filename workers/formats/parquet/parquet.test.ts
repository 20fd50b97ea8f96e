import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { ColumnData } from '../../../core/schema/column.ts';
import type { ReadCounter } from '../../io/byteSource.ts';
import { sharedData } from '../../testing/sharedData.ts';
import { type ExpectedColumn, expectContents, openFile } from '../testing/values.ts';

const FIXTURES = fileURLToPath(new URL('fixtures/', import.meta.url));
const PYTHON = process.env.LUMISCOPE_PYTHON;

const cases = ['values.json', 'encodings.json', 'nested.json'].flatMap((name) => casesOf(FIXTURES + name));

function casesOf(path: string) {
  const cases = JSON.parse(readFileSync(path, 'utf8')) as { files: string[]; columns: ExpectedColumn[] }[];
  return cases.flatMap(({ files, columns }) => files.map((file) => ({ file, columns })));
}

const fixture = (name: string, counter?: ReadCounter) => openFile(FIXTURES + name, counter);

it.each(cases)('$file has the columns and values that were written', async ({ file, columns }) => {
  const opened = await fixture(file);
  expect(opened.summary.unsupported).toEqual([]);
  await expectContents(opened, columns);
});

describe('each encoding, codec, page version and nesting, as pyarrow and DuckDB write them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lumiscope-matrix-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.skipIf(!PYTHON)('has the values that were written (needs LUMISCOPE_PYTHON)', { timeout: 120_000 }, async () => {
    execFileSync(PYTHON!, [`${FIXTURES}make_matrix.py`, folder]);
    const matrix = casesOf(join(folder, 'values.json'));
    expect(matrix.length).toBe(96);
    for (const { file, columns } of matrix) {
      const opened = await openFile(join(folder, file));
      await expectContents(opened, columns).catch((cause) => {
        throw new Error(file, { cause });
      });
    }
  });
});

it('each string stands in a dictionary once', async () => {
  const file = await fixture('pyarrow_none_v1_dictionary.parquet');
  for (const column of await file.readChunk(0, ['string', 'string_null', 'list_string', 'Muon.name'])) {
    expect(new Set(column.dictionary).size).toBe(column.dictionary!.length);
  }
});

it('flags of missing values come only where values are missing', async () => {
  const file = await fixture('pyarrow_zstd_v2_plain.parquet');
  const [late0, bool, float64] = await file.readChunk(0, ['late', 'bool', 'float64']);
  expect([late0!.valid?.every((flag) => flag === 0), bool!.valid, float64!.valid?.[2]]).toEqual([true, undefined, 0]);
});

describe('a row group that is too long', () => {
  const EVENTS = 270_000;

  it.each([
    ['pieces_scan.parquet', true],
    ['pieces_index.parquet', true],
    ['pieces_v2.parquet', false],
  ])('is cut into pieces of fixed length: %s', async (name, lists) => {
    const file = await fixture(name);
    expect(file.summary.chunks.map(({ begin, end }) => ({ begin, end }))).toEqual([
      { begin: 0, end: 131_072 },
      { begin: 131_072, end: 262_144 },
      { begin: 262_144, end: EVENTS },
    ]);
    for (const chunk of [2, 0, 1]) {
      const { begin, end } = file.summary.chunks[chunk]!;
      const columns = await file.readChunk(chunk, ['flat', 'single', 'label', 'sparse', ...(lists ? ['list'] : [])]);
      const wrong = columns.map((column, at) => countWrong(column, begin, end, FORMULAS[at]!));
      expect(wrong).toEqual(columns.map(() => 0));
    }
  });

  it.each(['pieces_scan.parquet', 'pieces_index.parquet'])('costs each byte once: %s', async (name) => {
    const counter = { bytes: 0, requests: 0 };
    const file = await fixture(name, counter);
    const opened = counter.bytes;
    for (const chunk of [0, 1, 2]) await file.readChunk(chunk, ['list']);
    const { columns, chunks, columnBytes } = file.summary;
    const at = columns.findIndex((column) => column.name === 'list') * chunks.length;
    const stored = columnBytes.subarray(at, at + chunks.length).reduce((sum, bytes) => sum + bytes);
    // A page at the border of two pieces and the dictionary may come twice, and the index of pages comes on top.
    expect((counter.bytes - opened) / stored).toBeLessThan(name.includes('index') ? 1.5 : 1.0001);
  });

  it('says which pieces share bytes, where there is no index of its pages', async () => {
    const groups = async (name: string) => (await fixture(name)).summary.chunks.map(({ group }) => group);
    expect(await groups('pieces_scan.parquet')).toEqual([0, 0, 0]);
    expect(await groups('pieces_index.parquet')).toEqual([undefined, undefined, undefined]);
  });

  const FORMULAS: ((event: number) => unknown[])[] = [
    (i) => [Math.floor(i / 1000)],
    (i) => (i % 2000 < 900 ? [i % 8] : []),
    (i) => [`s${Math.floor(i / 50_000)}`],
    (i) => [i % 40_000 ? 5n : undefined],
    (i) => new Array(i % 4).fill(i % 8),
  ];

  function countWrong(column: ColumnData, begin: number, end: number, formula: (event: number) => unknown[]): number {
    const { offsets, values, valid, dictionary } = column;
    const at = (j: number) => (valid?.[j] === 0 ? undefined : dictionary ? dictionary[Number(values[j])] : values[j]);
    let wrong = column.length === end - begin ? 0 : 1;
    for (let i = begin; i < end; i++) {
      const from = offsets[0] ? offsets[0][i - begin]! : i - begin;
      const to = offsets[0] ? offsets[0][i - begin + 1]! : from + 1;
      const want = formula(i);
      if (to - from !== want.length) wrong++;
      for (let j = from; j < to; j++) if (at(j) !== want[j - from]) wrong++;
    }
    return wrong;
  }
});

describe('what is not supported', () => {
  it.each([
    ['unsupported_types.parquet', ['fixed']],
    ['unsupported_encrypted.parquet', ['secret']],
  ])('is listed with the reason, and the rest stays readable: %s', async (name, columns) => {
    const file = await fixture(name);
    expect(file.summary.unsupported.map((column) => column.name)).toEqual(columns);
    for (const { name: column, reason } of file.summary.unsupported) {
      await expect(file.readChunk(0, [column])).rejects.toMatchObject({
        tag: 'format',
        message: expect.stringContaining(reason),
        place: { column, file: expect.stringContaining(name) },
      });
    }
    expect(Array.from((await file.readChunk(0, ['fine']))[0]!.values, Number)).toEqual([1, 2]);
  });

  it('names the reasons for people', async () => {
    const reasons = async (name: string) => (await fixture(name)).summary.unsupported.map(({ reason }) => reason);
    expect([
      ...(await reasons('unsupported_types.parquet')),
      ...(await reasons('unsupported_encrypted.parquet')),
    ]).toEqual(['values of type FIXED_LEN_BYTE_ARRAY are not supported', 'it is encrypted']);
  });

  it('a file whose footer is encrypted is an error that says so', async () => {
    await expect(fixture('encrypted.parquet')).rejects.toMatchObject({
      tag: 'format',
      message: expect.stringContaining('the Parquet file is encrypted'),
    });
  });
});

it('a file of no events opens, with its columns and no chunks', async () => {
  const { summary } = await fixture('no_events.parquet');
  expect(summary).toMatchObject({ events: 0, chunks: [] });
  expect(summary.columns.length).toBeGreaterThan(20);
});

it('the range of a column comes from the footer, over all row groups; strings have none', async () => {
  const { columns, columnRanges } = (await fixture('pieces_v2.parquet')).summary;
  const ranges = Object.fromEntries(columns.map(({ name }, i) => [name, [...columnRanges.subarray(2 * i, 2 * i + 2)]]));
  expect(ranges).toMatchObject({ flat: [0, 269], sparse: [5, 5], label: [Number.NaN, Number.NaN] });
});

it('a column that the file lacks is an error that names it', async () => {
  const file = await fixture('no_events.parquet');
  await expect(file.readChunk(0, ['x'])).rejects.toThrow();
  const other = await fixture('duckdb_zstd.parquet');
  await expect(other.readChunk(0, ['Muon_pt'])).rejects.toMatchObject({ tag: 'format', place: { column: 'Muon_pt' } });
});

describe('real files', () => {
  const sum = ({ values }: ColumnData) => {
    let total = 0;
    for (const value of values) total += Number(value);
    return total;
  };
  const single = sharedData('Run2012B_SingleMu-1000.parquet');
  const dy = sharedData('nano_dy.parquet');
  const dimuon = sharedData('nano_dimuon.parquet');

  it.skipIf(!single)('the ADL benchmark file has its known values', async () => {
    const counter = { bytes: 0, requests: 0 };
    const file = await openFile(single!, counter);
    const opened = { ...counter };
    const names = [
      'MET_pt',
      'Muon_pt',
      'Jet_pt',
      'nMuon',
      'HLT_IsoMu24_eta2p1',
      'HLT_IsoMu24',
      'event',
      'run',
      'luminosityBlock',
    ];
    const columns = await file.readChunk(0, names);
    const [met, muonPt, jetPt, nMuon, eta2p1, isoMu24, event, run, lumi] = columns as ColumnData[];
    expect(sum(met!)).toBeCloseTo(28467.6107, 3);
    expect([muonPt!.values.length, jetPt!.values.length, sum(nMuon!)]).toEqual([1328, 1699, 1328]);
    expect(sum(jetPt!)).toBeCloseTo(60461.627, 3);
    expect([sum(eta2p1!), sum(isoMu24!)]).toEqual([583, 630]);
    expect(
      Array.from<number | bigint, number>(eta2p1!.values, Number).filter((flag, i) => flag && isoMu24!.values[i])
        .length,
    ).toBe(583);
    const ids = Array.from({ length: 1000 }, (_, i) => `${run!.values[i]} ${lumi!.values[i]} ${event!.values[i]}`);
    expect(new Set(ids).size).toBe(1000);
    // Neighbours come with one read; nothing between columns is read of a file on this machine.
    expect(counter.requests - opened.requests).toBeLessThan(names.length / 2);
    const { columns: all, columnBytes } = file.summary;
    const needed = all.reduce((bytes, { name }, at) => bytes + (names.includes(name) ? columnBytes[at]! : 0), 0);
    expect(counter.bytes - opened.bytes).toBe(needed);
  });

  it.skipIf(!dy)('a NanoAOD file of 1,499 columns has its known values', async () => {
    const file = await openFile(dy!);
    expect(file.summary.columns.length).toBe(1499);
    expect(file.summary.metadata).not.toHaveProperty('ARROW:schema');
    const columns = await file.readChunk(0, ['Muon_pt', 'Electron_pt', 'Jet_pt', 'MET_pt']);
    const [muonPt, electronPt, jetPt, met] = columns as ColumnData[];
    expect([muonPt!.values.length, electronPt!.values.length]).toEqual([18, 25]);
    expect(sum(muonPt!)).toBeCloseTo(538.369, 3);
    expect(sum(jetPt!)).toBeCloseTo(5737.71, 2);
    expect(sum(met!)).toBeCloseTo(1253.307, 3);
  });

  it.skipIf(!dimuon)('a NanoAOD file of real data is of one run, and 58 of its trigger paths fired', async () => {
    const file = await openFile(dimuon!);
    const paths = file.summary.columns.map(({ name }) => name).filter((name) => name.startsWith('HLT_'));
    const [run, ...fired] = await file.readChunk(0, ['run', ...paths]);
    expect(run!.values.every((value) => value === 315267)).toBe(true);
    expect([paths.length, fired.filter((path) => sum(path) > 0).length]).toEqual([664, 58]);
  });
});
