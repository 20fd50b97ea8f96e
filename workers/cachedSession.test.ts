import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseDocument } from '../core/analysis/yaml.ts';
import { toUhiFileJson } from '../core/hist/uhi.ts';
import { createSession } from './createSession.ts';
import { createEngine } from './engine/createEngine.ts';
import { openEventFile } from './formats/open.ts';
import type { FileAddress } from './io/byteSource.ts';
import { nodeCache } from './io/cache/nodeCache.ts';
import { openSource } from './io/openSource.ts';
import type { DataSession, RunResult } from './session.ts';
import { type FaultyServer, startFaultyServer } from './testing/faultyServer.ts';
import { localThreads } from './testing/localThreads.ts';
import { REAL_EVENTS, writeTiledEvents } from './testing/tiledEvents.ts';

const PT = parseDocument(`
lumiscope: 1
datasets: [{ name: muons, files: [tiled.parquet] }]
select: { two muons: len(Muon) >= 2 }
histograms: { pt: { axes: [{ value: Muon.pt, bins: 40, range: [0, 200] }] } }
`).document!;

const bits = ({ histograms, cutflow }: RunResult) => toUhiFileJson(histograms) + JSON.stringify(cutflow);

let folder: string;
let server: FaultyServer;
let files: FileAddress[][];
const sessions: DataSession[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumiscope-cached-'));
  await writeTiledEvents(join(folder, 'tiled.parquet'), { tiles: 12, rowGroup: 1000 });
  server = await startFaultyServer(folder);
  files = [[{ kind: 'url', url: server.url('tiled.parquet') }]];
});
afterEach(async () => {
  for (const session of sessions.splice(0)) session.close();
  await server.close();
  await rm(folder, { recursive: true });
});

/** Another visit: fresh workers over the same cache. */
function visit(workers = 2): DataSession {
  const openCache = () => nodeCache(join(folder, 'cache'));
  const { spawn } = localThreads({ openSource, openCache, openEventFile, createEngine });
  const session = createSession(spawn, { workers, cache: { folder: join(folder, 'cache') } });
  sessions.push(session);
  return session;
}

describe.skipIf(!REAL_EVENTS)('a session with a cache', () => {
  test('at its second look asks for the version alone, and gives the same bits', async () => {
    const first = visit();
    const cold = await first.run(PT, files);
    expect(cold.bytes).toBeGreaterThan(0);
    await first.storage({ kind: 'report' });
    first.close();
    await new Promise((resolve) => setTimeout(resolve, 500));
    server.requests.length = 0;
    const warm = await visit(3).run(PT, files);
    expect(server.requests.map(({ method }) => method)).toEqual(['HEAD']);
    expect(warm).toMatchObject({ bytes: 0, cachedBytes: expect.any(Number) });
    expect(warm.cachedBytes).toBeGreaterThan(10_000);
    expect(bits(warm)).toBe(bits(cold));
  });

  test('runs what was pinned without its server, as of the last look', async () => {
    const first = visit();
    await first.open(files[0]![0]!);
    await first.pin(PT, files);
    const fetched = server.requests.length;
    // All is there: pinning again asks for nothing.
    await first.pin(PT, files);
    expect(server.requests.length).toBe(fetched);
    const here = await first.run(PT, files);
    expect(server.requests.length).toBe(fetched);
    await server.close();

    const later = visit();
    const { file } = await later.open(files[0]![0]!);
    expect(Date.now() - file.asOf!).toBeLessThan(60_000);
    expect(bits(await later.run(PT, files))).toBe(bits(here));
    const { files: held } = await later.storage({ kind: 'report' });
    expect(held).toMatchObject([{ url: server.url('tiled.parquet'), pinned: true }]);
    expect(held[0]!.bytes).toBeLessThan(held[0]!.size);
  });

  test('says what can not be pinned for want of room', async () => {
    const session = visit();
    await session.storage({ kind: 'quota', bytes: 20_000 });
    await expect(session.pin(PT, files)).rejects.toThrow(/not all of it could be kept/);
  });

  test('says what can not be pinned for want of a version', async () => {
    const session = visit();
    const bare: FileAddress[][] = [[{ kind: 'url', url: server.url('tiled.parquet', 'no-etag') }]];
    await expect(session.pin(PT, bare)).rejects.toThrow(/tells no version/);
  });
});
