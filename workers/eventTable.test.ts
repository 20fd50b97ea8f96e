import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AnalysisDocument } from '../core/analysis/document.ts';
import { createSession } from './createSession.ts';
import { createEngine } from './engine/createEngine.ts';
import { valueAt } from './engine/eventRows.ts';
import type { EventRecord, EventTable } from './eventTable.ts';
import wanted from './fixtures/event_table.json' with { type: 'json' };
import { openEventFile } from './formats/open.ts';
import type { ReadCounter } from './io/byteSource.ts';
import { openSourceInNode } from './io/nodeFile.ts';
import type { DataSession } from './session.ts';
import { localThreads } from './testing/localThreads.ts';
import { sharedData } from './testing/sharedData.ts';

const PATH = sharedData('Run2012B_SingleMu-1000.parquet');
const FILES = [[{ kind: 'path' as const, path: PATH ?? '' }]];
const IDENTITY = ['run', 'luminosityBlock', 'event'];

const DOCUMENT: AnalysisDocument = {
  lumiscope: 1,
  datasets: [{ name: 'data', files: ['data.parquet'] }],
  define: [
    { name: 'good', expression: 'Muon[(Muon.pt > 20) & (abs(Muon.eta) < 2.1)]' },
    { name: 'pair', expression: 'combinations(Muon, 2)' },
    { name: 'lead', expression: 'good[0].pt' },
  ],
  select: [
    { name: 'a good muon', expression: 'len(good) >= 1', enabled: true },
    { name: 'off', expression: 'MET.pt > 1000', enabled: false },
    { name: 'missing energy', expression: 'MET.pt > 50 and any(good.pt > 20)', enabled: true },
  ],
  histograms: [{ name: 'phi', axes: [{ value: 'MET.phi', bins: 10, range: [-4, 4] }] }],
  weight: 'PV_npvs',
  defaults: {},
};

let session: DataSession;
let counters: ReadCounter[];
/** Bytes that all workers have read so far. */
const read = () => counters.reduce((sum, { bytes }) => sum + bytes, 0);
beforeEach(() => {
  counters = [];
  const openSource: typeof openSourceInNode = (address, options) => {
    if (!counters.includes(options.counter)) counters.push(options.counter);
    return openSourceInNode(address, options);
  };
  const threads = localThreads({ openSource, openEventFile, createEngine });
  session = createSession(threads.spawn, { workers: 2 });
});
afterEach(() => session.close());

const rowsOf = (table: EventTable) =>
  Array.from({ length: table.rows }, (_, row) => table.columns.map((column) => valueAt(column, row)));

describe.skipIf(!PATH)('the table of events', () => {
  test('has the events and values that awkward-array finds', async () => {
    const values = [...IDENTITY, 'MET.pt', 'len(good)', 'lead'];
    const table = await session.events(DOCUMENT, FILES, { values });
    expect(table).toMatchObject({ complete: true, passed: wanted.rows.length, rows: wanted.rows.length });
    expect([...table.event]).toEqual(wanted.rows.map(({ position }) => position));
    expect(rowsOf(table)).toEqual(
      wanted.rows.map(({ run, block, event, met, good, first }) => [
        BigInt(run),
        BigInt(block),
        BigInt(event),
        met,
        BigInt(good),
        first,
      ]),
    );
  });

  test('is cut at its limit, and still says how many events pass', async () => {
    const table = await session.events(DOCUMENT, FILES, { values: ['event'], limit: 7 });
    expect(table).toMatchObject({ complete: false, passed: wanted.rows.length, rows: 7 });
    expect([...table.event]).toEqual(wanted.rows.slice(0, 7).map(({ position }) => position));
  });

  test('stops reading where it is told to', async () => {
    const twice = [[...FILES[0]!, ...FILES[0]!]];
    const table = await session.events(DOCUMENT, twice, { values: [], limit: 1, stopAtLimit: true });
    expect(table).toMatchObject({ rows: 1, complete: false });
    expect(table.event[0]).toBe(wanted.rows[0]!.position);
  });

  test('ends at once when it is cancelled', async () => {
    const abort = new AbortController();
    const table = session.events(DOCUMENT, FILES, { values: ['event'], signal: abort.signal });
    abort.abort();
    await expect(table).rejects.toMatchObject({ tag: 'cancelled' });
  });

  test('reads nothing that is in memory', async () => {
    await session.run(DOCUMENT, FILES);
    const before = read();
    expect(before).toBeGreaterThan(0);
    expect(await session.eventsBytes(DOCUMENT, FILES, ['MET.phi', 'len(good)'])).toBe(0);
    await session.events(DOCUMENT, FILES, { values: ['MET.phi', 'len(good)'] });
    expect(read()).toBe(before);
    expect(await session.eventsBytes(DOCUMENT, FILES, ['Jet.pt[0]'])).toBeGreaterThan(1000);
    await session.events(DOCUMENT, FILES, { values: ['Jet.pt[0]'] });
    expect(read()).toBeGreaterThan(before);
  });

  test('keeps data sets and files apart', async () => {
    const two = { ...DOCUMENT, datasets: [...DOCUMENT.datasets, { name: 'again', files: ['a', 'b'] }] };
    const table = await session.events(two, [FILES[0]!, [FILES[0]![0]!, FILES[0]![0]!]], { values: [] });
    const n = wanted.rows.length;
    expect(table.rows).toBe(3 * n);
    expect([table.dataset[0], table.dataset[n], table.dataset[3 * n - 1]]).toEqual([0, 1, 1]);
    expect([table.file[0], table.file[n], table.file[2 * n]]).toEqual([0, 0, 1]);
  });

  test('refuses values that are not one for an event, and says what to do', async () => {
    await expect(session.events(DOCUMENT, FILES, { values: ['event', 'good.pt'] })).rejects.toMatchObject({
      message: 'a table has one value an event, not a number for each item of good',
      hint: expect.stringContaining('[0]'),
      place: { keys: ['values', 1] },
    });
  });
});

