/** Where a drawn plot has its axes, for what is laid over it: from values to pixels and back. */
import type { DrawnElement } from './plotlyTypes.ts';

/** One axis of a drawn plot. Values are the axis's own, not their logarithms; categories stand at whole numbers. */
export interface PixelScale {
  /** Pixels of `lo` and `hi`, from the left or the top edge of the element: the pixel of `lo` is the larger one on y axes. */
  from: number;
  to: number;
  lo: number;
  hi: number;
  log: boolean;
}

/** The rectangle between the axes of a plot. */
export interface PlotArea {
  x: PixelScale;
  y: PixelScale;
  /** The y axis of the panel below, where there is one. */
  panel?: PixelScale;
}

/** What Plotly knows of an axis that it has drawn. */
interface DrawnAxis {
  visible: boolean;
  _offset: number;
  _length: number;
  range: [number, number];
  type: string;
}

/** The area of a plot that Plotly has drawn; undefined where it has no axes, such as one that only says why. */
export function plotAreaOf({ _fullLayout: layout }: DrawnElement): PlotArea | undefined {
  const { xaxis, yaxis, yaxis2 } = (layout ?? {}) as Record<string, DrawnAxis | undefined>;
  if (!xaxis?.visible || !yaxis) return undefined;
  return { x: scaleOf(xaxis, false), y: scaleOf(yaxis, true), ...(yaxis2 && { panel: scaleOf(yaxis2, true) }) };
}

function scaleOf({ _offset, _length, range, type }: DrawnAxis, upwards: boolean): PixelScale {
  const log = type === 'log';
  const [lo, hi] = log ? [10 ** range[0], 10 ** range[1]] : range;
  const [from, to] = upwards ? [_offset + _length, _offset] : [_offset, _offset + _length];
  return { from, to, lo, hi, log };
}

/** The pixel of a value, also of one beyond the axis; what a log axis has no place for lies far below it. */
export function pixelOf({ from, to, lo, hi, log }: PixelScale, value: number): number {
  const place = log
    ? (Math.log(Math.max(value, Number.MIN_VALUE)) - Math.log(lo)) / Math.log(hi / lo)
    : (value - lo) / (hi - lo);
  return from + place * (to - from);
}

/** The value at a pixel. */
export function valueAt({ from, to, lo, hi, log }: PixelScale, pixel: number): number {
  const place = (pixel - from) / (to - from);
  return log ? lo * (hi / lo) ** place : lo + place * (hi - lo);
}

/** Whether two areas are the same to the pixel and the value. */
export function isSameArea(a: PlotArea | undefined, b: PlotArea | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
