/**
 * Brushes: a part of a plot that a person marked, as a cut on events. An event passes if what is filled for it (for one of its items at
 * least, where the histogram is filled per item; its own `select` included) lies in the part. The brushed plot itself shows all brushes but its own.
 */

/**
 * Part of one axis: from `from` up to, not including, `to`; both are bounds of the axis's `FineAxis`. On category and boolean axes they
 * are positions of bins.
 */
export interface BrushRange {
  /** Position of the axis in the histogram's specification. */
  axis: number;
  from: number;
  to: number;
}

/** At most one for each histogram. */
export interface Brush {
  /** Name of the histogram. */
  histogram: string;
  /** One for each axis that is drawn: one, or two for a box. */
  ranges: BrushRange[];
}

/** The brushes with one of them set; it keeps its place, and a new one comes last. */
export function withBrush(brushes: readonly Brush[], brush: Brush): Brush[] {
  const at = brushes.findIndex(({ histogram }) => histogram === brush.histogram);
  return at < 0 ? [...brushes, brush] : brushes.with(at, brush);
}

export function withoutBrush(brushes: readonly Brush[], histogram: string): Brush[] {
  return brushes.filter((brush) => brush.histogram !== histogram);
}
