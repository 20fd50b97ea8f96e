/** Whole runs over HTTP: what they ask for, what is planned, and what becomes of them where the server fails in the middle. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AnalysisDocument } from '../core/analysis/document.ts';
import { createSession } from './createSession.ts';
import { openEventFile } from './formats/open.ts';
import type { FileAddress } from './io/byteSource.ts';
import { openSource } from './io/openSource.ts';
import { PATIENCE } from './io/retry.ts';
import { createNodeSession } from './nodeSession.ts';
import type { DataSession, RunResult } from './session.ts';
import { type Fault, type FaultyServer, startFaultyServer } from './testing/faultyServer.ts';
import { localThreads } from './testing/localThreads.ts';
import { type SparseParquet, writeSparseParquet } from './testing/sparseParquet.ts';

const { waits, stall } = PATIENCE;
const GROUPS = 6;
/** A column of a row group is longer than any gap that is read across. */
const EVENTS = 40_000;
const DOCUMENT: AnalysisDocument = {
  lumiscope: 1,
  datasets: [{ name: 'data', files: ['a'] }],
  define: [],
  select: [{ name: 'high', expression: 'MET.pt > 50', enabled: true }],
  weight: 'weight',
  histograms: [{ name: 'pt', axes: [{ value: 'MET.pt', bins: 10, range: [0, 100] }] }],
  defaults: {},
};

let folder: string;
let server: FaultyServer;
let large: SparseParquet;
let cases = 0;
const sessions: DataSession[] = [];

beforeAll(async () => {
  PATIENCE.waits = [5, 5, 5, 5];
  folder = mkdtempSync(join(tmpdir(), 'lumiscope-remote-'));
  writeSparseParquet(join(folder, 'small.parquet'), { groups: GROUPS, events: EVENTS, hole: 1e6 });
  large = writeSparseParquet(join(folder, 'large.parquet'), { groups: 4, events: 250_000, hole: 2.5e9 });
  server = await startFaultyServer(folder);
});

afterAll(async () => {
  PATIENCE.waits = waits;
  await server.close();
  rmSync(folder, { recursive: true });
});

afterEach(() => {
  PATIENCE.stall = stall;
  for (const session of sessions.splice(0)) session.close();
});

/** Engine and server share this thread with the requests: what is too short for a busy machine breaks sound ones off. */
function shortenStalls(fault: Fault): void {
  if (fault.startsWith('stall')) PATIENCE.stall = 1500;
}

/** A session over threads of this thread, where tests shorten the waits. */
function session(workers = 2): DataSession {
  const made = createSession(localThreads({ openSource, openEventFile }).spawn, { workers });
  sessions.push(made);
  return made;
}

const address = (name: string, fault?: Fault, from?: number): FileAddress => ({
  kind: 'url',
  url: `${server.url(name, fault ?? ('none' as Fault), from)}&case=${cases++}`,
});

async function run(
  made: DataSession,
  files: FileAddress[],
): Promise<{ result?: RunResult; shown?: RunResult; error?: unknown }> {
  let shown: RunResult | undefined;
  try {
    const result = await made.run(DOCUMENT, [files], {
      engine: 'reference',
      onProgress: ({ partial }) => {
        shown = partial;
      },
    });
    return { result };
  } catch (error) {
    return { error, ...(shown && { shown }) };
  }
}

describe('a plan', () => {
  it('says exactly what the run asks for, then that all is in memory', async () => {
    const made = session();
    const files = [[address('small.parquet')]];
    const plan = await made.planRequests(DOCUMENT, files);
    const { host } = new URL(server.origin);
    expect(plan).toMatchObject({ files: 1, chunks: GROUPS, memoryBytes: 0, isEstimate: false });
    expect(plan.columns.map(({ name }) => name).sort()).toEqual(['MET_pt', 'weight']);
    const before = server.requests.length;
    const result = await made.run(DOCUMENT, files, { engine: 'reference' });
    expect(server.requests.length - before).toBe(2 * GROUPS);
    expect(plan.hosts).toEqual([{ host, files: 1, requests: result.requests, bytes: result.bytes, cachedBytes: 0 }]);
    const again = await made.planRequests(DOCUMENT, files);
    expect(again).toMatchObject({ hosts: [], memoryBytes: 2 * plan.columns[0]!.bytes });
  });

  it('tells hosts apart, and files of this machine', async () => {
    const made = createNodeSession({ workers: 1 });
    sessions.push(made);
    const other = await startFaultyServer(folder);
    const url = other.url('small.parquet');
    const plan = await made.planRequests(DOCUMENT, [
      [address('small.parquet'), { kind: 'url', url }, { kind: 'path', path: join(folder, 'small.parquet') }],
    ]);
    await other.close();
    expect(plan.hosts.map(({ host }) => host)).toEqual([new URL(server.origin).host, new URL(url).host, undefined]);
    expect(new Set(plan.hosts.map(({ requests }) => requests))).toEqual(new Set([2 * GROUPS]));
  });
});

