import type { Axis } from './axis.ts';

/** `count`: entries only. `weighted`: Σw and Σw². */
export type StorageType = 'count' | 'weighted';

/**
 * An n-dimensional histogram, dense.
 *
 * `values` and `variances` are row-major (last axis fastest) over the extents of the axes, flow bins
 * included (`axisExtent`). For `count`, `values` are counts and `variances` is absent.
 */
export interface Histogram {
  axes: Axis[];
  storage: StorageType;
  /** Counts, or Σw. */
  values: Float64Array;
  /** Σw²; `weighted` only. */
  variances?: Float64Array;
  /** Fills that were made, flow included. */
  entries: number;
  /** Fills that were not made because a coordinate or a weight was missing. */
  missing: number;
  /** Scalars only: `title`, …; goes into the UHI JSON. */
  metadata: Record<string, string | number | boolean>;
}
