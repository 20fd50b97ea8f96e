import type { PlotView } from '../store/plotView.ts';
import { type FilledBin, filledBins } from './bins.ts';
import { type Curve, drawnSeries, isStacked, piled } from './curves.ts';
import { axisTitle, contentTitle, plain } from './labels.ts';
import { axisLayout, baseLayout, type PlotStyle, rulerLayout } from './layout.ts';
import { type CurveLook, PETROFF, withOpacity } from './palette.ts';
import type { Figure, PlotlyObject } from './plotlyTypes.ts';
import { ratioPanel } from './ratioPanel.ts';
import { type Ruler, rangeShown, ruler } from './series.ts';
import { bandTrace, errorTrace, lineTrace, pointTrace, profileTrace, readTrace, type TraceOptions } from './traces.ts';

/** A smooth line over the bins: what a fit expects in a bin around each x. */
export interface SmoothLine {
  name: string;
  x: number[];
  y: number[];
  colour: string;
  dash: 'solid' | 'dash';
}

/**
 * Histograms of one axis: step lines with √Σw² error bars, one for each curve; or a stack of them; points where the data are. A
 * profile: points as wide as their bins, with the errors of the means.
 * @param what what is counted: `Events`, or `Entries` where it is filled per item; or what the mean is of
 * @param behind the curves without brushes, drawn as faint outlines
 */
export function figure1d(
  curves: readonly Curve[],
  view: PlotView,
  style: PlotStyle,
  what: string,
  lines: readonly SmoothLine[] = [],
  behind: readonly Curve[] = [],
): Figure {
  const r = ruler(curves[0]!.histogram.axes[0]!);
  const bins = drawnSeries(curves, view).map((one) => filledBins(one, r, view.flow));
  const row = bins[0]!;
  const whole: [number, number] = [row[0]?.lo ?? 0, row.at(-1)?.hi ?? 1];
  const range = rangeShown(view, r, whole);
  const inside = (b: FilledBin) => b.hi > range[0] && b.lo < range[1];
  const stacked = isStacked(curves, view);
  const ghosts = outlines(behind, view, r);
  const heights = stacked ? [...bins.filter((_, i) => curves[i]!.look.points), piled(curves, bins).at(-1)!.bins] : bins;
  const mean = curves[0]!.histogram.storage === 'mean';
  const y = (mean ? meanRange : contentRange)(
    [...heights, ...roomFor(ghosts, heights, mean || view.log)].map((h) => h.filter(inside)),
    view.log,
  );
  const options: TraceOptions = { style, floor: view.log ? y[0] : Number.NEGATIVE_INFINITY, many: curves.length > 1 };
  const below = view.ratio === 'off' || curves.length < 2 ? undefined : ratioPanel(curves, view, style, range);
  const marked = style.mark === undefined ? undefined : row[style.mark];
  const title = mean ? what : contentTitle(r.axis, view.normalise ? `Fraction of ${what.toLowerCase()}` : what);
  const layout: PlotlyObject = {
    ...baseLayout(style),
    // A zoom is kept in the view: nothing that Plotly remembers of it may stand against that.
    xaxis: { ...rulerLayout(style, axisTitle(r.axis), r, range), uirevision: false, ...below?.xaxis },
    yaxis: { ...axisLayout(style, title, view.log, y), fixedrange: true, ...below?.upper },
    ...(below && { yaxis2: below.yaxis }),
    hovermode: 'x',
    hoverdistance: -1,
    bargap: 0,
    showlegend: (curves.length > 1 || lines.length > 0) && style.legend,
    legend: {
      x: 0.99,
      xanchor: 'right',
      y: 0.99,
      yanchor: 'top',
      bgcolor: withOpacity(style.ink.panel, 0.8),
      font: { size: style.fontSize },
    },
    shapes: [
      ...(view.flow && !r.labels ? flowBands(r, whole, style) : []),
      ...(marked ? [markedBand(marked, style)] : []),
      ...(style.band ? [band(...style.band, withOpacity(PETROFF[1], 0.18))] : []),
    ],
  };
  const data = [
    ...ghosts.map((ghost) => outlineTrace(ghost, options)),
    ...visibleTraces(curves, bins, stacked, options),
    ...curves.map((curve, i) => readTrace(curve.name, r, bins[i]!, options)),
    ...lines.map(smoothTrace),
    ...(below?.data ?? []),
  ];
  return { data, layout };
}

/** What is seen of curves: lines, bands and points. */
export function visibleTraces(
  curves: readonly Curve[],
  bins: FilledBin[][],
  stacked: boolean,
  options: TraceOptions,
): PlotlyObject[] {
  return stacked ? stackTraces(curves, bins, options) : curves.flatMap((c, i) => curveTraces(c, bins[i]!, options));
}

function curveTraces(curve: Curve, bins: FilledBin[], options: TraceOptions): PlotlyObject[] {
  const { look } = curve;
  const { many, style } = options;
  if (look.points) return pointTraces(curve, bins, options);
  const errors = errorTrace(bins, many ? look.colour : style.ink.error, options);
  if (curve.histogram.storage === 'mean') return [profileTrace(curve.name, bins, look, options), errors];
  return [lineTrace(curve.name, bins, look, options, many ? undefined : withOpacity(look.colour, 0.18)), errors];
}

function pointTraces({ name, look }: Curve, bins: FilledBin[], options: TraceOptions): PlotlyObject[] {
  const colour = options.style.ink.text;
  return [errorTrace(bins, colour, options), pointTrace(name, bins, { ...look, colour }, options)];
}

