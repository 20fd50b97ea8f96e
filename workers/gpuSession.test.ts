import { afterEach, describe, expect, test } from 'vitest';
import type { AnalysisDocument, HistogramSpec } from '../core/analysis/document.ts';
import { toUhiFileJson } from '../core/hist/uhi.ts';
import { GpuTrouble } from '../gpu-kernels/types.ts';
import { createSession } from './createSession.ts';
import { createEngine } from './engine/createEngine.ts';
import type { DataSession, RunOptions, RunProgress, RunResult } from './session.ts';
import { type FakeBehaviour, FakeFiles } from './testing/fakeFiles.ts';
import { FakeGpu, type FakeGpuBehaviour } from './testing/fakeGpu.ts';
import { localThreads } from './testing/localThreads.ts';

const PT: HistogramSpec = { name: 'pt', axes: [{ value: 'Muon.pt', bins: 10, range: [0, 100] }] };
const X: HistogramSpec = { name: 'x', axes: [{ value: 'x', bins: 10, range: [0, 1] }] };
const MEAN: HistogramSpec = { ...X, name: 'profile', storage: 'mean', sample: 'x' };

function documentOf(change: Partial<AnalysisDocument> = {}): AnalysisDocument {
  return {
    lumiscope: 1,
    datasets: [{ name: 'data', files: ['a'] }],
    define: [],
    select: [{ name: 'two muons', expression: 'len(Muon) >= 2', enabled: true }],
    histograms: [PT, X],
    defaults: {},
    ...change,
  };
}

const sessions: DataSession[] = [];
afterEach(() => {
  for (const session of sessions.splice(0)) session.close();
});

