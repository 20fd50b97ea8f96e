import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parseDocument } from '../core/analysis/yaml.ts';
import { toUhiFileJson } from '../core/hist/uhi.ts';
import { createSession } from './createSession.ts';
import { createEngine } from './engine/createEngine.ts';
import type { LoopName } from './engine/engine.ts';
import { openEventFile } from './formats/open.ts';
import type { FileAddress } from './io/byteSource.ts';
import { openSourceInNode } from './io/nodeFile.ts';
import { createNodeSession } from './nodeSession.ts';
import type { DataSession, RunProgress, RunResult } from './session.ts';
import { localThreads } from './testing/localThreads.ts';
import { REAL_EVENTS, writeTiledEvents } from './testing/tiledEvents.ts';

const DOCUMENT = `
lumiscope: 1
datasets:
  - { name: muons, files: [tiled.parquet] }
define:
  pair: combinations(Muon, 2)
select:
  two muons: len(Muon) >= 2
weight: genWeight
histograms:
  mass: { axes: [{ value: (pair.a + pair.b).mass, bins: 40, range: [0.25, 200], scale: log }] }
  met:  { axes: [{ value: MET.pt, bins: 20, range: [0, 100] }], storage: weighted }
`;
const MORE = `${DOCUMENT}  eta: { axes: [{ value: Muon.eta, bins: 10, range: [-3, 3] }] }\n`;

const documentOf = (text: string) => parseDocument(text).document!;
const bits = ({ histograms, cutflow }: RunResult) => toUhiFileJson(histograms) + JSON.stringify(cutflow);

let folder: string;
let address: FileAddress;
const sessions: DataSession[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumiscope-'));
  const path = join(folder, 'tiled.parquet');
  address = { kind: 'path', path };
  if (REAL_EVENTS) await writeTiledEvents(path, { tiles: 24, rowGroup: 1000 });
});
afterEach(() => {
  for (const session of sessions.splice(0)) session.close();
});
afterAll(() => rm(folder, { recursive: true }));

/** Real files and engines, in worker hosts of this thread. */
function local(workers: number, memoryBudget?: number) {
  const { spawn, threads } = localThreads({ openSource: openSourceInNode, openEventFile, createEngine });
  const session = createSession(spawn, { workers, memoryBudget });
  sessions.push(session);
  const run = (text = DOCUMENT, engine: LoopName = 'wasm') => session.run(documentOf(text), [[address]], { engine });
  return { session, threads, run };
}

describe.skipIf(!REAL_EVENTS)('a session over real events', () => {
  test.each<LoopName>(['wasm', 'reference'])(
    'gives the same bits for 1, 2 and 7 workers with the %s engine',
    async (engine) => {
      const results: RunResult[] = [];
      for (const workers of [1, 2, 7]) results.push(await local(workers).run(DOCUMENT, engine));
      expect(results[0]!.eventsRead).toBe(24_000);
      expect(results[0]!.histograms[0]!.histogram.values.some((value) => value < 0)).toBe(true);
      expect(bits(results[1]!)).toBe(bits(results[0]!));
      expect(bits(results[2]!)).toBe(bits(results[0]!));
    },
  );

  test('gives the same numbers with both engines, on threads and without', async () => {
    const session = createNodeSession({ workers: 2 });
    sessions.push(session);
    const threaded = await session.run(documentOf(DOCUMENT), [[address]], { engine: 'wasm' });
    expect(bits(threaded)).toBe(bits(await local(3).run()));
    const [fast, slow] = [threaded, await local(1).run(DOCUMENT, 'reference')];
    expect(fast.cutflow[0]!.rows.map(({ events }) => events)).toEqual(
      slow.cutflow[0]!.rows.map(({ events }) => events),
    );
    expect(fast.histograms.map(({ histogram }) => histogram.entries)).toEqual(
      slow.histograms.map(({ histogram }) => histogram.entries),
    );
  }, 60_000);

  test('reads a column once, over any number of edits', async () => {
    const { session, run } = local(3);
    const summary = await session.open(address);
    const before = await session.plan(documentOf(DOCUMENT), [[address]]);
    expect(before.columns.toSorted()).toEqual(['MET_pt', 'Muon_eta', 'Muon_mass', 'Muon_phi', 'Muon_pt', 'genWeight']);
    const first = await run();
    expect(first.bytes).toBeGreaterThanOrEqual(before.totalBytes);
    expect(first.bytes).toBeLessThan(summary.file.size);
    expect(await session.plan(documentOf(MORE), [[address]])).toMatchObject({ bytes: 0 });
    const second = await run(MORE);
    expect(second.bytes).toBe(0);
    expect(second.histograms[2]!.histogram.entries).toBeGreaterThan(0);
    expect(toUhiFileJson(second.histograms.slice(0, 2))).toBe(toUhiFileJson(first.histograms));
  });

  test('stays within a memory budget that is smaller than the file, and says the same', async () => {
    const { threads, run } = local(2, 4e6);
    const small = await run();
    expect(threads.reduce((sum, { heap }) => sum + heap.size, 0)).toBeLessThanOrEqual(4e6);
    expect(bits(small)).toBe(bits(await local(2).run()));
  });

  test('is cancelled within 100 ms on its threads, and keeps its columns, and runs again', {
    timeout: 60_000,
    retry: 2,
  }, async () => {
    const path = join(folder, 'long.parquet');
    await writeTiledEvents(path, { tiles: 200, rowGroup: 20_000 });
    const session = createNodeSession({ workers: 2 });
    sessions.push(session);
    const files: FileAddress[][] = [[{ kind: 'path', path }]];
    const abort = new AbortController();
    let started!: () => void;
    const wellUnderWay = new Promise<void>((resolve) => {
      started = resolve;
    });
    const onProgress = ({ events }: RunProgress) => events > 20_000 && started();
    const run = session.run(documentOf(DOCUMENT), files, { engine: 'reference', signal: abort.signal, onProgress });
    await wellUnderWay;
    const at = performance.now();
    abort.abort();
    await expect(run).rejects.toMatchObject({ tag: 'cancelled' });
    expect(performance.now() - at).toBeLessThan(50);
    const { bytes, totalBytes } = await session.plan(documentOf(DOCUMENT), files);
    expect(performance.now() - at).toBeLessThan(100);
    expect(bytes).toBeLessThan(totalBytes);
    expect((await session.run(documentOf(DOCUMENT), files)).eventsRead).toBe(200_000);
  });

  test('says what to do when a file is changed under it, and reads the new one when asked again', async () => {
    const path = join(folder, 'changing.parquet');
    await writeTiledEvents(path, { tiles: 2, rowGroup: 1000 });
    const changing: FileAddress = { kind: 'path', path };
    const { session } = local(1);
    await session.open(changing);
    await writeTiledEvents(path, { tiles: 3, rowGroup: 1000 });
    const run = () => session.run(documentOf(DOCUMENT), [[changing]]);
    await expect(run()).rejects.toMatchObject({ tag: 'source', message: expect.stringContaining('changed') });
    expect((await run()).eventsRead).toBe(3000);
  });

  test('tells a file that is cut off', async () => {
    const path = join(folder, 'cut.parquet');
    const bytes = await readFile((address as { path: string }).path);
    await writeFile(path, bytes.subarray(0, bytes.length / 2));
    await expect(local(1).session.open({ kind: 'path', path })).rejects.toMatchObject({
      tag: 'format',
      place: { file: path },
    });
  });
});
