import { afterEach, describe, expect, test } from 'vitest';
import type { AnalysisDocument, HistogramSpec } from '../core/analysis/document.ts';
import { LumiscopeError } from '../core/errors.ts';
import { toUhiFileJson } from '../core/hist/uhi.ts';
import { createSession } from './createSession.ts';
import type { Engine } from './engine/engine.ts';
import { referenceEngine } from './engine/reference/engine.ts';
import type { DataSession, RunProgress, RunResult } from './session.ts';
import { type FakeBehaviour, FakeFiles } from './testing/fakeFiles.ts';
import { localThreads } from './testing/localThreads.ts';

const PT: HistogramSpec = { name: 'pt', axes: [{ value: 'Muon.pt', bins: 10, range: [0, 100] }] };
const X: HistogramSpec = { name: 'x', axes: [{ value: 'x', bins: 10, range: [0, 1] }] };

function documentOf(change: Partial<AnalysisDocument> = {}): AnalysisDocument {
  return {
    lumiscope: 1,
    datasets: [{ name: 'data', files: ['a'] }],
    define: [],
    select: [{ name: 'two muons', expression: 'len(Muon) >= 2', enabled: true }],
    weight: 'w',
    histograms: [PT],
    defaults: {},
    ...change,
  };
}

const sessions: DataSession[] = [];
afterEach(() => {
  for (const session of sessions.splice(0)) session.close();
});

function open(
  behaviours: Record<string, FakeBehaviour>,
  options: { workers?: number; memoryBudget?: number } = {},
  engine: Engine = referenceEngine,
) {
  const files = new FakeFiles(behaviours);
  const local = localThreads({
    openSource: files.openSource,
    openEventFile: files.openEventFile,
    createEngine: async () => engine,
  });
  const session = createSession(local.spawn, { workers: 3, ...options });
  sessions.push(session);
  const addresses = [[files.address('a')]];
  const run = (document = documentOf(), more: Parameters<DataSession['run']>[2] = {}) =>
    session.run(document, addresses, { engine: 'reference', ...more });
  return { files, session, threads: local.threads, addresses, run };
}