const cutOf = (record: EventRecord, name: string) => record.cuts.find((cut) => cut.name === name)!;
const partsOf = (record: EventRecord, name: string) => {
  const { expression, parts } = cutOf(record, name);
  return Object.fromEntries(parts.map(({ span, value }) => [expression.slice(...span), value]));
};

/** Twelve row groups of 40 events, numbered from 2⁶³ in steps of 10,000. */
const SORTED = [
  [{ kind: 'path' as const, path: fileURLToPath(new URL('schedule/fixtures/sorted.parquet', import.meta.url)) }],
];

test('a table of several chunks has them in order, and no more rows than its limit', async () => {
  const document = {
    ...DOCUMENT,
    define: [],
    select: [{ name: 'even', expression: 'wide % 2 == 0', enabled: true }],
  };
  const all = await session.events(document, SORTED, { values: ['event'] });
  const even = Array.from({ length: 240 }, (_, k) => 2 * k);
  expect([...all.event]).toEqual(even);
  expect([...all.columns[0]!.values]).toEqual(even.map((k) => 2n ** 63n + BigInt(k) * 10_000n));
  const some = await session.events(document, SORTED, { values: ['event'], limit: 50 });
  expect(some).toMatchObject({ rows: 50, passed: 240, complete: false });
  expect([...some.event]).toEqual(even.slice(0, 50));
});

test('an event is told from another that doubles hold as the same', async () => {
  const files = SORTED;
  const event = 2n ** 63n + 370_000n;
  expect(Number(event)).toBe(Number(event + 1n));
  const found = await session.findEvent(files, { event });
  expect(found.addresses).toEqual([{ dataset: 0, file: 0, event: 37 }]);
  expect((await session.findEvent(files, { event: event + 1n })).addresses).toEqual([]);
  const document = { ...DOCUMENT, define: [], select: [{ name: 'run', expression: 'run < 315001', enabled: true }] };
  const table = await session.events(document, files, { values: ['event'] });
  expect([table.passed, valueAt(table.columns[0]!, 37)]).toEqual([80, event]);
});

