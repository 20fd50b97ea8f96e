/** Projections and slices of a weighted histogram of 50⁴ bins, one core: what a slider does, against boost-histogram. */
import type { Axis } from '../core/hist/axis.ts';
import { createHistogram } from '../core/hist/contents.ts';
import { type Index, rebin, select, slice, sum } from '../core/hist/select.ts';
import { absences, label, runPeers } from './peers.ts';
import { figure, median, print, ratio, timed } from './report.ts';

const BINS = 50;
const REPEATS = 7;

const axis: Axis = { type: 'regular', bins: BINS, lo: 0, hi: 1, scale: 'linear' };
const histogram = createHistogram([axis, axis, axis, axis], 'weighted');
const { values, variances } = histogram;
for (let i = 0; i < values.length; i++) {
  values[i] = i % 7;
  variances![i] = i % 5;
}

const all = slice();
const total = slice(undefined, undefined, sum);
const pairs = slice(undefined, undefined, rebin(2));
const TASKS: Record<string, Index[]> = {
  'two of four axes': [all, all, total, total],
  'the last two': [total, total, all, all],
  one: [total, total, total, all],
  'two, a bin of each other': [all, all, 7, 9],
  'two, a bin of the third, the sum of the last': [all, all, 7, total],
  'all, two bins made one': [all, all, pairs, pairs],
};

const peers = await runPeers('slice.py', ['boost-histogram'], { bins: BINS, repeats: REPEATS });
const rows = Object.entries(TASKS).map(([name, index]) => {
  const ours = median(timed(REPEATS, 2, () => select(histogram, index)));
  const found = select(histogram, index);
  const others = peers.map((peer) => {
    const run = 'absent' in peer ? undefined : peer.runs[name]!;
    if (run && !same([found.values, found.variances!], run.counts)) throw new Error(`${name}: ${peer.name} differs`);
    return ratio(run && median(run.seconds), ours);
  });
  return [name, figure(ours * 1000), ...others];
});
print(
  `Slices and sums of ${BINS}⁴ bins with flow (${figure(values.length / 1e6)} million), Σw and Σw²`,
  ['what is kept', 'ms', ...peers.map((peer) => `${label(peer)} takes`)],
  rows,
  [`medians of ${REPEATS}; the contents are equal`, ...absences(peers)],
);

function same(ours: ArrayLike<number>[], theirs: number[][]): boolean {
  return theirs.every((array, k) => array.length === ours[k]!.length && array.every((x, i) => x === ours[k]![i]));
}
