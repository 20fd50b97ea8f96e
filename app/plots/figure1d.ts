import { formatWithError } from '../numbers.ts';
import type { PlotView } from '../store/plotView.ts';
import { type Bin, binsOf } from './bins.ts';
import { axisTitle, contentTitle, plain } from './labels.ts';
import { axisLayout, baseLayout, type PlotStyle, rulerLayout } from './layout.ts';
import { datasetColour, withOpacity } from './palette.ts';
import type { Figure, PlotlyObject } from './plotlyTypes.ts';
import type { Ruler, Series } from './series.ts';

/** A bin with what it holds. */
export interface FilledBin extends Bin {
  content: number;
  error: number;
}

/** The bins of a series as they are drawn. */
export function filledBins(one: Series, r: Ruler, flow: boolean): FilledBin[] {
  const last = one.contents.length;
  return binsOf(r, flow).map((bin) => {
    if (bin.at < 0) return { ...bin, ...one.underflow };
    if (bin.at >= last) return { ...bin, ...one.overflow };
    return { ...bin, content: one.contents[bin.at]!, error: one.errors[bin.at]! };
  });
}

/**
 * A 1-D histogram: a step line with a light fill and √Σw² error bars; one line for each data set. A profile: points as wide as their
 * bins, with the errors of the means.
 * @param what what is counted: `Events`, or `Entries` where it is filled per item; or what the mean is of
 */
export function figure1d(all: Series[], r: Ruler, view: PlotView, style: PlotStyle, what: string): Figure {
  const bins = all.map((one) => filledBins(one, r, view.flow));
  const first = bins[0]?.[0];
  const last = bins[0]?.[bins[0].length - 1];
  const range: [number, number] = [first?.lo ?? 0, last?.hi ?? 1];
  const mean = all[0]?.mean === true;
  const y = mean ? meanRange(bins, view.log) : contentRange(bins, view.log);
  const many = all.length > 1;
  const markedBin = style.mark === undefined ? undefined : bins[0]?.[style.mark];
  const floor = view.log ? y[0] : mean ? Number.NEGATIVE_INFINITY : 0;
  const data = all.flatMap((one, i) => traces(one, bins[i] as FilledBin[], i, many, floor, style));
  const layout: PlotlyObject = {
    ...baseLayout(style),
    xaxis: rulerLayout(style, axisTitle(r.axis), r, range),
    yaxis: axisLayout(style, mean ? what : contentTitle(r.axis, what), view.log, y),
    hovermode: 'x',
    hoverdistance: -1,
    bargap: 0,
    showlegend: many && style.legend,
    legend: {
      x: 0.99,
      xanchor: 'right',
      y: 0.99,
      yanchor: 'top',
      bgcolor: withOpacity(style.ink.panel, 0.8),
      font: { size: style.fontSize },
    },
    shapes: [
      ...(view.flow && !r.labels ? flowBands(r, range, style) : []),
      ...(markedBin ? [marked(markedBin, style)] : []),
    ],
  };
  return { data, layout };
}

function traces(
  { name, mean }: Series,
  bins: FilledBin[],
  i: number,
  many: boolean,
  floor: number,
  style: PlotStyle,
): PlotlyObject[] {
  const colour = datasetColour(i);
  return [
    mean ? points(plain(name), bins, floor, colour) : steps(plain(name), bins, floor, colour, !many),
    {
      type: 'scatter',
      mode: 'lines',
      showlegend: false,
      ...errorLines(bins, floor),
      line: { color: many ? colour : style.ink.error, width: bins.length > 150 ? 0.6 : 1 },
      hoverinfo: 'skip',
    },
    {
      type: 'scatter',
      mode: 'none',
      name: plain(name),
      showlegend: false,
      x: bins.map((b) => b.centre),
      y: bins.map((b) => Math.max(b.content, floor)),
      customdata: bins.map((b) => [plain(b.name), formatWithError(b.content, b.error).join(' ± ')]),
      hovertemplate: many
        ? `${plain(name)}: %{customdata[1]}<extra></extra>`
        : '<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>',
    },
  ];
}

function steps(name: string, bins: FilledBin[], floor: number, colour: string, filled: boolean): PlotlyObject {
  const x = bins.map((b) => b.lo);
  const y = bins.map((b) => Math.max(b.content, floor));
  const last = bins[bins.length - 1];
  if (last) {
    x.push(last.hi);
    y.push(Math.max(last.content, floor));
  }
  return {
    type: 'scatter',
    mode: 'lines',
    name,
    x,
    y,
    line: { shape: 'hv', color: colour, width: 1.5 },
    ...(filled ? { fill: 'tozeroy', fillcolor: withOpacity(colour, 0.18) } : {}),
    hoverinfo: 'skip',
  };
}

/** The means of a profile: a dash as wide as the bin with a point in its middle; nothing where there is no mean. */
function points(name: string, bins: FilledBin[], floor: number, colour: string): PlotlyObject {
  const there = bins.filter(({ content }) => Number.isFinite(content) && content > floor);
  return {
    type: 'scatter',
    mode: 'lines+markers',
    name,
    x: there.flatMap(({ lo, centre, hi }) => [lo, centre, hi, null]),
    y: there.flatMap(({ content }) => [content, content, content, null]),
    line: { color: colour, width: 1.5 },
    marker: {
      color: colour,
      size: there.flatMap(() => [0, bins.length > 100 ? 3 : 5, 0, 0]),
      opacity: 1,
      line: { width: 0 },
    },
    hoverinfo: 'skip',
  };
}

/** All error bars as one line with gaps: a hundred times fewer elements than Plotly's own, and so fast enough to follow a run. */
function errorLines(bins: FilledBin[], floor: number): { x: (number | null)[]; y: (number | null)[] } {
  const x: (number | null)[] = [];
  const y: (number | null)[] = [];
  for (const { centre, content, error } of bins) {
    if (!(error > 0) || (floor > 0 && content <= 0)) continue;
    x.push(centre, centre, null);
    y.push(Math.max(content - error, floor), content + error, null);
  }
  return { x, y };
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
function marked({ lo, hi }: FilledBin, { ink }: PlotStyle): PlotlyObject {
  return { ...band(lo, hi, withOpacity(datasetColour(0), 0.3)), line: { width: 1, color: ink.error } };
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
