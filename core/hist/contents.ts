import { LumiscopeError } from '../errors.ts';
import { addBins, type BinArrays, emptyArrays, hasMeans, isEmpty, listArrays, storageOf } from './arrays.ts';
import { type Axis, axisExtent } from './axis.ts';
import type { Histogram, StorageType, Tiles } from './histogram.ts';
import { errorOfMean } from './mean.ts';
import { forEachFilled, noTiles, type TiledArrays, TileSum } from './tiles.ts';

/** Bins, flow included, up to which a histogram is dense: 128 MiB of counts. Larger ones are held in tiles. */
const BIN_BUDGET = 2 ** 24;
/** Bins, flow included, that a histogram may have: their numbers are exact in a double. */
const MAX_BINS = 2 ** 53;

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

/** Whether a histogram with these axes is held in tiles. */
export function isTiled(axes: readonly Axis[]): boolean {
  return binCount(axes) > BIN_BUDGET;
}

/** @throws LumiscopeError 'limit' where a histogram would have more bins than `MAX_BINS`, or one axis more than a dense one may have */
export function checkBins(axes: readonly Axis[]): void {
  const long = axes.find((axis) => axisExtent(axis) > BIN_BUDGET);
  if (long) {
    throw new LumiscopeError(
      'limit',
      `an axis has ${axisExtent(long).toLocaleString('en')} bins, more than the limit of ${BIN_BUDGET.toLocaleString('en')}`,
      { hint: 'take fewer bins' },
    );
  }
  const bins = binCount(axes);
  if (bins <= MAX_BINS) return;
  throw new LumiscopeError(
    'limit',
    `the histogram has about ${bins.toPrecision(2)} bins, more than the limit of 2^53 (${MAX_BINS.toPrecision(2)})`,
    { hint: 'take fewer axes, or fewer bins on each' },
  );
}

/** Contents without entries: no tiles, or all bins. */
export function emptyContents(axes: readonly Axis[], storage: StorageType): Contents {
  const arrays = isTiled(axes) ? noTiles(storage) : emptyArrays(storage, binCount(axes));
  return { ...arrays, entries: 0, missing: 0 };
}

/** A histogram without entries. */
export function createHistogram(axes: Axis[], storage: StorageType, metadata: Histogram['metadata'] = {}): Histogram {
  return { axes, storage, ...emptyContents(axes, storage), metadata };
}

/** Bytes that the arrays take. */
export function contentBytes(contents: Contents): number {
  const { at } = contents.tiles ?? {};
  return listArrays(contents).reduce((bytes, array) => bytes + array.byteLength, at?.byteLength ?? 0);
}

/** Adds contents, bin by bin, to a histogram of the same axes and storage. Tiles are made anew. */
export function addInto(target: Contents, partial: Contents): void {
  target.entries += partial.entries;
  target.missing += partial.missing;
  if (target.tiles && partial.tiles && storageOf(target) === storageOf(partial)) {
    const sum = new TileSum(storageOf(target));
    for (const { tiles, ...arrays } of [target, partial]) if (tiles) sum.add({ ...arrays, tiles });
    Object.assign(target, sum.sorted());
    return;
  }
  const lengths = (contents: Contents) => listArrays(contents).map(({ length }) => length);
  if (target.tiles || partial.tiles || String(lengths(partial)) !== String(lengths(target)))
    throw new Error('contents of different histograms can not be added');
  addBins(target, 0, partial, 0, target.values.length);
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
  for (const { histogram } of parts) {
    combined.entries += histogram.entries;
    combined.missing += histogram.missing;
  }
  if (combined.tiles) return { ...combined, ...besideInTiles(parts.map(({ histogram }) => histogram)) };
  const targets = listArrays(combined);
  parts.forEach(({ histogram }, i) => {
    listArrays(histogram).forEach((array, k) => {
      targets[k].set(array, i * array.length);
    });
  });
  return combined;
}

/** Histograms of the same axes, one after the other, in tiles. */
function besideInTiles(parts: readonly Histogram[]): TiledArrays {
  const sum = new TileSum(parts[0].storage);
  parts.forEach((histogram, i) => {
    const first = i * binCount(histogram.axes);
    forEachFilled(histogram, (bin, index) => {
      const at = sum.indexOf(first + bin);
      addBins(sum.arrays, at, histogram, index, 1);
    });
  });
  return sum.sorted();
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
