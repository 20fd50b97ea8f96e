/** Axes of N−1 plots: a wide look at where the values are, then bins that suit them. */
import { binValues } from '../hist/contents.ts';
import type { Histogram } from '../hist/histogram.ts';
import { project } from '../hist/project.ts';
import type { AxisSpec } from './document.ts';
import type { Condition } from './nMinusOne.ts';

/** The share of values beyond each end of the axis, at most. */
const TAIL = 0.005;
const BINS = 50;
/** Integers up to this many get a bin each. */
const UNIT_BINS = 100;

/** Edges at every integer near zero, then an eighth of a power of two apart. */
const WIDE_INT = symmetric([
  ...Array.from({ length: 64 }, (_, k) => k + 1),
  ...Array.from({ length: 8 * 40 }, (_, k) => Math.round(64 * 2 ** ((k + 1) / 8))),
]);
/** A tenth of a power of ten apart. */
const WIDE_FLOAT = symmetric(Array.from({ length: 10 * 15 + 1 }, (_, k) => 10 ** (k / 10 - 5)));

function symmetric(positive: number[]): number[] {
  return [...positive.map((edge) => -edge).reverse(), 0, ...positive];
}

/** An axis that has a bin for whatever value there may be. */
export function wideAxis({ value, kind }: Condition): AxisSpec {
  return kind === 'bool' ? { value, boolean: true } : { value, edges: kind === 'int' ? WIDE_INT : WIDE_FLOAT };
}

/**
 * The axis to look at: nearly all values and the limits of the condition on it, round edges, a limit on an edge.
 * @param wide the histogram over `wideAxis`, with or without a leading axis of data sets
 */
export function suitedAxis(condition: Condition, wide: Histogram): AxisSpec {
  const { value, kind, keeps = [] } = condition;
  if (kind === 'bool') return { value, boolean: true };
  const limits = keeps.filter(Number.isFinite);
  const [lo, hi] = spread(wide, limits);
  if (kind === 'int' && hi - lo <= UNIT_BINS)
    return { value, bins: Math.max(1, hi - lo), range: [lo, Math.max(hi, lo + 1)] };
  const step = roundStep((hi - lo) / BINS, limits, kind === 'int');
  const start = limits[0] ?? 0;
  const first = Math.floor((lo - start) / step + 1e-9);
  const last = Math.ceil((hi - start) / step - 1e-9);
  return { value, bins: last - first, range: [rounded(start + first * step), rounded(start + last * step)] };
}

/** Where nearly all values lie, and the limits with some room around them. */
function spread(wide: Histogram, limits: readonly number[]): [number, number] {
  const { axes } = wide;
  const own = axes.length > 1 ? project(wide, [axes.length - 1]) : wide;
  const [axis] = own.axes;
  const edges = axis.type === 'variable' ? axis.edges : [0, 1];
  // NaN counts as overflow: what lies beyond the last edge says nothing.
  const values = binValues(own).subarray(1, edges.length);
  const total = values.reduce((sum, n) => sum + n, 0);
  let [first, last] = [0, values.length - 1];
  for (let below = values[first]; first < last && below <= TAIL * total; below += values[first]) first++;
  for (let above = values[last]; last > first && above <= TAIL * total; above += values[last]) last--;
  let [lo, hi] = total > 0 ? [edges[first], edges[last + 1]] : limits.length > 0 ? [limits[0], limits[0]] : [0, 1];
  const room =
    axis.type === 'variable' && edges === WIDE_INT ? 1 : 0.1 * Math.max(hi - lo, ...limits.map(Math.abs), 1e-3);
  for (const limit of limits) {
    if (limit <= lo) lo = limit - room;
    if (limit >= hi) hi = limit + room;
  }
  return [lo, hi];
}

/** 1, 2, 2.5 or 5 times a power of ten: the first above `least` of which the limits are multiples, if one is near. */
function roundStep(least: number, limits: readonly number[], whole: boolean): number {
  const power = Math.floor(Math.log10(least));
  const steps = [power, power + 1]
    .flatMap((p) => [1, 2, 2.5, 5].map((digit) => digit * 10 ** p))
    .filter((step) => step >= least * (1 - 1e-9) && (!whole || Number.isInteger(step)));
  const near = steps.filter((step) => step <= 2.5 * least);
  const fits = (step: number) => limits.every((limit) => Math.abs(limit / step - Math.round(limit / step)) < 1e-9);
  return near.find(fits) ?? steps[0] ?? 1;
}

function rounded(x: number): number {
  return Number(x.toPrecision(12));
}
