/**
 * Files on a server with 50 ms of latency: what an analysis of three columns asks for of files with some 1,500, and how long it takes
 * the first time, again with its columns in memory, and again in a new session with the cache on disk.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { AnalysisDocument } from '../core/analysis/document.ts';
import { createNodeSession } from '../workers/nodeSession.ts';
import { startFaultyServer } from '../workers/testing/faultyServer.ts';
import { sharedData } from '../workers/testing/sharedData.ts';
import { figure, median, print, ratio } from './report.ts';

const LATENCY = 50;
const REPEATS = 5;
const FILES = ['nano_dy.parquet', 'nano_dy.root', 'nano_tt_v12.root', 'nano_dimuon_rntuple.root'];

const DOCUMENT: AnalysisDocument = {
  lumiscope: 1,
  datasets: [{ name: 'data', files: ['a'], tree: 'Events' }],
  define: [],
  select: [{ name: 'muons', expression: 'len(Muon_pt) >= 1', enabled: true }],
  histograms: ['Muon_pt', 'Jet_pt', 'MET_pt'].map((value) => ({
    name: value,
    axes: [{ value, bins: 50, range: [0, 200] }],
  })),
  defaults: {},
};

/** Seconds, requests and bytes of one run of a session, the opening of the file included. */
async function measured(session: ReturnType<typeof createNodeSession>, url: string, document = DOCUMENT) {
  const begin = performance.now();
  const address = { kind: 'url' as const, url, tree: 'Events' };
  const { events, columns } = await session.open(address);
  const { requests, bytes } = await session.run(document, [[address]]);
  return { seconds: (performance.now() - begin) / 1000, requests, bytes, events, columns: columns.length };
}

const rows: string[][] = [];
for (const name of FILES) {
  const path = sharedData(name);
  if (!path) {
    process.stdout.write(`${name} is not there: skipped\n`);
    continue;
  }
  const server = await startFaultyServer(dirname(path), { latency: LATENCY });
  const cold: number[] = [];
  const memory: number[] = [];
  const cache: number[] = [];
  let first: Awaited<ReturnType<typeof measured>> | undefined;
  let requests = 0;
  let sent = 0;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const folder = mkdtempSync(join(tmpdir(), 'lumiscope-bench-'));
    const open = async () => {
      const session = createNodeSession({ workers: 1, cache: { folder } });
      // The thread starts up before the clock does.
      await session.open({ kind: 'path', path });
      return session;
    };
    const url = server.url(basename(path));
    const session = await open();
    const from = server.requests.length;
    first = await measured(session, url);
    requests = server.requests.length - from;
    sent = server.requests.slice(from).reduce((sum, one) => sum + one.sent, 0);
    cold.push(first.seconds);
    // Another cut: results are kept, so that the same document would cost nothing at all.
    const select = [{ name: 'more', expression: 'len(Muon_pt) >= 2', enabled: true }];
    memory.push((await measured(session, url, { ...DOCUMENT, select })).seconds);
    // What was fetched is on disk within a second.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    session.close();
    const later = await open();
    cache.push((await measured(later, url)).seconds);
    later.close();
    rmSync(folder, { recursive: true });
  }
  await server.close();
  rows.push([
    name,
    figure(first!.columns),
    figure(requests),
    `${figure(sent / 1e3)} kB`,
    `${figure(median(cold) * 1e3)} ms`,
    `${figure(median(memory) * 1e3)} ms (${ratio(median(cold), median(memory))})`,
    `${figure(median(cache) * 1e3)} ms (${ratio(median(cold), median(cache))})`,
  ]);
}
if (rows.length > 0)
  print(
    `Three columns over HTTP, ${LATENCY} ms of latency`,
    ['file', 'columns', 'requests', 'bytes', 'cold', 'warm memory (cold takes)', 'warm cache (cold takes)'],
    rows,
    ['requests and bytes: cold, with the opening of the file; medians of five'],
  );