describe.skipIf(!PATH)('one event', () => {
  const failed = { dataset: 0, file: 0, event: wanted.failed.position };

  test('shows where it failed, with the values of the cut', async () => {
    const record = await session.inspect(DOCUMENT, FILES, failed);
    expect(record).toMatchObject({ run: Number(wanted.failed.run), event: Number(wanted.failed.event) });
    expect(record.cuts.map(({ name, enabled, value }) => [name, enabled, value])).toEqual([
      ['a good muon', true, true],
      ['off', false, false],
      ['missing energy', true, false],
    ]);
    expect(partsOf(record, 'missing energy')).toMatchObject({
      'MET.pt': wanted.failed.met,
      'MET.pt > 50': false,
      'good.pt': wanted.failed.muon_pt,
      'any(good.pt > 20)': true,
    });
    expect(partsOf(record, 'a good muon')).toEqual({ 'len(good)': 1 });
  });

  test('shows items with their place in the collection, and nothing as missing', async () => {
    const { definitions, columns } = await session.inspect(DOCUMENT, FILES, failed);
    const value = (name: string) => definitions.find((one) => one.name === name)?.value;
    expect(value('good')).toMatchObject([{ Muon: 0, pt: wanted.failed.muon_pt[0] }]);
    expect(value('pair')).toEqual([]);
    expect(value('lead')).toBe(wanted.failed.muon_pt[0]);
    expect(columns.map(({ name }) => name)).toEqual([
      'run',
      'luminosityBlock',
      'event',
      'PV_npvs',
      'Muon_pt',
      'Muon_eta',
      'MET_pt',
      'MET_phi',
    ]);
    const none = { ...DOCUMENT, define: [{ name: 'second', expression: 'Muon[5].pt' }], select: [] };
    expect((await session.inspect(none, FILES, failed)).definitions[0]).toMatchObject({
      value: null,
      words: 'a number or missing',
    });
  });

  test('has all columns on request, for the bytes that it said', async () => {
    const some = await session.inspect(DOCUMENT, FILES, failed);
    expect(some.allBytes).toBeGreaterThan(0);
    const all = await session.inspect(DOCUMENT, FILES, failed, { columns: 'all' });
    expect(all.columns).toHaveLength(86);
    expect(all.columns.find(({ name }) => name === 'Muon_charge')?.value).toEqual(wanted.failed.charge);
    expect(all.allBytes).toBe(0);
  });

  test('tells the errors of a broken document at their places', async () => {
    const broken: AnalysisDocument = {
      ...DOCUMENT,
      define: [
        { name: 'bad', expression: 'Muon.nothing' },
        { name: 'fine', expression: 'len(Muon)' },
        { name: 'on it', expression: 'bad + 1' },
      ],
      select: [
        { name: 'no', expression: 'len(', enabled: true },
        { name: 'yes', expression: 'fine == 1', enabled: true },
      ],
      weight: 'unknown',
    };
    const record = await session.inspect(broken, FILES, failed, { values: ['fine * 2', 'Muon.pt', 'nope'] });
    expect(record.definitions.map(({ value, error }) => error?.message ?? value)).toEqual([
      expect.stringContaining('nothing'),
      1,
      "bad can't be computed",
    ]);
    expect(record.cuts[0]?.error).toBeDefined();
    expect(record.cuts[1]?.value).toBe(true);
    expect(record.weight?.error?.message).toContain('unknown');
    expect(record.values.map(({ value }) => value)).toEqual([2, wanted.failed.muon_pt, null]);
  });

  test('that is not there is an error that says so', async () => {
    await expect(session.inspect(DOCUMENT, FILES, { ...failed, event: 1000 })).rejects.toMatchObject({
      tag: 'document',
      message: expect.stringContaining('1,000 events'),
    });
  });
});

describe.skipIf(!PATH)('looking for an event by its number', () => {
  const number = { run: BigInt(wanted.failed.run), event: BigInt(wanted.failed.event) };

  test('finds it, everywhere it is', async () => {
    const twice = [[...FILES[0]!, ...FILES[0]!]];
    expect(await session.findEvent(twice, number)).toEqual({
      addresses: [
        { dataset: 0, file: 0, event: wanted.failed.position },
        { dataset: 0, file: 1, event: wanted.failed.position },
      ],
      files: 2,
      events: 2000,
      without: [],
    });
  });

  test('does not take its neighbour for it', async () => {
    const { addresses } = await session.findEvent(FILES, { ...number, event: number.event + 1n });
    expect(addresses).toEqual([]);
  });

  test('reads nothing where statistics rule it out', async () => {
    await session.open(FILES[0]![0]!);
    const before = read();
    expect(await session.findEvent(FILES, { ...number, run: 1n })).toMatchObject({ addresses: [], files: 1 });
    expect(read()).toBe(before);
    await session.findEvent(FILES, number);
    expect(read()).toBeGreaterThan(before);
  });
});
