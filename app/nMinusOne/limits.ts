import type { Condition } from '../../core/analysis/nMinusOne.ts';
import type { PlotInk } from '../plots/palette.ts';
import { withOpacity } from '../plots/palette.ts';
import type { Figure, PlotlyObject } from '../plots/plotlyTypes.ts';

const GREY = '#717581';
/** The arrow to the side that is kept, in pixels from the line. */
const ARROW = { right: 'M0,0L24,0M17,-4L24,0L17,4', left: 'M0,0L-24,0M-17,-4L-24,0L-17,4' };

/** A figure with the limits of its condition: a line at each, an arrow to what passes, a shade over what doesn't. */
export function withLimits(
  figure: Figure,
  { keeps }: Condition,
  range: readonly [number, number],
  ink: PlotInk,
): Figure {
  if (!keeps) return figure;
  const [lo, hi] = keeps;
  const shapes: PlotlyObject[] = [];
  const cut = (at: number, from: number, to: number, path: string) => {
    if (!Number.isFinite(at)) return;
    const line = { color: ink.text, width: 1.5 };
    const pixels = { xsizemode: 'pixel', ysizemode: 'pixel', xanchor: at, yanchor: 0.95 };
    shapes.push(
      { ...upright(from, to), type: 'rect', fillcolor: withOpacity(GREY, 0.16), line: { width: 0 }, layer: 'below' },
      { ...upright(at, at), type: 'line', line: { ...line, dash: 'dash' } },
      { type: 'path', xref: 'x', yref: 'paper', ...pixels, path, line },
    );
  };
  cut(lo, Math.min(range[0], lo), lo, ARROW.right);
  cut(hi, hi, Math.max(range[1], hi), ARROW.left);
  const own = figure.layout as { shapes?: PlotlyObject[] };
  return { ...figure, layout: { ...figure.layout, shapes: [...(own.shapes ?? []), ...shapes] } };
}

function upright(x0: number, x1: number): PlotlyObject {
  return { xref: 'x', yref: 'paper', x0, x1, y0: 0, y1: 1 };
}