describe('a server that fails in the middle of a run', () => {
  it.each(['busy-twice', 'cut-twice', 'reset-twice', 'stall-once', 'no-if-range'] as const)(
    '%s: the same result as without',
    async (fault) => {
      shortenStalls(fault);
      const { result } = await run(session(), [address('small.parquet', fault, 2)]);
      const { result: right } = await run(session(), [address('small.parquet')]);
      expect(result?.cutflow).toEqual(right?.cutflow);
      expect(result?.histograms).toEqual(right?.histograms);
    },
  );

  it.each([
    ['broken', /500/],
    ['forbidden', /403/],
    ['unauthorized', /401/],
    ['cut', /cut short/],
    ['reset', /can't be reached/],
    ['stall', /no byte came/],
    ['ignore-range', /does not support range requests/],
    ['wrong-range', /came instead of/],
    ['changed', /changed while it was read/],
  ] as const)('%s: an error with address, range and cause; what the others gave stays', async (fault, message) => {
    shortenStalls(fault);
    const bad = address('small.parquet', fault, 3) as { url: string };
    const { error, shown } = await run(session(), [bad as FileAddress, address('small.parquet')]);
    expect(error).toMatchObject({
      tag: 'source',
      message: expect.stringMatching(message),
      place: {
        file: bad.url,
        range: [expect.any(Number), expect.any(Number)],
        missing: [{ file: bad.url, of: GROUPS }],
      },
    });
    expect(shown).toMatchObject({ complete: false });
    // All of the sound file, and what came of the other one before it failed.
    expect(shown!.eventsRead).toBeGreaterThanOrEqual(GROUPS * EVENTS);
    expect(shown!.eventsRead).toBeLessThan(2 * GROUPS * EVENTS);
  });

  it('a replica goes on where the first one fails', async () => {
    const first = address('small.parquet', 'broken', 3) as { url: string };
    const second = address('small.parquet') as { url: string };
    const made = session();
    const { result } = await run(made, [{ kind: 'url', url: first.url, replicas: [second.url] }]);
    const { result: right } = await run(session(), [address('small.parquet')]);
    expect(result?.histograms).toEqual(right?.histograms);
    expect([...(await made.stats()).failed.keys()]).toEqual([first.url]);
  });
});

describe('a file of 10 GB', () => {
  it('costs the bytes of its needed columns, and little memory', async () => {
    expect(large.size).toBeGreaterThan(10e9);
    expect(statSync(join(folder, 'large.parquet')).blocks * 512).toBeLessThan(0.1e9);
    const made = createNodeSession({ workers: 2 });
    sessions.push(made);
    const files = [[address('large.parquet')]];
    const start = process.memoryUsage().rss;
    let peak = start;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 5);
    const from = server.requests.length;
    await made.open(files[0]![0]!);
    const opened = server.requests.slice(from).reduce((sum, { sent }) => sum + sent, 0);
    const result = await made.run(DOCUMENT, files);
    clearInterval(watch);
    const sent = server.requests.slice(from).reduce((sum, one) => sum + one.sent, 0);
    expect(result.eventsRead).toBe(large.events);
    expect(opened).toBeLessThan(100e3);
    // Two columns of three, with the headers of their pages, and not the one between them.
    expect(sent - opened).toBeGreaterThanOrEqual(2 * large.columnBytes);
    expect(sent - opened).toBeLessThan(2 * large.columnBytes * 1.001);
    expect(result.bytes).toBe(sent - opened);
    expect(peak - start).toBeLessThan(1e9);
  });
});
