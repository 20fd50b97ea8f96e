import type { Axis } from './axis.ts';

/** `count`: entries only. `weighted`: Σw and Σw². `mean`: those, and the weighted mean and spread of a sample. */
export type StorageType = 'count' | 'weighted' | 'mean';

/**
 * Where a dense histogram would pass the budget, its arrays hold only those tiles of `size` consecutive bins in which
 * something was filled, one after the other: array entry `t * size + k` is bin `at[t] * size + k` of the dense one. A bin that
 * lies past the last one of the histogram is empty.
 */
export interface Tiles {
  /** Bins of a tile. */
  size: number;
  /** Numbers of the tiles, ascending; whole numbers up to 2^53. */
  at: Float64Array;
}

/**
 * An n-dimensional histogram, dense or in tiles.
 *
 * `values` and `variances` are row-major (last axis fastest) over the extents of the axes, flow bins
 * included (`axisExtent`). For `count`, `values` are counts and `variances` is absent.
 */
export interface Histogram {
  axes: Axis[];
  storage: StorageType;
  /** Counts, or Σw. */
  values: Float64Array;
  /** Σw²; `weighted` and `mean`. */
  variances?: Float64Array;
  /** Σws / Σw of the sample s; `mean` only, 0 where nothing was filled. */
  means?: Float64Array;
  /** Σw(s − mean)²; `mean` only. */
  deltas?: Float64Array;
  /** Absent where the arrays are dense. */
  tiles?: Tiles;
  /** Fills that were made, flow included. */
  entries: number;
  /** Fills that were not made because a coordinate or a weight was missing. */
  missing: number;
  /** Scalars only: `title`, …; goes into the UHI JSON. */
  metadata: Record<string, string | number | boolean>;
}
