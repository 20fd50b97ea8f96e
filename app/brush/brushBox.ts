/** Where a brush and its handles lie over a plot, in pixels, as far as the plot's area goes. */
import type { PixelScale, PlotArea } from '../plots/plotArea.ts';
import type { Span } from './brushAxis.ts';
import { type PlacedAxis, pixelOfEdge } from './gesture.ts';

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The rectangle between the axes. */
export function areaBox({ x, y }: PlotArea): Box {
  return { left: x.from, top: y.to, width: x.to - x.from, height: y.from - y.to };
}

/** The part that a brush marks: from top to bottom where only x is drawn. */
export function brushBox(area: PlotArea, [x, y]: readonly PlacedAxis[], spans: readonly Span[]): Box {
  const [left, right] = pixels(x!, spans[0]!);
  const [top, bottom] = y ? pixels(y, spans[1]!) : [area.y.to, area.y.from];
  return { left, top, width: right - left, height: bottom - top };
}

/** A box as it lies in another one. */
export function within(box: Box, { left, top }: Box): Box {
  return { ...box, left: box.left - left, top: box.top - top };
}

function pixels(axis: PlacedAxis, { lo, hi }: Span): [number, number] {
  const ends = [lo, hi].map((edge) => clamped(axis.scale, pixelOfEdge(axis, edge)));
  return [Math.min(...ends), Math.max(...ends)];
}

function clamped({ from, to }: PixelScale, pixel: number): number {
  return Math.min(Math.max(pixel, Math.min(from, to)), Math.max(from, to));
}
