import { LumiscopeError } from '../errors.ts';
import { type Axis, axisBins } from './axis.ts';
import { clopperPearson } from './binomial.ts';
import { addInto } from './contents.ts';
import type { Histogram } from './histogram.ts';

/** Sums of weights in bins and, for weighted ones, of their squares: a histogram, or a part of one. */
export interface Sums {
  values: Float64Array;
  /** Σw²; absent for counts. */
  variances?: Float64Array;
}

/** One bin's quotient each, NaN where the divisor is 0; errors are lengths, downwards and upwards. */
export interface Quotient {
  values: Float64Array;
  low: Float64Array;
  high: Float64Array;
}

/**
 * The sum of two histograms of the same axes and storage; words and metadata are those of the first.
 * @throws LumiscopeError 'format' that names the axis that differs, and how
 */
export function add(a: Histogram, b: Histogram): Histogram {
  checkSameAxes(a, b);
  if (a.storage !== b.storage)
    refuse(`one holds ${a.storage}, the other ${b.storage}`, 'fill both with the same storage');
  const sum = { ...a, values: a.values.slice() };
  if (a.variances) sum.variances = a.variances.slice();
  if (a.means) sum.means = a.means.slice();
  if (a.deltas) sum.deltas = a.deltas.slice();
  if (a.tiles) sum.tiles = { ...a.tiles, at: a.tiles.at.slice() };
  addInto(sum, b);
  return sum;
}

/** The histogram times a factor: as if every fill had had that weight more, so that counts become weighted. Means stay. */
export function scale(histogram: Histogram, factor: number): Histogram {
  const times = (values: Float64Array, by: number) => values.map((value) => value * by);
  return {
    ...histogram,
    storage: histogram.storage === 'count' ? 'weighted' : histogram.storage,
    values: times(histogram.values, factor),
    variances: times(histogram.variances ?? histogram.values, factor * factor),
    ...(histogram.deltas && { deltas: times(histogram.deltas, factor) }),
  };
}

/**
 * a / b bin by bin, for contents that are independent of one another. Two counts: the interval of one standard
 * deviation that follows from Clopper and Pearson's for a / (a + b), as `ratio_uncertainty(…, "poisson-ratio")` of Python's `hist`.
 * Else propagated without correlation: σ² = (σa² + (a/b)² σb²) / b².
 */
export function ratio(a: Sums, b: Sums): Quotient {
  return divide(a, b, (numerator, denominator) => {
    if (!a.variances && !b.variances) {
      const [low, high] = clopperPearson(numerator.value, numerator.value + denominator.value);
      return [low / (1 - low), high / (1 - high)];
    }
    const value = numerator.value / denominator.value;
    const error = Math.sqrt(numerator.variance + value * value * denominator.variance) / Math.abs(denominator.value);
    return [value - error, value + error];
  });
}

/**
 * The share of `all` that is in `passed`, bin by bin, whose fills are a part of those of `all`: Clopper and Pearson's interval of
 * one standard deviation, as `ratio_uncertainty(…, "efficiency")` of Python's `hist`. Of weighted fills the interval is that of (Σw)² / Σw²
 * effective ones, as in ROOT's `TGraphAsymmErrors::Divide`. NaN where the share lies outside 0 to 1.
 */
export function efficiency(passed: Sums, all: Sums): Quotient {
  return divide(passed, all, (numerator, denominator) => {
    const effective = denominator.value ** 2 / denominator.variance;
    const share = numerator.value / denominator.value;
    return denominator.variance === denominator.value
      ? clopperPearson(numerator.value, denominator.value)
      : clopperPearson(share * effective, effective);
  });
}

interface Bin {
  value: number;
  variance: number;
}

function divide(a: Sums, b: Sums, interval: (a: Bin, b: Bin) => [low: number, high: number]): Quotient {
  if (a.values.length !== b.values.length) throw new Error('contents of different histograms can not be divided');
  const values = new Float64Array(a.values.length);
  const low = new Float64Array(values.length);
  const high = new Float64Array(values.length);
  const bin = ({ values, variances = values }: Sums, i: number) => ({ value: values[i], variance: variances[i] });
  for (let i = 0; i < values.length; i++) {
    const numerator = bin(a, i);
    const denominator = bin(b, i);
    const empty = denominator.value === 0;
    values[i] = empty ? Number.NaN : numerator.value / denominator.value;
    const [from, to] = empty ? [Number.NaN, Number.NaN] : interval(numerator, denominator);
    low[i] = values[i] - from;
    high[i] = to - values[i];
  }
  return { values, low, high };
}

/** @throws LumiscopeError 'format' unless the histograms have the same axes, words aside */
function checkSameAxes(a: Pick<Histogram, 'axes'>, b: Pick<Histogram, 'axes'>): void {
  if (a.axes.length !== b.axes.length)
    refuse(`one has ${count(a.axes.length, 'axis', 'axes')}, the other ${b.axes.length}`, SAME_BINNING);
  a.axes.forEach((axis, i) => {
    const difference = axisDifference(axis, b.axes[i]);
    if (difference)
      refuse(`axis ${i + 1} (${axis.label ?? axis.name ?? axis.type}) differs: ${difference}`, SAME_BINNING);
  });
}

/** How the bins, the quantity or the unit of two axes differ; undefined where they don't. Labels are for people only. */
export function axisDifference(a: Axis, b: Axis): string | undefined {
  if (a.type !== b.type) return `${a.type} and ${b.type}`;
  if ((a.unit ?? '') !== (b.unit ?? '')) return `its unit is ${a.unit || 'none'} and ${b.unit || 'none'}`;
  if ((a.name ?? '') !== (b.name ?? '')) return `it is of ${a.name || 'no name'} and ${b.name || 'no name'}`;
  if (axisBins(a) !== axisBins(b)) return `${axisBins(a)} and ${axisBins(b)} bins`;
  if (a.type === 'regular' && b.type === 'regular') {
    if (a.scale !== b.scale) return `${a.scale} and ${b.scale} scale`;
    return a.lo === b.lo && a.hi === b.hi ? undefined : `it goes from ${a.lo} to ${a.hi} and from ${b.lo} to ${b.hi}`;
  }
  const places = (axis: Axis) => ('edges' in axis ? axis.edges : 'categories' in axis ? axis.categories : []);
  const others = places(b);
  const at = (places(a) as readonly unknown[]).findIndex((place, i) => place !== others[i]);
  return at < 0
    ? undefined
    : `${a.type === 'variable' ? 'edge' : 'category'} ${at + 1} is ${places(a)[at]} and ${others[at]}`;
}

const SAME_BINNING = 'histograms are added bin by bin: fill both with the same axes';

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}

function refuse(message: string, hint: string): never {
  throw new LumiscopeError('format', `the histograms can't be added: ${message}`, { hint });
}
