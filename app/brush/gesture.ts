/** What a drag of the pointer makes of a brush: pure steps from where it began to where it is. */
import { type PixelScale, pixelOf, valueAt } from '../plots/plotArea.ts';
import { type BrushAxis, drawnAt, nearestEdge, type Span, shifted, spanBetween, withEnd } from './brushAxis.ts';

/** An axis on the page. */
export interface PlacedAxis extends BrushAxis {
  scale: PixelScale;
}

/** Which end of each axis is held, of x first. */
export type Held = readonly (keyof Span | undefined)[];

/** A drag that makes a brush, moves one as a whole, or moves some of its edges. */
export interface Gesture {
  kind: 'make' | 'move' | 'resize';
  held: Held;
  /** Pixels where it began, of each axis. */
  start: readonly number[];
  /** What was there; of `make`, nothing counts. */
  spans: readonly Span[];
}

/** The spans when the pointer is at these pixels. */
export function dragged(
  { kind, held, start, spans }: Gesture,
  axes: readonly PlacedAxis[],
  now: readonly number[],
): Span[] {
  return axes.map((axis, i) => {
    const { scale } = axis;
    const span = spans[i]!;
    if (kind === 'make') return spanBetween(axis, valueAt(scale, start[i]!), valueAt(scale, now[i]!));
    const by = now[i]! - start[i]!;
    if (kind === 'move') return shifted(span, edgeAfter(axis, span.lo, by) - span.lo, axis);
    const end = held[i];
    return end ? withEnd(span, end, edgeAfter(axis, span[end], by), axis) : span;
  });
}

/** The pixel at which an edge is drawn. */
export function pixelOfEdge(axis: PlacedAxis, edge: number): number {
  return pixelOf(axis.scale, drawnAt(axis, edge));
}

/** The edge that is nearest to so many pixels beside another one. */
function edgeAfter(axis: PlacedAxis, edge: number, pixels: number): number {
  return pixels === 0 ? edge : nearestEdge(axis, valueAt(axis.scale, pixelOfEdge(axis, edge) + pixels));
}

/** The middle third of what is drawn of an axis. */
export function middleSpan(axis: PlacedAxis): Span {
  const { from, to } = axis.scale;
  const at = (share: number) => valueAt(axis.scale, from + share * (to - from));
  return spanBetween(axis, at(1 / 3), at(2 / 3));
}
