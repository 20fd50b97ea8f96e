import { type Axis, axisExtent } from '../../../../core/hist/axis.ts';
import { checkBins, createHistogram } from '../../../../core/hist/contents.ts';
import type { Histogram } from '../../../../core/hist/histogram.ts';
import { Corrupt } from '../../errors.ts';
import type { RootObject } from '../objects.ts';
import { histogramAxes } from './histogramKeys.ts';
import { axisWords, plainTitle } from './plainTitle.ts';

/**
 * A histogram as JSROOT reads it. ROOT's flow bins are ours; the first axis is the fastest one there, the last one here. An axis whose bins have
 * labels becomes categories: a filled underflow is then a category of that name, for which there is no bin otherwise.
 * With `Sumw2`, or with contents that are no counts, it is `weighted`, else `count`; a profile is `mean`.
 * @throws Corrupt, and LumiscopeError `limit` for too many bins
 */
export function rootHistogram(className: string, object: RootObject): Histogram {
  const count = histogramAxes(className)!;
  const stored = AXES.slice(0, count).map((name) => storedAxis(object[name]));
  const cells = stored.reduce((product, { bins }) => product * (bins + 2), 1);
  const contents = numbers(object.fArray, cells, 'bins') ?? fail('it has no bins');
  const layout = stored.map((axis, k) => laidOut(axis, filledPlaces(contents, stored, k)));
  const axes = layout.map(({ axis }) => axis);
  checkBins(axes);
  const title = plainTitle(text(object.fTitle));
  const isProfile = className.startsWith('TProfile');
  // What a profile is of stands at the axis after its own.
  const sample = isProfile ? plainTitle(text((object[AXES[count]!] as RootObject | undefined)?.fTitle)) : '';
  const metadata: Histogram['metadata'] = { ...(title && { title }), ...(sample && { sample }) };
  const squares = numbers(object.fSumw2, cells, 'sums of squares');
  // Weights that left no squares behind: ROOT takes √|content| as the error.
  const isWeighted = squares !== undefined || contents.some((value) => !(Number.isInteger(value) && value >= 0));
  const storage = isProfile ? 'mean' : isWeighted ? 'weighted' : 'count';
  const histogram = createHistogram(axes, storage, metadata);
  if (histogram.tiles) throw new Corrupt(`it has ${cells} bins`);
  const places = cellPlaces(layout);
  const { values, variances, means, deltas } = histogram;
  if (means && deltas && variances) {
    const sumw = numbers(object.fBinEntries, cells, 'entries of bins') ?? fail('a profile without entries');
    const sumw2 = numbers(object.fBinSumw2, cells, 'sums of squared weights') ?? sumw;
    places.forEach((at, cell) => {
      if (at < 0 || sumw[cell] === 0) return;
      values[at] = sumw[cell]!;
      variances[at] = sumw2[cell]!;
      means[at] = contents[cell]! / sumw[cell]!;
      deltas[at] = Math.max(0, (squares?.[cell] ?? 0) - contents[cell]! * means[at]!);
    });
  } else {
    places.forEach((at, cell) => {
      if (at < 0) return;
      values[at] = contents[cell]!;
      if (variances) variances[at] = squares ? squares[cell]! : Math.abs(contents[cell]!);
    });
  }
  return { ...histogram, entries: Number(object.fEntries) || 0 };
}

/** Members of TH1; a profile of three axes has none left. */
const AXES = ['fXaxis', 'fYaxis', 'fZaxis'];

interface StoredAxis {
  bins: number;
  axis: Axis;
  /** Of the bins that have one, by number from 1. */
  labels: Map<number, string>;
}

