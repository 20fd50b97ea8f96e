import type { HistogramSpec } from '../../core/analysis/document.ts';
import { binCount } from '../../core/hist/contents.ts';
import type { Histogram } from '../../core/hist/histogram.ts';
import { rebin } from '../../core/hist/rebin.ts';
import { formatCount } from '../numbers.ts';
import type { PlotView } from '../store/plotView.ts';
import { type Curve, curvesOf, type Named } from './curves.ts';
import { figure1d, type SmoothLine } from './figure1d.ts';
import { figure2d } from './figure2d.ts';
import { baseLayout, type PlotStyle } from './layout.ts';
import type { Figure } from './plotlyTypes.ts';
import { isMap, shown } from './shown.ts';

/** What a plot draws: curves along one axis, or a heat map. */
export type Drawing =
  /** `behind`: the same without brushes. */
  { kind: 'curves'; curves: Curve[]; behind?: Curve[] } | { kind: 'map'; histogram: Histogram };

/**
 * What a view draws of a histogram, with the histograms that are laid over it.
 * @param all the same without brushes: faint behind curves
 */
export function drawingOf(own: Named, overlays: readonly Named[], view: PlotView, all?: Histogram): Drawing {
  if (!isMap(own.histogram, view)) {
    const behind = all && { behind: curvesOf({ ...own, histogram: all }, [], view) };
    return { kind: 'curves', curves: curvesOf(own, overlays, view), ...behind };
  }
  const pair = shown(own.histogram, view);
  return { kind: 'map', histogram: rebin(rebin(pair, 0, view.rebin), 1, view.rebin) };
}

/** The figure of a drawing; `lines` go over its curves. */
export function figureOf(
  drawing: Drawing,
  view: PlotView,
  style: PlotStyle,
  what: string,
  lines: readonly SmoothLine[] = [],
): Figure {
  if (drawing.kind === 'map' && drawing.histogram.tiles) return tooFine(drawing.histogram, style);
  return drawing.kind === 'map'
    ? figure2d(drawing.histogram, view, style, what)
    : figure1d(drawing.curves, view, style, what, lines, drawing.behind);
}

/** Says why there is no map: one in tiles has more cells than a page can draw. */
function tooFine({ axes }: Histogram, style: PlotStyle): Figure {
  const bins = formatCount(binCount(axes));
  const text = `${bins} bins are too many to draw.<br>Draw several bins as one, or one axis.`;
  const place = { x: 0.5, y: 0.5, xref: 'paper', yref: 'paper', showarrow: false };
  const hidden = { visible: false };
  const annotations = [{ ...place, text, font: { size: style.fontSize + 1, color: style.ink.text } }];
  return { data: [], layout: { ...baseLayout(style), xaxis: hidden, yaxis: hidden, annotations } };
}

/** Whether there is a panel below the plot. */
export function hasPanel(drawing: Drawing, view: PlotView): boolean {
  return view.ratio !== 'off' && drawing.kind === 'curves' && drawing.curves.length > 1;
}

/** What the bins of a histogram count: `Events`, or `Entries` where it is filled per item; or what its mean is of. */
export function whatIsCounted(spec: HistogramSpec, { storage }: Histogram, perItem: boolean): string {
  if (storage === 'mean') return spec.sample === undefined ? 'Mean' : `Mean of ${spec.sample}`;
  const counted = perItem ? 'Entries' : 'Events';
  return storage === 'weighted' ? `Weighted ${counted.toLowerCase()}` : counted;
}
