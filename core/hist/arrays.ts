import type { StorageType } from './histogram.ts';
import { addMean, type MeanArrays } from './mean.ts';

/** What bins hold, in one array for each number: see `Histogram`. */
export interface BinArrays {
  values: Float64Array;
  variances?: Float64Array;
  means?: Float64Array;
  deltas?: Float64Array;
}

/** The arrays of a storage, for so many bins. */
export function emptyArrays(storage: StorageType, bins: number): BinArrays {
  const array = () => new Float64Array(bins);
  if (storage === 'count') return { values: array() };
  if (storage === 'weighted') return { values: array(), variances: array() };
  return { values: array(), variances: array(), means: array(), deltas: array() };
}

/** Which storage has these arrays. */
export function storageOf({ variances, means }: BinArrays): StorageType {
  return means ? 'mean' : variances ? 'weighted' : 'count';
}

/** Numbers that a bin of a storage holds. */
export const NUMBERS_OF_BIN: Record<StorageType, number> = { count: 1, weighted: 2, mean: 4 };

/** New arrays in the place of those that are there. */
export function mapArrays(from: BinArrays, make: (array: Float64Array) => Float64Array): BinArrays {
  const { values, variances, means, deltas } = from;
  return {
    values: make(values),
    ...(variances && { variances: make(variances) }),
    ...(means && { means: make(means) }),
    ...(deltas && { deltas: make(deltas) }),
  };
}

/** The arrays that are there, always in the same order. */
export function listArrays({ values, variances, means, deltas }: BinArrays): Float64Array[] {
  return [values, variances, means, deltas].filter((array) => array !== undefined);
}

/** Adds `count` bins of `more`, from bin `from` on, to those of `sum` from bin `at` on. Both are of one storage. */
export function addBins(sum: BinArrays, at: number, more: BinArrays, from: number, count: number): void {
  if (hasMeans(sum) && hasMeans(more)) {
    for (let i = 0; i < count; i++) addMean(sum, at + i, more, from + i);
    return;
  }
  addArray(sum.values, at, more.values, from, count);
  if (sum.variances && more.variances) addArray(sum.variances, at, more.variances, from, count);
}

/** Whether these are the arrays of a `mean` storage. */
export function hasMeans(arrays: BinArrays): arrays is MeanArrays {
  return arrays.means !== undefined;
}

/** Whether nothing was filled into a bin. */
export function isEmpty({ values, variances }: BinArrays, bin: number): boolean {
  return values[bin] === 0 && (!variances || variances[bin] === 0);
}

function addArray(sum: Float64Array, at: number, more: Float64Array, from: number, count: number): void {
  for (let i = 0; i < count; i++) sum[at + i] += more[from + i];
}