function storedAxis(value: unknown): StoredAxis {
  if (typeof value !== 'object' || value === null) return fail('an axis is missing');
  const { fNbins, fXmin, fXmax, fXbins, fLabels, fTitle } = value as RootObject;
  const bins = Number(fNbins);
  if (!(Number.isInteger(bins) && bins >= 1)) fail(`an axis of ${fNbins} bins`);
  const words = axisWords(text(fTitle));
  const edges = numbers(fXbins, bins + 1, 'edges');
  const labels = new Map<number, string>();
  for (const label of ((fLabels as { arr?: unknown } | null)?.arr as RootObject[] | undefined) ?? []) {
    labels.set(Number(label?.fUniqueID), plainTitle(text(label?.fString)));
  }
  if (edges) {
    if (edges.some((edge, k) => k > 0 && !(edges[k - 1]! < edge))) fail('the edges of an axis do not ascend');
    return { bins, labels, axis: { type: 'variable', edges, ...words } };
  }
  const [lo, hi] = [Number(fXmin), Number(fXmax)];
  // ROOT keeps the first entries of a histogram without a range in a buffer until it finds one.
  if (!(lo < hi)) fail('the range of an axis was not set yet: call BufferEmpty() before it is written');
  return { bins, labels, axis: { type: 'regular', bins, lo, hi, scale: 'linear', ...words } };
}

interface AxisLayout {
  axis: Axis;
  /** Of each of ROOT's bins, flow included, where it goes; −1: it is not there. */
  places: number[];
}

/**
 * An axis as it will be: with categories where bins have labels. A bin without one has its number as its name; those after the last label, which ROOT
 * adds in advance, are left out. With labels that are not distinct, or bins filled behind the last one, it stays an axis of numbers.
 * @param filled whether anything is in each of ROOT's bins
 */
function laidOut({ bins, labels, axis }: StoredAxis, filled: readonly boolean[]): AxisLayout {
  const last = Math.max(0, ...labels.keys());
  const names = Array.from({ length: Math.min(last, bins) }, (_, k) => labels.get(k + 1) || String(k + 1));
  const distinct = new Set(filled[0] ? ['underflow', ...names] : names);
  const first = filled[0] ? 0 : -1;
  if (
    last === 0 ||
    last > bins ||
    distinct.size !== names.length + first + 1 ||
    filled.slice(last + 1, bins + 1).some(Boolean)
  )
    return { axis, places: Array.from({ length: bins + 2 }, (_, k) => k) };
  const categories = [...distinct];
  const { label, unit } = axis;
  const places = filled.map((_, k) => (k <= last ? first + k : k === bins + 1 ? categories.length : -1));
  return { axis: { type: 'strCategory', categories, ...(label && { label }), ...(unit && { unit }) }, places };
}

/** Of one of the axes, whether anything is in each bin, flow included. */
function filledPlaces(contents: readonly number[], stored: readonly StoredAxis[], k: number): boolean[] {
  const before = stored.slice(0, k).reduce((product, { bins }) => product * (bins + 2), 1);
  const extent = stored[k]!.bins + 2;
  const filled = new Array<boolean>(extent).fill(false);
  contents.forEach((value, cell) => {
    if (value !== 0) filled[Math.floor(cell / before) % extent] = true;
  });
  return filled;
}

/** Where each cell of ROOT's goes; −1: nowhere. */
function cellPlaces(layout: readonly AxisLayout[]): Int32Array {
  const cells = layout.reduce((product, { places }) => product * places.length, 1);
  const strides = layout.map((_, k) =>
    layout.slice(k + 1).reduce((product, { axis }) => product * axisExtent(axis), 1),
  );
  return Int32Array.from({ length: cells }, (_, cell) => {
    let rest = cell;
    let at = 0;
    for (const [k, { places }] of layout.entries()) {
      const place = places[rest % places.length]!;
      if (place < 0) return -1;
      at += place * strides[k]!;
      rest = Math.floor(rest / places.length);
    }
    return at;
  });
}

/** An array of the length that it has to have; undefined where it is empty. */
function numbers(value: unknown, length: number, what: string): number[] | undefined {
  const list = value as ArrayLike<number | bigint> | undefined | null;
  if (!list?.length) return undefined;
  if (list.length !== length) fail(`it has ${list.length} ${what}, not ${length}`);
  return Array.from(list, Number);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function fail(what: string): never {
  throw new Corrupt(what);
}
