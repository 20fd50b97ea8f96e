import { LumiscopeError } from '../errors.ts';
import { addBins, type BinArrays, emptyArrays, hasMeans, isEmpty, listArrays } from './arrays.ts';
import { type Axis, axisExtent } from './axis.ts';
import type { Histogram, StorageType, Tiles } from './histogram.ts';
import { errorOfMean } from './mean.ts';

/** Bins, flow included, that one histogram may have: 128 MiB of sums, twice that if weighted. */
const BIN_BUDGET = 2 ** 24;

/** What fills add to a histogram; the arrays are those of `Histogram`. */
export interface Contents extends BinArrays {
  tiles?: Tiles;
  entries: number;
  missing: number;
}

/** Bins of a histogram with these axes, flow included. */
export function binCount(axes: readonly Axis[]): number {
  return axes.reduce((product, axis) => product * axisExtent(axis), 1);
}

/** @throws LumiscopeError 'limit' where a histogram would have more bins than `BIN_BUDGET` */
export function checkBins(axes: readonly Axis[]): void {
  const bins = binCount(axes);
  if (bins <= BIN_BUDGET) return;
  throw new LumiscopeError(
    'limit',
    `the histogram has ${bins.toLocaleString('en')} bins, more than the limit of ${BIN_BUDGET.toLocaleString('en')}`,
    { hint: 'take fewer axes, or fewer bins on each' },
  );
}

/** A histogram without entries. */
export function createHistogram(axes: Axis[], storage: StorageType, metadata: Histogram['metadata'] = {}): Histogram {
  return { axes, storage, ...emptyArrays(storage, binCount(axes)), entries: 0, missing: 0, metadata };
}

/** Adds contents, bin by bin, to a histogram of the same axes and storage. */
export function addInto(target: Contents, partial: Contents): void {
  const lengths = (contents: Contents) => listArrays(contents).map(({ length }) => length);
  if (String(lengths(partial)) !== String(lengths(target)))
    throw new Error('contents of different histograms can not be added');
  addBins(target, 0, partial, 0, target.values.length);
  target.entries += partial.entries;
  target.missing += partial.missing;
}

/**
 * Histograms of the same axes and storage, one for each data set, as one with a leading `dataset` axis, whose overflow
 * stays empty. A histogram of a single data set stays as it is.
 */
export function combineDatasets(parts: readonly { dataset: string; histogram: Histogram }[]): Histogram {
  const [first, ...others] = parts.map((part) => part.histogram);
  if (others.length === 0) return first;
  const categories = parts.map((part) => part.dataset);
  const axis: Axis = { type: 'strCategory', categories, name: 'dataset', label: 'dataset' };
  const combined = createHistogram([axis, ...first.axes], first.storage, first.metadata);
  const targets = listArrays(combined);
  parts.forEach(({ histogram }, i) => {
    listArrays(histogram).forEach((array, k) => {
      targets[k].set(array, i * array.length);
    });
    combined.entries += histogram.entries;
    combined.missing += histogram.missing;
  });
  return combined;
}

/** What a plot shows of each bin: the count or Σw; of a `mean` storage the mean, NaN where nothing was filled. */
export function binValues(histogram: Histogram): Float64Array {
  if (!hasMeans(histogram)) return histogram.values;
  return histogram.means.map((mean, bin) => (isEmpty(histogram, bin) ? Number.NaN : mean));
}

/** Errors of `binValues`: √n, √Σw², or the error of the mean, NaN where a bin holds too little to tell. */
export function errors(histogram: Histogram): Float64Array {
  const { values, variances = values } = histogram;
  if (!hasMeans(histogram)) return variances.map(Math.sqrt);
  return histogram.deltas.map((deltas, bin) => errorOfMean(values[bin], variances[bin], deltas));
}
