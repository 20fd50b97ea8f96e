/**
 * Histograms of nine axes on one core: filled, projected and sliced, against boost-histogram, which is dense, with so few bins that
 * it can be; and with as many bins as no dense one can have, with the memory that they take.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnalysisDocument } from '../core/analysis/document.ts';
import { binCount, contentBytes } from '../core/hist/contents.ts';
import type { Histogram } from '../core/hist/histogram.ts';
import { project, sliceAt } from '../core/hist/project.ts';
import { forEachFilled } from '../core/hist/tiles.ts';
import type { ColumnInfo } from '../core/schema/column.ts';
import { BenchEngine, compile } from './engine.ts';
import { absences, label, type PeerRun, runPeers } from './peers.ts';
import { figure, median, print, ratio, timed } from './report.ts';

/** As many as a long chunk of a file has. */
const EVENTS = 250_000;
const REPEATS = 5;
const FEW = 4;
const MANY = 30;
/** A place in the middle, where a slice is no single block. */
const SLICE = { axis: 4, bin: 2 };

const NAMES = ['pt1', 'eta1', 'phi1', 'pt2', 'eta2', 'phi2', 'mass', 'met', 'jets'];
const RANGES: [number, number][] = [
  [0, 150],
  [-2.4, 2.4],
  [-Math.PI, Math.PI],
  [0, 150],
  [-2.4, 2.4],
  [-Math.PI, Math.PI],
  [0, 200],
  [0, 150],
  [0, 10],
];

const columns = events();
const engine = new BenchEngine();
for (const [k, values] of columns.entries())
  engine.place(NAMES[k]!, { type: 'float64', length: EVENTS, offsets: [], values });

const folder = await mkdtemp(join(tmpdir(), 'lumiscope-bench-'));
await Promise.all(columns.map((values, k) => writeFile(join(folder, `${k}.f64`), new Uint8Array(values.buffer))));
const [peer] = await runPeers('nine.py', ['boost-histogram'], {
  folder,
  ranges: RANGES,
  bins: FEW,
  slice: SLICE,
  repeats: REPEATS,
});
await rm(folder, { recursive: true });
const theirs = peer && !('absent' in peer) ? peer.runs : {};

const few = await measure(FEW);
const many = await measure(MANY);
const rows = [
  row(`fill, ${FEW} bins an axis, ns per event`, few.fill, theirs.fill, 1e9 / EVENTS),
  row('project it to one axis, ms', few.one, theirs.one, 1e3),
  row('project it to two axes, ms', few.two, theirs.two, 1e3),
  row('slice it at one bin, ms', few.slice, theirs.slice, 1e3),
  row(`fill, ${MANY} bins an axis, ns per event`, many.fill, undefined, 1e9 / EVENTS),
  row('project it to one axis, ms', many.one, undefined, 1e3),
  row('project it to two axes, ms', many.two, undefined, 1e3),
  row('slice it at one bin, ms', many.slice, undefined, 1e3),
];
const bytes = contentBytes(many.histogram);
print(
  `Nine axes, ${EVENTS.toLocaleString('en')} events`,
  ['one core', 'Lumiscope', peer ? label(peer) : '', 'time ÷ Lumiscope’s'],
  rows,
  [
    `medians of ${REPEATS}; largest difference of the projections: ${apart()}`,
    `${MANY} bins an axis: ${figure(bytes / 1e6)} MB held for ${figure(many.filled)} filled bins, ${figure(bytes / many.filled)} bytes each; ` +
      `dense ${figure((8 * binCount(many.histogram.axes)) / 1e12)} TB`,
    ...absences(peer ? [peer] : []),
  ],
);

async function measure(bins: number) {
  const axes = NAMES.map((value, k) => ({ value, bins, range: RANGES[k]! }));
  const document: AnalysisDocument = {
    lumiscope: 1,
    datasets: [],
    define: [],
    select: [],
    histograms: [{ name: 'nine', axes }],
    defaults: {},
  };
  const infos = NAMES.map((name): ColumnInfo => ({ name, type: 'float64', depth: 0, nullable: false }));
  const program = compile(document, infos);
  const prepared = await engine.prepare(program);
  const filled = engine.run(program, prepared).histograms[0]!;
  const histogram: Histogram = {
    axes: program.histograms[0]!.axes.map(({ axis }) => axis),
    storage: 'count',
    metadata: {},
    ...filled,
  };
  let count = 0;
  forEachFilled(histogram, () => count++);
  return {
    histogram,
    filled: count,
    fill: timed(REPEATS, 1, () => engine.run(program, prepared)),
    one: timed(REPEATS, 1, () => project(histogram, [0])),
    two: timed(REPEATS, 1, () => project(histogram, [0, 6])),
    slice: timed(REPEATS, 1, () => sliceAt(histogram, SLICE.axis, SLICE.bin)),
  };
}

function row(what: string, ours: number[], other: PeerRun | undefined, unit: number): string[] {
  const took = other && median(other.seconds);
  return [what, figure(median(ours) * unit), took ? figure(took * unit) : '', took ? ratio(took, median(ours)) : ''];
}

function apart(): string {
  const projected = [project(few.histogram, [0]), project(few.histogram, [0, 6])].map(({ values }) => values);
  const others = [theirs.one, theirs.two].flatMap((run) => run?.counts ?? []);
  if (others.length < projected.length) return 'unknown';
  const most = projected.map((values, i) =>
    values.reduce((difference, x, k) => Math.max(difference, Math.abs(x - (others[i]?.[k] ?? 0))), 0),
  );
  return String(Math.max(...most));
}

/** Two leptons of a resonance with what goes with them, roughly: correlated as events are, always the same. */
function events(): Float64Array[] {
  let state = 88172645;
  const uniform = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 0.5) / 4294967296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const found = NAMES.map(() => new Float64Array(EVENTS));
  for (let i = 0; i < EVENTS; i++) {
    const mass = 91.2 + 3 * Math.tan(Math.PI * (uniform() - 0.5) * 0.98);
    const boost = 20 * -Math.log(uniform());
    const eta = 1.2 * normal();
    const phi = (2 * uniform() - 1) * Math.PI;
    const values = [
      mass / 2 + boost * uniform(),
      eta + 0.5 * normal(),
      phi,
      mass / 2 - 0.3 * boost * uniform(),
      eta + 0.5 * normal(),
      phi > 0 ? phi - Math.PI + 0.2 * normal() : phi + Math.PI + 0.2 * normal(),
      mass,
      15 * -Math.log(uniform()),
      Math.floor(-1.5 * Math.log(uniform())),
    ];
    values.forEach((value, k) => {
      found[k]![i] = value;
    });
  }
  return found;
}
