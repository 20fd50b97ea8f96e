/**
 * Indexing of histograms as in the UHI standard (scikit-hep `uhi`, "Indexing"), with the rules of boost-histogram:
 *
 * ```ts
 * select(h, [loc(3), slice(loc(2), undefined, rebin(2))]);  // h[bh.loc(3), bh.loc(2)::bh.rebin(2)]
 * select(h, { 0: underflow, pt: slice(0, overflow, sum) }); // h[{0: bh.underflow, "pt": slice(0, len, sum)}]
 * select(h, ['...', slice(undefined, 5)]);                  // h[..., :5]
 * ```
 */
import { LumiscopeError } from '../errors.ts';
import { type Axis, axisBins, axisExtent, hasOverflow, hasUnderflow } from './axis.ts';
import { axisEdges } from './edges.ts';
import { log } from './elementary.ts';
import type { Histogram } from './histogram.ts';
import { type AxisValue, axisIndexer } from './indexer.ts';
import { type AxisPlan, keep, pick, remap, sumUp } from './remap.ts';

/** A bin found by what the axis says, flow bins included, and so many bins after that. */
export type Locator = { at: 'value'; value: AxisValue; offset: number } | { at: 'underflow' } | { at: 'overflow' };

/** A bin: its number, from the end where it is negative, or a locator. */
export type Place = number | Locator;

/** What becomes of the bins of a slice: one without the axis, or `rebin` of them together. */
export type Step = 'sum' | { rebin: number };

/** Bins from `start` up to but without `stop`; without an end, from or to the last one, flow included. */
export interface Slice {
  start?: Place;
  stop?: Place;
  step?: Step;
}

/** What is taken of one axis: one bin, or a slice. */
export type Index = Place | Slice;

/** The bin that holds a value. A number outside the axis is in a flow bin; a category must be there. */
export function loc(value: AxisValue, offset = 0): Locator {
  return { at: 'value', value, offset };
}

/** As `elementary.ts`, which is for positive, finite numbers. */
const MATH = { log: (x: number) => (x > 0 && x < Infinity ? log(x) : Math.log(x)) };

export const underflow: Locator = { at: 'underflow' };

/** The overflow bin; as the end of a slice, Python's `len`: all bins up to it. */
export const overflow: Locator = { at: 'overflow' };

/** The step of a slice that adds up its bins. */
export const sum: Step = 'sum';

/** The step of a slice that makes `bins` bins one; what is left over at the end goes into overflow. */
export function rebin(bins: number): Step {
  return { rebin: bins };
}

export function slice(start?: Place, stop?: Place, step?: Step): Slice {
  return { start, stop, step };
}

/**
 * A part of a histogram: picked axes and sums are gone, slices and wider bins stay as axes of their kind. What a slice leaves out goes into
 * the flow bins of the axis, except under `sum`; booleans, which have none, lose it. `entries` and `missing` stay.
 *
 * @param index by the position or the name of an axis, others stay as they are; or a list with one for each axis, in
 * which `'...'` stands for as many whole axes as are missing
 * @throws LumiscopeError 'format' for an axis, a bin or a category that is not there, and a slice without bins
 */
export function select(
  histogram: Histogram,
  index: Readonly<Record<string | number, Index>> | readonly (Index | '...')[],
): Histogram {
  const { axes } = histogram;
  const indices = Array.isArray(index) ? inOrder(index, axes) : byAxis(index as Record<string, Index>, axes);
  return remap(
    histogram,
    axes.map((axis, i) => {
      const one = indices[i];
      return one === undefined ? keep(axis) : isPlace(one) ? pick(axis, binAt(axis, one)) : sliced(axis, one);
    }),
  );
}

function inOrder(index: readonly (Index | '...')[], axes: readonly Axis[]): (Index | undefined)[] {
  const gap = index.indexOf('...');
  const given = index.filter((one) => one !== '...');
  const missing = axes.length - given.length;
  if (given.length < index.length - 1 || missing < 0 || (gap < 0 && missing > 0))
    fail(`there are ${given.length} indices for ${axes.length} axes`);
  return gap < 0 ? given : [...given.slice(0, gap), ...Array(missing).fill(undefined), ...given.slice(gap)];
}

function byAxis(index: Record<string, Index>, axes: readonly Axis[]): (Index | undefined)[] {
  const indices: (Index | undefined)[] = axes.map(() => undefined);
  for (const [key, one] of Object.entries(index)) {
    const named = axes.findIndex(({ name }) => name === key);
    const position = named >= 0 ? named : /^\d+$/.test(key) ? Number(key) : -1;
    if (!(position in axes)) fail(`the histogram has no axis ${key}`);
    if (indices[position] !== undefined) fail(`axis ${key} is given twice, by its name and its position`);
    indices[position] = one;
  }
  return indices;
}

function isPlace(index: Index): index is Place {
  return typeof index === 'number' || 'at' in index;
}

