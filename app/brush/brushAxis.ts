/** Axes that can be brushed, and brushes as numbers of their fine edges: all that a drag or a key does is done in those. */
import type { Brush } from '../../core/analysis/brush.ts';
import { type FineAxis, nearestBound } from '../../core/analysis/fineAxis.ts';
import type { Axis } from '../../core/hist/axis.ts';

/** An axis of a plot. */
export interface BrushAxis {
  /** Position in the histogram's specification. */
  position: number;
  axis: Axis;
  /** Where a brush may begin and end. */
  fine: FineAxis;
}

/** From edge `lo` up to edge `hi`, which is another one. */
export interface Span {
  lo: number;
  hi: number;
}

/** How many fine bins an axis has. */
export function binsOf({ fine }: BrushAxis): number {
  return fine.edges.length - 1;
}

/** Where an edge is drawn: bins of categories stand at whole numbers. */
export function drawnAt({ fine }: BrushAxis, edge: number): number {
  return fine.edges[edge]! - (fine.kind === 'positions' ? 0.5 : 0);
}

/** The edge that is nearest to a place of the plot. */
export function nearestEdge({ fine }: BrushAxis, drawn: number): number {
  return nearestBound(fine, drawn + (fine.kind === 'positions' ? 0.5 : 0));
}

/** The fine bin at a place of the plot; the first or the last one for places beyond the axis. */
export function binAt(axis: BrushAxis, drawn: number): number {
  const edge = nearestEdge(axis, drawn);
  return Math.min(Math.max(drawnAt(axis, edge) > drawn ? edge - 1 : edge, 0), binsOf(axis) - 1);
}

/** The part of an axis that a brush marks; undefined where it leaves the axis alone. */
export function spanOf(brush: Brush | undefined, { position, fine }: BrushAxis): Span | undefined {
  const range = brush?.ranges.find(({ axis }) => axis === position);
  if (!range) return undefined;
  const lo = Math.min(nearestBound(fine, range.from), fine.bounds.length - 2);
  return { lo, hi: Math.max(lo + 1, nearestBound(fine, range.to)) };
}

/** A brush with spans in place of its ranges on those axes; other ranges stay. */
export function withSpans(brush: Brush, axes: readonly BrushAxis[], spans: readonly Span[]): Brush {
  const changed = axes.map(({ position, fine }, i) => ({
    axis: position,
    from: fine.bounds[spans[i]!.lo]!,
    to: fine.bounds[spans[i]!.hi]!,
  }));
  const others = brush.ranges.filter((range) => !changed.some(({ axis }) => axis === range.axis));
  return { ...brush, ranges: [...changed, ...others].sort((a, b) => a.axis - b.axis) };
}

/** A span moved by so many edges, as far as the axis goes. */
export function shifted({ lo, hi }: Span, by: number, axis: BrushAxis): Span {
  const shift = Math.min(Math.max(by, -lo), binsOf(axis) - hi);
  return { lo: lo + shift, hi: hi + shift };
}

/** A span with one of its ends at another edge: at least one bin is left of it. */
export function withEnd(span: Span, end: keyof Span, to: number, axis: BrushAxis): Span {
  return end === 'lo'
    ? { ...span, lo: Math.min(Math.max(to, 0), span.hi - 1) }
    : { ...span, hi: Math.max(Math.min(to, binsOf(axis)), span.lo + 1) };
}

/** From the edges nearest to two places of the plot; the bin at the first one where they are the same. */
export function spanBetween(axis: BrushAxis, start: number, end: number): Span {
  const [a, b] = [nearestEdge(axis, start), nearestEdge(axis, end)];
  if (a !== b) return { lo: Math.min(a, b), hi: Math.max(a, b) };
  const bin = binAt(axis, start);
  return { lo: bin, hi: bin + 1 };
}
