/**
 * A weighted histogram of one dimension with Σw and Σw², 10 million values on one core: Lumiscope's WebAssembly
 * engine, boost-histogram and DuckDB, all on the same numbers in memory.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnalysisDocument } from '../core/analysis/document.ts';
import type { ColumnData, ColumnInfo } from '../core/schema/column.ts';
import { BenchEngine, compile } from './engine.ts';
import { absences, label, runPeers } from './peers.ts';
import { figure, median, print, ratio, timed } from './report.ts';

const VALUES = 10_000_000;
const REPEATS = 7;
const AXIS = { bins: 100, lo: 0, hi: 200 };

const COLUMNS: ColumnInfo[] = ['x', 'w'].map((name) => ({ name, type: 'float64', depth: 0, nullable: false }));
const DOCUMENT: AnalysisDocument = {
  lumiscope: 1,
  datasets: [{ name: 'values', files: [] }],
  define: [],
  select: [],
  weight: 'w',
  histograms: [{ name: 'h', axes: [{ value: 'x', bins: AXIS.bins, range: [AXIS.lo, AXIS.hi] }], storage: 'weighted' }],
  defaults: {},
};

const { x, w } = numbers();
const engine = new BenchEngine();
engine.place('x', column(x));
engine.place('w', column(w));
const program = compile(DOCUMENT, COLUMNS);
const prepared = await engine.prepare(program);
const seconds = timed(REPEATS, 2, () => engine.run(program, prepared));
const filled = engine.run(program, prepared).histograms[0]!;
const ours = median(seconds);

const folder = await mkdtemp(join(tmpdir(), 'lumiscope-bench-'));
await writeFile(join(folder, 'x.f64'), new Uint8Array(x.buffer));
await writeFile(join(folder, 'w.f64'), new Uint8Array(w.buffer));
const peers = await runPeers('fill.py', ['boost-histogram', 'DuckDB'], { folder, ...AXIS, repeats: REPEATS });
await rm(folder, { recursive: true });

const rows = [row('Lumiscope', seconds, [filled.values, filled.variances!])];
for (const peer of peers) {
  if ('absent' in peer) rows.push([peer.name, 'absent', '', '', '']);
  else rows.push(row(label(peer), peer.runs.fill!.seconds, peer.runs.fill!.counts));
}
print(
  `Weighted fill, ${VALUES / 1e6} million values, ${AXIS.bins} bins, Σw and Σw²`,
  ['one core', 'ns per value', 'best of them', 'time ÷ Lumiscope’s', 'largest difference'],
  rows,
  [`medians of ${REPEATS}`, ...absences(peers)],
);

function row(name: string, took: number[], [sums, squares]: ArrayLike<number>[]): string[] {
  const difference = Math.max(apart(filled.values, sums!), apart(filled.variances!, squares!));
  const perValue = (of: number) => figure((of / VALUES) * 1e9);
  return [
    name,
    perValue(median(took)),
    perValue(Math.min(...took)),
    ratio(median(took), ours),
    difference === 0 ? '0' : difference.toExponential(0),
  ];
}

/** Largest relative difference of two histograms; orders of summation differ, so it is not always 0. */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!) / Math.max(1, Math.abs(a[i]!)));
  return most;
}

function column(values: Float64Array): ColumnData {
  return { type: 'float64', length: values.length, offsets: [], values };
}

/** A falling spectrum, some of it beyond the axis, and weights of both signs: always the same. */
function numbers(): { x: Float64Array; w: Float64Array } {
  const x = new Float64Array(VALUES);
  const w = new Float64Array(VALUES);
  let state = 88172645;
  const uniform = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
  for (let i = 0; i < VALUES; i++) {
    x[i] = -45 * Math.log(1 - uniform()) - 1;
    w[i] = (uniform() < 0.1 ? -1 : 1) * (0.5 + uniform());
  }
  return { x, w };
}