/** Position of a bin in the arrays, flow bins counted. */
function binAt(axis: Axis, place: Place): number {
  const bins = axisBins(axis);
  const inRange = typeof place === 'number' ? Number.isInteger(place) && place >= -bins && place < bins : true;
  const bin = typeof place === 'number' && place < 0 ? place + bins : located(axis, place);
  const index = bin + (hasUnderflow(axis) ? 1 : 0);
  const there = bin === bins ? hasOverflow(axis) : index >= 0 && bin < bins;
  return inRange && there ? index : fail(`${nameOf(axis)} has no bin ${describe(place)}`);
}

/** The number of a bin in range, −1 for underflow, the number of bins for overflow. */
function located(axis: Axis, place: Place): number {
  if (typeof place === 'number') return place;
  if (place.at === 'underflow') return -1;
  if (place.at === 'overflow') return axisBins(axis);
  const index = axisIndexer(axis, MATH)(place.value);
  if (!hasUnderflow(axis) && index === axisBins(axis)) fail(`${nameOf(axis)} has no bin ${describe(place)}`);
  return index - (hasUnderflow(axis) ? 1 : 0) + place.offset;
}

function sliced(axis: Axis, { start, stop, step }: Slice): AxisPlan {
  const whole = start === undefined && stop === undefined;
  if (whole && step === undefined) return keep(axis);
  if (whole && step === 'sum') return sumUp(axis);
  const bins = axisBins(axis);
  const first = start === undefined ? (hasUnderflow(axis) ? -1 : 0) : end(axis, start);
  // The overflow of categories holds what has no place among them: no end of a slice reaches it.
  const last = stop === undefined ? bins + (hasUnderflow(axis) || whole ? 1 : 0) : end(axis, stop);
  const from = Math.max(first, 0);
  const to = Math.min(last, bins);
  if (step === 'sum' ? first >= last : from >= to) fail(`a slice of ${nameOf(axis)} holds no bin`);
  if (step === 'sum') return crop(axis, first, last);
  const factor = step?.rebin ?? 1;
  if (!(Number.isInteger(factor) && factor > 0)) fail(`${factor} bins can't be made one`);
  if (factor > 1 && !hasUnderflow(axis)) fail(`the bins of ${nameOf(axis)} are no ranges that can be joined`);
  const count = Math.floor((to - from) / factor);
  return count > 0 ? cut(axis, from, factor, count) : fail(`a slice of ${nameOf(axis)} has fewer than ${factor} bins`);
}

/** An end of a slice: numbers are those of bins in range, locators may be flow bins. */
function end(axis: Axis, place: Place): number {
  const bins = axisBins(axis);
  if (typeof place !== 'number') return located(axis, place);
  if (!Number.isInteger(place)) fail(`${place} is not the number of a bin`);
  return Math.min(Math.max(place < 0 ? place + bins : place, 0), bins);
}

/** The sum of bins `first` up to `last`, all others left out. */
function crop(axis: Axis, first: number, last: number): AxisPlan {
  const under = hasUnderflow(axis) ? 1 : 0;
  return {
    to: Int32Array.from({ length: axisExtent(axis) }, (_, i) => (i - under >= first && i - under < last ? 0 : -1)),
  };
}

/** `count` bins of `factor` each, from bin `from` on; all others go to the flow bins. */
function cut(axis: Axis, from: number, factor: number, count: number): AxisPlan {
  const under = hasUnderflow(axis) ? 1 : 0;
  const below = under ? 0 : hasOverflow(axis) ? count : -1;
  const above = hasOverflow(axis) ? count + under : -1;
  const to = Int32Array.from({ length: axisExtent(axis) }, (_, i) => {
    const bin = Math.floor((i - under - from) / factor);
    return bin < 0 ? below : bin < count ? bin + under : above;
  });
  const left = part(axis, from, factor, count);
  // A boolean axis of one bin is none.
  return left ? { axis: left, to } : { to: to.map((bin) => Math.min(bin, 0)) };
}

function part(axis: Axis, from: number, factor: number, count: number): Axis | undefined {
  const end = from + factor * count;
  switch (axis.type) {
    case 'regular': {
      const edges = axisEdges(axis);
      return { ...axis, bins: count, lo: edges[from], hi: edges[end] };
    }
    case 'variable':
      return { ...axis, edges: axis.edges.slice(from, end + 1).filter((_, i) => i % factor === 0) };
    case 'intCategory':
      return { ...axis, categories: axis.categories.slice(from, end) };
    case 'strCategory':
      return { ...axis, categories: axis.categories.slice(from, end) };
    case 'boolean':
      return count === 2 ? axis : undefined;
  }
}

function nameOf(axis: Axis): string {
  return `the axis ${axis.label ?? axis.name ?? axis.type}`;
}

function describe(place: Place): string {
  if (typeof place === 'number') return String(place);
  return place.at === 'value' ? `at ${place.value}` : place.at;
}

function fail(message: string): never {
  throw new LumiscopeError('format', message, { hint: 'see UHI indexing: numbers from 0, loc, underflow, overflow' });
}
