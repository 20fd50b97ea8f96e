import { LumiscopeError } from '../errors.ts';
import { type Axis, axisExtent } from './axis.ts';
import type { Histogram, StorageType, Tiles } from './histogram.ts';

/** Bins, flow included, that one histogram may have: 128 MiB of sums, twice that if weighted. */
const BIN_BUDGET = 2 ** 24;

/** What fills add to a histogram; `values` and `variances` as in `Histogram`. */
export interface Contents {
  values: Float64Array;
  variances?: Float64Array;
  means?: Float64Array;
  deltas?: Float64Array;
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
  const bins = binCount(axes);
  return {
    axes,
    storage,
    values: new Float64Array(bins),
    ...(storage === 'weighted' && { variances: new Float64Array(bins) }),
    entries: 0,
    missing: 0,
    metadata,
  };
}

/** Adds contents, bin by bin, to a histogram of the same axes and storage. */
export function addInto(target: Contents, partial: Contents): void {
  if (partial.values.length !== target.values.length || !partial.variances !== !target.variances) {
    throw new Error('contents of different histograms can not be added');
  }
  addArray(target.values, partial.values);
  if (target.variances && partial.variances) addArray(target.variances, partial.variances);
  target.entries += partial.entries;
  target.missing += partial.missing;
}

function addArray(target: Float64Array, values: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] += values[i];
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
  const size = first.values.length;
  parts.forEach(({ histogram }, i) => {
    combined.values.set(histogram.values, i * size);
    if (histogram.variances) combined.variances?.set(histogram.variances, i * size);
    combined.entries += histogram.entries;
    combined.missing += histogram.missing;
  });
  return combined;
}

/** √Σw² of each bin, or √n. */
export function errors(histogram: Histogram): Float64Array {
  return (histogram.variances ?? histogram.values).map(Math.sqrt);
}