/** The pile from its top to its bottom, so that lower parts cover the higher ones; the error of the sum; points over it. */
function stackTraces(curves: readonly Curve[], bins: FilledBin[][], options: TraceOptions): PlotlyObject[] {
  const piles = piled(curves, bins);
  const points = curves.flatMap((curve, i) => (curve.look.points ? pointTraces(curve, bins[i]!, options) : []));
  return [
    ...piles
      .toReversed()
      .map(({ curve, bins }) => lineTrace(curve.name, bins, curve.look, { ...options, width: 0.5 }, curve.look.colour)),
    bandTrace('uncertainty', piles.at(-1)!.bins, options),
    ...points,
  ];
}

/** A step line behind the curves. */
export interface Outline {
  look: CurveLook;
  bins: FilledBin[];
}

/** What stands behind curves of what is left of them: the curves by themselves; of a stack the sum, and the points. */
export function outlines(curves: readonly Curve[], view: PlotView, r: Ruler): Outline[] {
  const bins = drawnSeries(curves, view).map((one) => filledBins(one, r, view.flow));
  if (!isStacked(curves, view)) return curves.map(({ look }, i) => ({ look, bins: bins[i]! }));
  const points = curves.flatMap(({ look }, i) => (look.points ? [{ look, bins: bins[i]! }] : []));
  return [{ look: curves[0]!.look, bins: piled(curves, bins).at(-1)!.bins }, ...points];
}

/** An outline this many times higher than what stands before it goes out of the plot. */
const HIGHEST_OUTLINE = 3;

/** The outlines as far as the y axis makes room for them: what brushes leave is to be seen. @param whole whatever their height */
function roomFor(ghosts: readonly Outline[], heights: FilledBin[][], whole: boolean): FilledBin[][] {
  const top = heights.flat().reduce((most, { content, error }) => Math.max(most, content + error), 0);
  const limit = whole || top === 0 ? Number.POSITIVE_INFINITY : HIGHEST_OUTLINE * top;
  return ghosts.map(({ bins }) =>
    bins.map((bin) => (bin.content + bin.error > limit ? { ...bin, content: limit, error: 0 } : bin)),
  );
}

export function outlineTrace({ look, bins }: Outline, options: TraceOptions): PlotlyObject {
  const colour = options.many ? withOpacity(look.colour, 0.5) : withOpacity(options.style.ink.axis, 0.7);
  return {
    ...lineTrace('without brushes', bins, { ...look, colour }, { ...options, width: 1 }),
    showlegend: false,
  };
}

function smoothTrace({ name, x, y, colour, dash }: SmoothLine): PlotlyObject {
  return {
    type: 'scatter',
    mode: 'lines',
    name: plain(name),
    showlegend: dash === 'solid',
    x,
    y,
    line: { color: colour, width: 2, dash },
    hoverinfo: 'skip',
  };
}

/** From the lowest to the highest mean with its error; 0 is no part of it. */
function meanRange(bins: FilledBin[][], log: boolean): [number, number] {
  const there = bins.flat().filter(({ content }) => Number.isFinite(content) && (!log || content > 0));
  if (there.length === 0) return log ? [0.5, 10] : [0, 1];
  const reach = ({ error }: FilledBin) => (Number.isFinite(error) ? error : 0);
  const top = there.reduce((most, bin) => Math.max(most, bin.content + reach(bin)), Number.NEGATIVE_INFINITY);
  const bottom = there.reduce((least, bin) => Math.min(least, bin.content - reach(bin)), Number.POSITIVE_INFINITY);
  if (log) return [Math.min(...there.map(({ content }) => content)) * 0.8, top * 1.25];
  const room = 0.08 * (top - bottom) || Math.abs(top) * 0.1 || 1;
  return [bottom - room, top + room];
}

/** Round figures would jump while data stream in; a fixed share of head room does not. */
function contentRange(bins: FilledBin[][], log: boolean): [number, number] {
  let top = 0;
  let bottom = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (const b of bins.flat()) {
    top = Math.max(top, b.content + b.error);
    bottom = Math.min(bottom, b.content - b.error);
    if (b.content > 0) smallest = Math.min(smallest, b.content);
  }
  if (log) return Number.isFinite(smallest) ? [smallest * 0.5, top * 2] : [0.5, 10];
  if (top === 0 && bottom === 0) return [0, 1];
  return [bottom < 0 && bottom < -0.01 * top ? bottom * 1.08 : 0, top * 1.08];
}

function flowBands(r: Ruler, [lo, hi]: [number, number], style: PlotStyle): PlotlyObject[] {
  const colour = withOpacity('#717581', style.ink.paper === '#ffffff' ? 0.12 : 0.18);
  return [band(lo, r.edges[0]!, colour), band(r.edges.at(-1)!, hi, colour)];
}

/** A bin of at least a hairline's width, from top to bottom. */
function markedBand({ lo, hi }: FilledBin, { ink }: PlotStyle): PlotlyObject {
  return { ...band(lo, hi, withOpacity(PETROFF[0], 0.3)), line: { width: 1, color: ink.error } };
}

function band(x0: number, x1: number, fillcolor: string): PlotlyObject {
  return {
    type: 'rect',
    xref: 'x',
    yref: 'paper',
    x0,
    x1,
    y0: 0,
    y1: 1,
    line: { width: 0 },
    layer: 'below',
    fillcolor,
  };
}
