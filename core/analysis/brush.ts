/**
 * Brushes: a part of a plot that a person marked, as a cut on events. An event passes if what is filled for it (for one of its items at
 * least, where the histogram is filled per item; its own `select` included) lies in the part. The brushed plot itself shows all brushes but its own.
 */

/** Part of one axis: from `from` up to, not including, `to`; on category and boolean axes both are positions of bins. */
export interface BrushRange {
  /** Position of the axis in the histogram. */
  axis: number;
  from: number;
  to: number;
}

export interface Brush {
  /** Name of the histogram. */
  histogram: string;
  /** One for each axis that is drawn: one, or two for a box. */
  ranges: BrushRange[];
}