function open(behaviour: FakeGpuBehaviour = {}, files: Record<string, FakeBehaviour> = { a: { chunks: 9 } }) {
  const fake = new FakeFiles(files);
  const gpu = new FakeGpu(behaviour);
  const { openSource, openEventFile } = fake;
  const { spawn } = localThreads({ openSource, openEventFile, createEngine });
  const session = createSession(spawn, { workers: 3, spawnGpu: gpu.spawn });
  sessions.push(session);
  const run = (document = documentOf(), options: RunOptions = {}) =>
    session.run(
      document,
      document.datasets.map(({ files }) => files.map((name) => fake.address(String(name)))),
      { engine: 'gpu', ...options },
    );
  return { session, gpu, files: fake, run };
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
const until = async (condition: () => boolean) => {
  for (let k = 0; k < 400 && !condition(); k++) await pause(10);
};
const bits = ({ histograms, cutflow }: RunResult) => toUhiFileJson(histograms) + JSON.stringify(cutflow);
/** The numbers that WebAssembly gives in a session of its own. */
const wanted = async (document = documentOf(), files?: Record<string, FakeBehaviour>) =>
  bits(await open({}, files).run(document, { engine: 'wasm' }));

describe('a run on the GPU', () => {
  test('counts what WebAssembly counts, with the doubtful events redone', async () => {
    const { run, gpu } = open();
    const result = await run();
    expect(bits(result)).toBe(await wanted());
    expect(result).toMatchObject({ engine: 'gpu', complete: true, eventsRead: 900 });
    expect(result.engineNote).toBeUndefined();
    expect(gpu.runs).toEqual([['0/0', '0/1', '0/2', '0/3', '0/4', '0/5', '0/6', '0/7', '0/8']]);
  });

  test('reads each column once, and uploads it once', async () => {
    const { run, gpu, files } = open();
    await run();
    const reads = files.reads.length;
    await run(documentOf({ select: [] }));
    expect(reads).toBe(18);
    expect(files.reads).toHaveLength(reads);
    expect(gpu.uploads).toEqual(Array.from({ length: 9 }, (_, chunk) => `0/${chunk}`));
    expect(gpu.opened).toBe(1);
  });

  test('gives the same bits twice, and weighted sums that WebAssembly gives', async () => {
    const document = documentOf({ weight: 'w', histograms: [PT, { ...X, storage: 'weighted' }] });
    const [a, b] = [await open().run(document), await open().run(document)];
    expect(bits(a)).toBe(bits(b));
    const exact = await open().run(document, { engine: 'wasm' });
    for (const [k, { histogram }] of exact.histograms.entries()) {
      const scale = Math.sqrt(histogram.entries * histogram.variances!.reduce((sum, w2) => sum + w2, 0));
      a.histograms[k]!.histogram.values.forEach((value, bin) => {
        expect(Math.abs(value - histogram.values[bin]!)).toBeLessThan(1e-12 * scale);
      });
    }
  });

  test('goes on in batches, each of which shows', async () => {
    const files = { a: { chunks: 3, eventsPerChunk: 600_000 } };
    const histograms = [X];
    const seen: Pick<RunProgress, 'events' | 'partial'>[] = [];
    // A chunk waits for what shows of those before it.
    const onChunk = async ({ chunk }: { chunk: number }) => {
      if (chunk === 1) await until(() => seen.some(({ events }) => events === 600_000));
      if (chunk === 2) await until(() => seen.some(({ partial }) => partial.eventsRead > 0));
    };
    const { run, gpu } = open({ isSoftware: true, onChunk }, files);
    // The partial result is made when it is looked at.
    const onProgress = ({ events, partial }: RunProgress) => seen.push({ events, partial });
    const result = await run(documentOf({ select: [], histograms }), { onProgress });
    expect(gpu.runs).toEqual([['0/0', '0/1'], ['0/2']]);
    expect(result.eventsRead).toBe(1.8e6);
    const partial = seen.map(({ partial }) => partial.eventsRead);
    expect(partial.some((events) => events > 0 && events < 1.8e6)).toBe(true);
    const events = seen.map(({ events }) => events);
    expect(events).toEqual([...events].sort((a, b) => a - b));
    expect(events).toContain(600_000);
    expect(seen.every(({ partial }) => partial.engine === 'gpu')).toBe(true);
  });

  test('is cancelled at once', async () => {
    const abort = new AbortController();
    let slow = true;
    const { run } = open({ onChunk: () => pause(slow ? 300 : 0) });
    setTimeout(() => abort.abort(), 100);
    const started = performance.now();
    await expect(run(documentOf(), { signal: abort.signal })).rejects.toMatchObject({ tag: 'cancelled' });
    expect(performance.now() - started).toBeLessThan(250);
    slow = false;
    expect(bits(await run())).toBe(await wanted());
  });

  test('sends nothing to the device after it was cancelled', async () => {
    let abort: AbortController | undefined;
    const refuses = () => {
      abort?.abort();
      return undefined;
    };
    const { run, gpu } = open({ refuses });
    await run(documentOf({ select: [] }));
    abort = new AbortController();
    await expect(run(documentOf(), { signal: abort.signal })).rejects.toMatchObject({ tag: 'cancelled' });
    await pause(300);
    expect(gpu.runs).toHaveLength(1);
  });

  test('leaves programs that do not lower to WebAssembly, data set by data set, and says why', async () => {
    const refuses: FakeGpuBehaviour['refuses'] = ({ histograms }) =>
      histograms.some(({ storage }) => storage === 'mean') ? 'histogram "profile" has the storage mean' : undefined;
    const { run, gpu } = open({ refuses });
    const document = documentOf({ histograms: [X, MEAN] });
    const result = await run(document);
    expect(result).toMatchObject({ engine: 'wasm', engineNote: 'histogram "profile" has the storage mean' });
    expect(bits(result)).toBe(await wanted(document));
    expect(gpu.runs).toEqual([]);
  });

  test('leaves chunks that do not fit on the device to WebAssembly, the same ones each time', async () => {
    const document = documentOf({ select: [], histograms: [X] });
    for (const behaviour of [
      { budget: 3200 / 0.95 },
      {
        onUpload: ({ chunk }: { chunk: number }) => {
          if (chunk === 4) throw new GpuTrouble('memory', 'no room');
        },
      },
    ]) {
      const { run, gpu } = open(behaviour);
      const result = await run(document);
      expect(bits(result)).toBe(await wanted(document));
      expect(gpu.runs).toEqual([['0/0', '0/1', '0/2', '0/3']]);
      expect(result).toMatchObject({ engine: 'gpu', engineNote: expect.stringMatching(/^5 of 9 chunks do not fit/) });
    }
  });

  test('keeps what the GPU made apart from what WebAssembly made', async () => {
    const { run, gpu } = open();
    await run();
    expect((await run()).engine).toBe('gpu');
    expect(gpu.runs).toHaveLength(1);
    expect((await run(documentOf(), { engine: 'wasm' })).engine).toBe('wasm');
    expect(await run(documentOf({ title: 'again' }), { engine: 'wasm' })).toMatchObject({ engine: 'wasm' });
  });

  test('says what is wrong with a file as WebAssembly does', async () => {
    const broken = {
      a: {
        chunks: 3,
        onRead: (chunk: number) => {
          if (chunk === 1) throw new TypeError('a broken page');
        },
      },
    };
    await expect(open({}, broken).run()).rejects.toMatchObject({ place: { file: 'a' } });
  });
});

describe('trouble with the GPU', () => {
  test('a refused adapter: WebAssembly runs it, and the result says why', async () => {
    const { run, session } = open({
      onOpen: () => {
        throw new GpuTrouble('refused', 'this browser has no WebGPU');
      },
    });
    const result = await run();
    expect(bits(result)).toBe(await wanted());
    expect(result).toMatchObject({ engine: 'wasm', engineNote: 'this browser has no WebGPU' });
    expect((await session.stats()).gpu).toEqual({ refused: 'this browser has no WebGPU' });
  });

  test('a thread that can not be started is a refused adapter', async () => {
    const { run, gpu } = open({
      onSpawn: () => {
        throw new Error('no more threads');
      },
    });
    const result = await run();
    expect(bits(result)).toBe(await wanted());
    expect(result).toMatchObject({ engine: 'wasm', engineNote: expect.stringContaining('no more threads') });
    expect(gpu.opened).toBe(0);
  });

  const lostAt =
    (chunk: number, times: number): FakeGpuBehaviour['onChunk'] =>
    (one) => {
      if (one.chunk !== chunk || times-- <= 0) return;
      throw new GpuTrouble('lost', 'the driver was updated');
    };

  test('a device that is lost in mid-run: once more on a new one', async () => {
    const { run, gpu } = open({ onChunk: lostAt(5, 1) });
    const result = await run();
    expect(bits(result)).toBe(await wanted());
    expect(result).toMatchObject({ engine: 'gpu' });
    expect(result.engineNote).toBeUndefined();
    expect({ opened: gpu.opened, uploads: gpu.uploads.length }).toEqual({ opened: 2, uploads: 18 });
  });

  test.each([0, 4, 8])('lost twice at chunk %i: WebAssembly runs what is left, and nothing counts twice', async (k) => {
    const { run, gpu } = open({ onChunk: lostAt(k, 2) });
    const result = await run();
    expect(bits(result)).toBe(await wanted());
    expect(result).toMatchObject({
      engine: 'wasm',
      engineNote: 'the GPU was lost twice (the driver was updated): WebAssembly ran the rest',
    });
    expect(gpu.opened).toBe(2);
  });

  test('batches that were done before the device was lost stay', async () => {
    const files = { a: { chunks: 4, eventsPerChunk: 500_000 } };
    const document = documentOf({ select: [], histograms: [X] });
    const { run, gpu } = open({ isSoftware: true, onChunk: lostAt(3, 2) }, files);
    const result = await run(document);
    expect(bits(result)).toBe(await wanted(document, files));
    expect(gpu.runs).toEqual([
      ['0/0', '0/1'],
      ['0/2', '0/3'],
      ['0/2', '0/3'],
    ]);
    expect(result).toMatchObject({ engine: 'gpu', engineNote: expect.stringContaining('lost twice') });
  });

  test('a thread that dies is a lost device', async () => {
    const box: { gpu?: FakeGpu } = {};
    let first = true;
    const { run, gpu } = open({
      onChunk: async ({ chunk }) => {
        if (chunk === 2 && first) box.gpu!.crash('out of memory');
        if (chunk === 2) first = false;
        await pause(5);
      },
    });
    box.gpu = gpu;
    const result = await run();
    expect(bits(result)).toBe(await wanted());
    expect(result.engine).toBe('gpu');
    expect(gpu.threads).toBe(2);
  });

  test('a program that the driver does not compile runs on WebAssembly', async () => {
    const { run } = open({
      onChunk: () => {
        throw new GpuTrouble('code', 'unknown identifier');
      },
    });
    const result = await run();
    expect(bits(result)).toBe(await wanted());
    expect(result).toMatchObject({ engine: 'wasm', engineNote: expect.stringContaining('unknown identifier') });
  });
});

describe('auto', () => {
  const files = { a: { chunks: 4, eventsPerChunk: 300_000 } };
  const document = (low: number) =>
    documentOf({ select: [{ name: 'x', expression: `x > ${low}`, enabled: true }], histograms: [X] });
  const auto = { engine: 'auto' as const };

  test('runs on WebAssembly first, brings the columns to a real GPU, and then runs there', async () => {
    const { run, gpu } = open({}, files);
    expect((await run(document(0.1), auto)).engine).toBe('wasm');
    await until(() => gpu.uploads.length === 4);
    await pause(50);
    const second = await run(document(0.2), auto);
    expect(second.engine).toBe('gpu');
    expect(bits(second)).toBe(await wanted(document(0.2), files));
  });

  test('takes what WebAssembly has made before', async () => {
    const { run, gpu } = open({}, files);
    await run(document(0.1), auto);
    await until(() => gpu.uploads.length === 4);
    expect((await run(document(0.1), auto)).engine).toBe('wasm');
    expect(gpu.runs).toEqual([]);
  });

  test('asks for no GPU where the data are small', async () => {
    const { run, gpu } = open();
    await run(documentOf(), auto);
    await pause(100);
    await run(documentOf({ select: [] }), auto);
    expect(gpu.threads).toBe(0);
  });

  test.each<[string, FakeGpuBehaviour, RegExp]>([
    ['software', { isSoftware: true }, /no GPU but a program/],
    [
      'refused',
      {
        onOpen: () => {
          throw new GpuTrouble('refused', 'no adapter');
        },
      },
      /no adapter/,
    ],
  ])('stays with WebAssembly where the device is %s', async (_, behaviour, reason) => {
    const { run, gpu, session } = open(behaviour, files);
    await run(document(0.1), auto);
    await until(() => gpu.threads === 1);
    for (let k = 0; k < 100 && !(await session.stats()).gpu; k++) await pause(10);
    const second = await run(document(0.2), auto);
    expect(second).toMatchObject({ engine: 'wasm', engineNote: expect.stringMatching(reason) });
    expect(gpu.uploads).toEqual([]);
  });

  test('asks a device of software once only', async () => {
    const { run, gpu } = open({ isSoftware: true }, files);
    for (const low of [0.1, 0.2, 0.3]) {
      await run(document(low), auto);
      await until(() => gpu.opened > 0);
      await pause(100);
    }
    expect(gpu.opened).toBe(1);
  });

  test('leaves a device of software to whom has asked for it meanwhile', async () => {
    let isAsked = () => {};
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    const { run, gpu } = open({ isSoftware: true, onOpen: () => asked }, files);
    await run(document(0.1), auto);
    await until(() => gpu.threads === 1);
    const running = run(document(0.2));
    await pause(50);
    isAsked();
    const result = await running;
    expect(result).toMatchObject({ engine: 'gpu' });
    expect(result.engineNote).toBeUndefined();
    expect(gpu).toMatchObject({ threads: 1, opened: 1 });
  });
});