/** The reference engine, telling of each slice that it ran. */
function watched(onSlice: (milliseconds: number) => void, onResult: () => void = () => {}): Engine {
  const prepare: Engine['prepare'] = async (program) => {
    const prepared = await referenceEngine.prepare(program);
    return {
      start(columns) {
        const chunk = prepared.start(columns);
        const run = (begin: number, end: number) => {
          const start = performance.now();
          chunk.run(begin, end);
          onSlice(performance.now() - start);
        };
        const result = () => {
          onResult();
          return chunk.result();
        };
        return { run, result, release: () => chunk.release() };
      },
    };
  };
  return { name: 'reference', prepare };
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const until = async (condition: () => boolean) => {
  while (!condition()) await pause(5);
};
const median = (numbers: number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

const bits = ({ histograms, cutflow }: RunResult) => toUhiFileJson(histograms) + JSON.stringify(cutflow);

describe('a run', () => {
  test('gives the same bits for 1, 2 and 7 workers, in whatever order chunks are done', async () => {
    const results = [];
    for (const workers of [1, 2, 7]) {
      const { run } = open({ a: { chunks: 23, delay: workers === 1 ? 0 : 6 } }, { workers });
      results.push(bits(await run()));
    }
    expect(results[1]).toBe(results[0]);
    expect(results[2]).toBe(results[0]);
  });

  test('counts events, weights and squares of weights after each cut', async () => {
    const { run } = open({ a: { chunks: 4 } });
    const { cutflow, eventsRead, eventsPassed, complete, files, documentHash } = await run();
    expect(cutflow[0]!.rows.map(({ name, events }) => [name, events])).toEqual([
      ['all events', 400],
      ['two muons', 200],
    ]);
    expect(cutflow[0]!.rows[1]!.sumw2).toBeGreaterThan(0);
    expect({ eventsRead, eventsPassed, complete }).toEqual({ eventsRead: 400, eventsPassed: 200, complete: true });
    expect(files).toEqual([{ dataset: 'data', name: 'a', size: 1e6, etag: 'v1', events: 400 }]);
    expect(documentHash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('reads only the columns that the document needs, and says before what they cost', async () => {
    const { run, session, addresses, files } = open({ a: { chunks: 5 } });
    const document = documentOf({ weight: undefined });
    const plan = await session.plan(document, addresses);
    expect(plan).toEqual({
      columns: ['Muon_pt'],
      bytes: 5000,
      totalBytes: 5000,
      events: 500,
      chunks: 5,
      skippedChunks: 0,
    });
    const { bytes, requests } = await run(document);
    expect({ bytes, requests }).toEqual({ bytes: 5000, requests: 5 });
    expect(new Set(files.reads.map((read) => read.split('/')[2]))).toEqual(new Set(['Muon_pt']));
    expect(files.footers).toBe(1);
  });

  test('reads nothing that is in memory, whichever worker holds it', async () => {
    const { run, session, addresses, files } = open({ a: { chunks: 12, delay: 4 } });
    await run();
    expect(files.reads).toHaveLength(24);
    const edited = documentOf({ select: [], histograms: [PT, X] });
    expect(await session.plan(edited, addresses)).toMatchObject({ bytes: 12_000, totalBytes: 36_000 });
    const { bytes } = await run(edited);
    expect(bytes).toBe(12_000);
    expect(new Set(files.reads).size).toBe(36);
    expect(files.reads).toHaveLength(36);
  });

  test.each([
    ['while the one before is computed', 1e9, ['read 0', 'read 1', 'computed', 'read 2']],
    ['after it, where memory has no room for both', 4e6, ['read 0', 'computed', 'read 1', 'computed']],
  ])('reads the next chunk %s', async (_, memoryBudget, expected) => {
    const steps: string[] = [];
    const onRead = (chunk: number) => steps.push(`read ${chunk}`);
    const engine = watched(
      () => {},
      () => steps.push('computed'),
    );
    const file = { chunks: 5, eventsPerChunk: 100_000, onRead };
    const { run } = open({ a: file }, { workers: 1, memoryBudget }, engine);
    await run();
    expect(steps.slice(0, 4)).toEqual(expected);
  });

  test('leaves chunks that share bytes to one worker', async () => {
    const { run, files } = open({ a: { chunks: 12, groupSize: 4, delay: 10 } });
    await run();
    const readers = new Map<number, Set<number>>();
    for (const [at, read] of files.reads.entries()) {
      const group = Math.floor(Number(read.split('/')[1]) / 4);
      readers.set(group, (readers.get(group) ?? new Set()).add(files.readers[at]!));
    }
    expect([...readers.values()].map(({ size }) => size)).toEqual([1, 1, 1]);
    expect(new Set(files.readers).size).toBe(3);
  });

  test('runs only the histogram that is new, and nothing at all when names and labels change', async () => {
    const { run, session, addresses, threads } = open({ a: { chunks: 3 } });
    const first = await run();
    await run(documentOf({ histograms: [PT, X] }));
    for (const thread of threads) thread.crash('no worker is needed any more');
    const renamed = documentOf({
      select: [{ name: 'dimuon', expression: 'len(Muon) >= 2', enabled: true }],
      histograms: [X, { ...PT, name: 'p', axes: [{ ...PT.axes[0]!, label: 'p' }] }],
    });
    const last = await run(renamed);
    expect(last.histograms.map(({ name }) => name)).toEqual(['x', 'p']);
    expect(last.histograms[1]!.histogram.axes[0]).toMatchObject({ label: 'p' });
    expect(last.histograms[1]!.histogram.values).toEqual(first.histograms[0]!.histogram.values);
    expect(last.cutflow[0]!.rows[1]).toEqual({ ...first.cutflow[0]!.rows[1], name: 'dimuon' });
    expect(await session.plan(renamed, addresses)).toMatchObject({ bytes: 0 });
  });

  test('counts the events of a document that names no column', async () => {
    const { run } = open({ a: { chunks: 3 } });
    const one: HistogramSpec = { name: 'one', axes: [{ value: '0.5', bins: 1, range: [0, 1] }] };
    const { histograms } = await run(documentOf({ select: [], weight: undefined, histograms: [one] }));
    expect(histograms[0]!.histogram.entries).toBe(300);
  });

  test('keeps several data sets apart on a leading axis', async () => {
    const { session, files } = open({ a: { chunks: 2 }, b: { chunks: 3 } });
    const document = documentOf({
      datasets: [
        { name: 'one', files: ['a'] },
        { name: 'two', files: ['b', 'a'] },
      ],
      weight: undefined,
    });
    const result = await session.run(document, [[files.address('a')], [files.address('b'), files.address('a')]], {
      engine: 'reference',
    });
    expect(result.histograms[0]!.histogram.axes[0]).toMatchObject({ type: 'strCategory', categories: ['one', 'two'] });
    expect(result.cutflow.map(({ dataset, rows }) => [dataset, rows[0]!.events])).toEqual([
      ['one', 200],
      ['two', 500],
    ]);
  });

  test('shows its progress about ten times a second, with partial results', async () => {
    const { run } = open({ a: { chunks: 40, delay: 90 } });
    const seen: RunProgress[] = [];
    const { seconds, histograms } = await run(documentOf(), { onProgress: (progress) => seen.push(progress) });
    expect(seen.length).toBeGreaterThan(4 * seconds);
    expect(seen.length).toBeLessThan(11 * seconds);
    expect(
      seen.every(({ partial }) => !partial.complete && partial.histograms[0]!.histogram.values.length === 12),
    ).toBe(true);
    const entries = seen.map(({ partial }) => partial.histograms[0]!.histogram.entries);
    expect(entries).toEqual([...entries].sort((a, b) => a - b));
    expect(entries.at(-1)).toBeGreaterThan(0);
    expect(entries.at(-1)).toBeLessThanOrEqual(histograms[0]!.histogram.entries);
    expect(seen.at(-1)!.bytes).toBeGreaterThan(10_000);
  });

  test('stays within the memory budget on a file that is larger', async () => {
    const budget = 24e6;
    const { run, session } = open({ a: { chunks: 30, eventsPerChunk: 100_000 } }, { workers: 2, memoryBudget: budget });
    const document = documentOf({
      select: [{ name: 'none', expression: 'x > 2', enabled: true }],
      weight: 'w',
      histograms: [],
    });
    const most: number[] = [];
    const { eventsRead } = await run(document, {
      onProgress: () => session.stats().then(({ memoryBytes }) => most.push(memoryBytes)),
    });
    expect(eventsRead).toBe(3e6);
    expect(Math.max(...most, (await session.stats()).memoryBytes)).toBeLessThanOrEqual(budget);
  }, 30_000);
});

describe('cancelling', () => {
  test('rejects at once, stops the workers within 100 ms, and leaves the session ready', async () => {
    const slices: number[] = [];
    let last = 0;
    const engine = watched((milliseconds) => {
      slices.push(milliseconds);
      last = performance.now();
    });
    const { run, threads } = open({ a: { chunks: 6, eventsPerChunk: 200_000 } }, {}, engine);
    const abort = new AbortController();
    const cancelled = run(documentOf(), { signal: abort.signal });
    await until(() => slices.length > 20);
    const at = performance.now();
    abort.abort();
    await expect(cancelled).rejects.toMatchObject({ tag: 'cancelled' });
    expect(performance.now() - at).toBeLessThan(100);
    await pause(300);
    expect(last - at).toBeLessThan(100);
    expect(median(slices)).toBeLessThan(20);
    expect(threads.every(({ heap }) => heap.used > 0)).toBe(true);
    const { eventsRead } = await run(
      documentOf({ select: [{ name: 'no', expression: 'x > 2', enabled: true }], weight: undefined, histograms: [] }),
    );
    expect(eventsRead).toBe(1_200_000);
  }, 60_000);

  test('ends the reading of a file that was never opened', async () => {
    const { session, files } = open({ a: {} });
    await expect(session.open(files.address('a'), AbortSignal.abort())).rejects.toMatchObject({ tag: 'cancelled' });
  });
});

describe('trouble', () => {
  test('keeps what other files give where one can not be had, and says what is missing', async () => {
    const tries: number[] = [];
    const onRead = (chunk: number) => {
      if (chunk === 0) return;
      tries.push(chunk);
      throw new LumiscopeError('source', 'a: connection reset', { place: { file: 'a', range: [0, 9] } });
    };
    const { session, files } = open({ a: { chunks: 40, onRead }, b: { chunks: 6 } });
    let shown: RunResult | undefined;
    const running = session.run(documentOf({}), [[files.address('a'), files.address('b')]], {
      onProgress: ({ partial }) => {
        shown = partial;
      },
    });
    await expect(running).rejects.toMatchObject({
      tag: 'source',
      message: 'a: connection reset',
      place: { file: 'a', range: [0, 9], missing: [{ file: 'a', chunks: 39, of: 40 }] },
    });
    expect(shown).toMatchObject({ complete: false, eventsRead: 700 });
    // Those that were under way when the first one failed; each once, since the source has tried for itself.
    expect(tries.length).toBeLessThan(10);
    expect(new Set(tries).size).toBe(tries.length);
  });

  test('does not try again what can not be read', async () => {
    let tries = 0;
    const onRead = () => {
      tries++;
      throw new LumiscopeError('format', 'page is corrupt', { place: { column: 'Muon_pt' } });
    };
    const { run } = open({ a: { onRead } });
    await expect(run()).rejects.toMatchObject({ tag: 'format', place: { file: 'a', column: 'Muon_pt' } });
    expect(tries).toBe(1);
  });

  test('replaces a worker that dies, and runs its chunks elsewhere', async () => {
    const { run, threads, session, files } = open({ a: { chunks: 20, delay: 40 } });
    const result = run();
    await until(() => files.reads.length >= 2);
    threads[1]!.crash('out of memory');
    const { eventsRead, histograms } = await result;
    expect(eventsRead).toBe(2000);
    expect(threads.length).toBeGreaterThan(3);
    const alone = open({ a: { chunks: 20 } }, { workers: 1 });
    expect(histograms).toEqual((await alone.run()).histograms);
    expect((await session.stats()).workers).toBe(3);
  });

  test('reports a worker that keeps dying', async () => {
    const onRead = () => {
      for (const thread of setup.threads) thread.crash('exit code 134');
    };
    const setup = open({ a: { chunks: 4, onRead } });
    await expect(setup.run()).rejects.toMatchObject({
      tag: 'limit',
      message: expect.stringContaining('exit code 134'),
    });
  });

  test('tells a wrong expression with its place, and the file where it is not the first', async () => {
    const { run } = open({ a: {} });
    await expect(run(documentOf({ weight: 'nope' }))).rejects.toMatchObject({
      tag: 'expression',
      place: { path: 'weight' },
    });
  });

  test('names the file that lacks a column, and lets a default stand in for it', async () => {
    const { session, files } = open({ a: {}, b: { lacks: 'w' } });
    const addresses = [[files.address('a'), files.address('b')]];
    const run = (document: AnalysisDocument) => session.run(document, addresses, { engine: 'reference' });
    await expect(run(documentOf())).rejects.toMatchObject({
      message: 'b has no branch w',
      hint: 'a default can stand in for it: defaults: { w: 0 }',
      place: { file: 'b', column: 'w', defaults: { w: 0 } },
    });
    const { cutflow } = await run(documentOf({ defaults: { w: 2 } }));
    const alone = await session.run(documentOf(), [[files.address('a')]], { engine: 'reference' });
    expect(cutflow[0]!.rows[0]!.sumw).toBeCloseTo(alone.cutflow[0]!.rows[0]!.sumw + 200, 6);
  });

  test.each([
    ['lies in the first file', ['a', 'b']],
    ['lies in the second file', ['b', 'a']],
  ])('keeps errors of weights whose default is 1, where the column %s', async (_, names) => {
    const { session, files } = open({ a: {}, b: { lacks: 'w' } });
    const document = documentOf({ select: [], histograms: [X], defaults: { w: 1 } });
    const together = [names.map((name) => files.address(name))];
    const { histograms } = await session.run(document, together, { engine: 'reference' });
    const apart = await session.run(
      { ...document, datasets: names.map((name) => ({ name, files: [name] })) },
      names.map((name) => [files.address(name)]),
      { engine: 'reference' },
    );
    const sum = (values: ArrayLike<number> = []) => Array.from(values).reduce((total, value) => total + value, 0);
    const { storage, variances } = histograms[0]!.histogram;
    expect(storage).toBe('weighted');
    expect(sum(variances)).toBeGreaterThan(200);
    expect(sum(apart.histograms[0]!.histogram.variances)).toBeCloseTo(sum(variances), -3);
  });

  test('tells a file that is not there, and finds it when it is', async () => {
    const { session, files } = open({ a: {} });
    await expect(session.open(files.address('b'))).rejects.toMatchObject({
      tag: 'source',
      message: 'b does not exist',
    });
    await expect(session.open(files.address('a'))).resolves.toMatchObject({ events: 100 });
  });

  test('refuses a histogram of too many bins before anything is read', async () => {
    const { run, files } = open({ a: {} });
    const axis = { value: 'x', bins: 5000, range: [0, 1] as [number, number] };
    await expect(run(documentOf({ histograms: [{ name: 'huge', axes: Array(5).fill(axis) }] }))).rejects.toMatchObject({
      tag: 'limit',
      place: { path: 'histograms.huge' },
    });
    expect(files.reads).toEqual([]);
  });

  test('refuses histograms that are too much for the memory together', async () => {
    const { run, files } = open({ a: {} }, { memoryBudget: 100e6 });
    const axes: HistogramSpec['axes'] = [{ value: 'x', bins: 1_000_000, range: [0, 1] }];
    const histograms = Array.from({ length: 1000 }, (_, index) => ({ name: `h${index}`, axes }));
    await expect(run(documentOf({ histograms }))).rejects.toMatchObject({
      tag: 'limit',
      message: 'with this one, the histograms take more than 50 MB of memory',
      place: { path: 'histograms.h3' },
    });
    expect(files.reads).toEqual([]);
  });
});

describe('closing', () => {
  test('ends what is under way, and starts no worker again', async () => {
    const names = Array.from({ length: 9 }, (_, index) => `f${index}`);
    const { session, files, threads } = open(Object.fromEntries(names.map((name) => [name, {}])), { workers: 2 });
    const opened = names.map((name) => session.open(files.address(name)));
    const ended = Promise.allSettled(opened);
    await until(() => threads.length === 2);
    session.close();
    await ended;
    await expect(session.open(files.address('f1'))).rejects.toMatchObject({ tag: 'cancelled' });
    await pause(20);
    expect(threads).toHaveLength(2);
  });
});
