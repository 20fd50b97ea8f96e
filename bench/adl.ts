/**
 * The eight ADL benchmark queries on one core with warm columns: the documents of `public/examples` on our engine,
 * SQL on DuckDB's in-memory tables, and awkward-array. All fill the same histograms; counts are compared.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnalysisDocument } from '../core/analysis/document.ts';
import { parseDocument } from '../core/analysis/yaml.ts';
import { root } from '../scripts/upToDate.ts';
import { adlColumns, adlFile, adlTiles } from './adlData.ts';
import { BenchEngine, compile } from './engine.ts';
import { absences, label, type Peer, runPeers } from './peers.ts';
import { figure, median, print, ratio, timed } from './report.ts';

const TILES = 1000;
const REPEATS = 5;
const QUERIES = ['q1', 'q2', 'q3', 'q4', 'q5', 'q6', 'q7', 'q8'];

const path = adlFile();
if (!path) {
  process.stdout.write('ADL queries: skipped, the sample is not here (LUMISCOPE_ADL_FILE names it)\n');
  process.exit(0);
}

const infos = await adlColumns(path);
const documents = new Map(QUERIES.map((query) => [query, read(query)]));
const programs = new Map(QUERIES.map((query) => [query, compile(documents.get(query)!, infos)]));
const needed = new Set([...programs.values()].flatMap(({ columns }) => columns));
const columns = await adlTiles(
  path,
  infos.filter(({ name }) => needed.has(name)),
  TILES,
);
const events = [...columns.values()][0]!.length;

const engine = new BenchEngine();
for (const [name, column] of columns) engine.place(name, column);
columns.clear();

const ours = new Map<string, { seconds: number; counts: number[][] }>();
for (const [query, program] of programs) {
  const prepared = await engine.prepare(program);
  const seconds = median(timed(REPEATS, 1, () => engine.run(program, prepared)));
  const { histograms } = engine.run(program, prepared);
  ours.set(query, { seconds, counts: histograms.map(({ values }) => Array.from(values)) });
}

const axes = Object.fromEntries(
  [...documents].map(([query, { histograms }]) => [
    query,
    histograms.map(({ axes: [axis] }) => ({ bins: axis?.bins, range: axis?.range })),
  ]),
);
const peers = await runPeers('adl.py', ['DuckDB', 'awkward'], { path, tiles: TILES, repeats: REPEATS, axes });

const rows = QUERIES.map((query) => {
  const { seconds, counts } = ours.get(query)!;
  const others = peers.flatMap((peer) => compared(peer, query, seconds, counts));
  return [query.toUpperCase(), rate(seconds), ...others];
});
print(
  `ADL queries, ${figure(events)} real events (1,000 repeated), one core, columns in memory`,
  [
    'query',
    'Lumiscope, million events/s',
    ...peers.flatMap((peer) => [label(peer), 'time ÷ Lumiscope’s', 'counts that differ']),
  ],
  rows,
  [`medians of ${REPEATS}; compiling and reading are not timed`, ...absences(peers)],
);

function compared(peer: Peer, query: string, seconds: number, counts: number[][]): string[] {
  if ('absent' in peer) return ['absent', '', ''];
  const run = peer.runs[query];
  if (!run) return ['not written', '', ''];
  const took = median(run.seconds);
  return [rate(took), ratio(took, seconds), figure(differing(counts, run.counts))];
}

/** Entries that lie in another bin, as a share would hide a single one. */
function differing(a: number[][], b: number[][]): number {
  if (a.length !== b.length) return Number.NaN;
  return a.reduce((sum, counts, h) => sum + counts.reduce((n, v, i) => n + Math.abs(v - (b[h]?.[i] ?? 0)), 0), 0) / 2;
}

function rate(seconds: number): string {
  return figure(events / seconds / 1e6);
}

function read(query: string): AnalysisDocument {
  const text = readFileSync(join(root, `public/examples/adl-${query}.yaml`), 'utf8');
  const { document, errors } = parseDocument(text);
  if (!document) throw new Error(`adl-${query}.yaml: ${errors.map(({ message }) => message).join('; ')}`);
  return document;
}
