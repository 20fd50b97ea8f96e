import { type BinArrays, mapArrays } from './arrays.ts';
import { axisExtent } from './axis.ts';
import type { Histogram, StorageType } from './histogram.ts';
import { forEachFilled, type TiledArrays, TileSum } from './tiles.ts';

/**
 * Histograms in tiles as UHI's sparse storage: `index` has a row for each axis, with the bin's place on it (flow bins counted), and the
 * other arrays have a number for each of these bins. Python makes a dense one of it with `uhi.io.from_sparse`.
 */
export interface SparseBins {
  index: number[][];
  arrays: BinArrays;
}

/** The bins in which something was filled, in ascending order. */
export function toSparse({ axes, ...histogram }: Histogram): SparseBins {
  const bins: number[] = [];
  const entries: number[] = [];
  forEachFilled(histogram, (bin, entry) => {
    bins.push(bin);
    entries.push(entry);
  });
  const index: number[][] = [];
  let inner = 1;
  for (const axis of axes.toReversed()) {
    const extent = axisExtent(axis);
    const below = inner;
    index.unshift(bins.map((bin) => Math.floor(bin / below) % extent));
    inner *= extent;
  }
  return { index, arrays: mapArrays(histogram, (array) => Float64Array.from(entries, (entry) => array[entry])) };
}

/** Tiles of sparse bins. @param bins their numbers, each there once */
export function tilesOf(
  storage: StorageType,
  bins: Float64Array,
  numbers: readonly (readonly [keyof BinArrays, Float64Array])[],
): TiledArrays {
  const sum = new TileSum(storage);
  bins.forEach((bin, n) => {
    const at = sum.indexOf(bin);
    for (const [name, array] of numbers) (sum.arrays[name] as Float64Array)[at] = array[n];
  });
  return sum.sorted();
}
