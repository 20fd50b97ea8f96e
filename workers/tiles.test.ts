/** Histograms in tiles, from the document to the file, over real events. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { parseDocument } from '../core/analysis/yaml.ts';
import { contentBytes } from '../core/hist/contents.ts';
import type { Histogram } from '../core/hist/histogram.ts';
import { project, sliceAt } from '../core/hist/project.ts';
import { toUhi, toUhiFileJson, toUhiJson } from '../core/hist/uhi.ts';
import { fromUhi } from '../core/hist/uhiRead.ts';
import { createSession } from './createSession.ts';
import { createEngine } from './engine/createEngine.ts';
import type { LoopName } from './engine/engine.ts';
import { openEventFile } from './formats/open.ts';
import { openSourceInNode } from './io/nodeFile.ts';
import type { DataSession, RunResult } from './session.ts';
import { localThreads } from './testing/localThreads.ts';
import { sharedData } from './testing/sharedData.ts';

const AXES = [
  { value: 'MET_pt', bins: 5, range: [0, 100] },
  { value: 'MET_phi', bins: 5, range: [-3.2, 3.2] },
  { value: 'MET_sumet', bins: 5, range: [0, 1000] },
  { value: 'PV_npvs', bins: 5, range: [0, 30] },
  { value: 'PV_z', bins: 5, range: [-10, 10] },
  { value: 'nMuon', bins: 5, range: [0, 5] },
  { value: 'nElectron', bins: 5, range: [0, 5] },
  { value: 'nTau', bins: 5, range: [0, 5] },
  { value: 'nJet', bins: 5, range: [0, 10] },
];

/** All of them at once, and one by one. @param bins in place of theirs */
function documentOf({ bins, datasets = ['real'], more = {} }: { bins?: number; datasets?: string[]; more?: object }) {
  const axes = AXES.map((axis) => ({ ...axis, bins: bins ?? axis.bins }));
  const histograms = Object.fromEntries([
    ['nine', { axes, ...more }],
    ...axes.map((axis) => [axis.value, { axes: [axis], ...more }]),
  ]);
  const files = Array(TIMES).fill('events.parquet');
  const text = JSON.stringify({ lumiscope: 1, datasets: datasets.map((name) => ({ name, files })), histograms });
  const { document, errors } = parseDocument(text);
  if (!document) throw new Error(JSON.stringify(errors));
  return document;
}

const REAL_EVENTS = sharedData('Run2012B_SingleMu-1000.parquet');
/** A data set is the file so often: as many chunks. */
const TIMES = 6;
const sessions: DataSession[] = [];
afterEach(() => {
  for (const session of sessions.splice(0)) session.close();
});

async function run(
  document: ReturnType<typeof documentOf>,
  { workers = 2, memoryBudget, times = TIMES }: { workers?: number; memoryBudget?: number; times?: number } = {},
  engine: LoopName = 'wasm',
): Promise<Map<string, Histogram> & { result: RunResult }> {
  const { spawn } = localThreads({ openSource: openSourceInNode, openEventFile, createEngine });
  const session = createSession(spawn, { workers, memoryBudget });
  sessions.push(session);
  const result = await session.run(
    document,
    document.datasets.map(() => Array(times).fill({ kind: 'path', path: REAL_EVENTS! })),
    { engine },
  );
  const histograms = new Map(result.histograms.map(({ name, histogram }) => [name, histogram]));
  return Object.assign(histograms, { result });
}

describe.skipIf(!REAL_EVENTS)('nine axes over real events', () => {
  test('project to what is filled directly, and hold what is filled', async () => {
    const found = await run(documentOf({ bins: 40 }));
    const nine = found.get('nine')!;
    expect(nine.entries).toBe(TIMES * 1000);
    expect(contentBytes(nine)).toBeLessThan(1000 * 3 * 8 + 1);
    for (const [k, { value }] of AXES.entries()) {
      expect(project(nine, [k]).values, value).toEqual(found.get(value)!.values);
    }
    const few = found.get('nJet')!.values;
    few.forEach((count, bin) => {
      const at = sliceAt(nine, 8, bin);
      expect(project(at, [0]).values.reduce((a, b) => a + b)).toBe(count);
    });
    expect(fromUhi(toUhiJson(nine))).toEqual(nine);
  });

  test.each(['count', 'weighted', 'mean'])(
    'give the same bits with any engine and any number of workers: %s',
    async (storage) => {
      const weight = storage === 'count' ? {} : { weight: '0.1 + PV_npvs' };
      const document = documentOf({
        bins: 20,
        datasets: ['a', 'b'],
        more: { storage, ...weight, ...(storage === 'mean' && { sample: 'MET_pt * 1.1' }) },
      });
      const one = toUhiFileJson((await run(document, { workers: 1 })).result.histograms);
      expect(toUhiFileJson((await run(document, { workers: 3 })).result.histograms)).toBe(one);
      const reference = (await run(document, {}, 'reference')).get('nine')!;
      const wasm = (await run(document)).get('nine')!;
      expect(reference.tiles).toEqual(wasm.tiles);
      expect(reference).toEqual(wasm);
      expect(sliceAt(wasm, 0, 1).tiles!.at).toEqual(sliceAt(wasm, 0, 0).tiles!.at);
    },
  );

  test('that take more memory than results may are an error that names the histogram', async () => {
    const limit = {
      tag: 'limit',
      message: expect.stringContaining('histogram nine takes more'),
      place: { keys: ['histograms', 'nine'] },
    };
    const inOneChunk = run(documentOf({ bins: 40 }), { workers: 1, memoryBudget: 40_000 });
    await expect(inOneChunk).rejects.toMatchObject(limit);
    const inAll = (datasets: string[]) =>
      run(documentOf({ bins: 40, datasets }), { workers: 1, memoryBudget: 200_000 });
    expect((await inAll(['a', 'b'])).get('nine')!.entries).toBe(2 * TIMES * 1000);
    await expect(inAll(['a', 'b', 'c', 'd', 'e'])).rejects.toMatchObject(limit);
  });

  test('a document of more than 2^53 bins is refused', async () => {
    expect(() => documentOf({ bins: 100 })).toThrow('nine has about 1.2e+18 bins');
  });

  const python = process.env.LUMISCOPE_PYTHON;
  test.skipIf(!python)(
    'are those of boost-histogram (set LUMISCOPE_PYTHON to a Python with boost-histogram)',
    async () => {
      const nine = (await run(documentOf({}), { times: 1 })).get('nine')!;
      expect(nine.tiles).toBeDefined();
      const script = fileURLToPath(new URL('fixtures/boost_nine_axes.py', import.meta.url));
      const peer = spawnSync(python!, [script, REAL_EVENTS!], { input: JSON.stringify(AXES), encoding: 'utf8' });
      expect(peer.stderr).toBe('');
      expect(toUhi(nine).storage).toEqual({ type: 'int', ...JSON.parse(peer.stdout) });
    },
  );
});
