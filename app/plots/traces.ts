/** The lines, points and bands that a 1-D plot is made of. */
import { formatWithError } from '../numbers.ts';
import { type FilledBin, nameOf } from './bins.ts';
import { plain } from './labels.ts';
import type { PlotStyle } from './layout.ts';
import { type CurveLook, withOpacity } from './palette.ts';
import type { PlotlyObject } from './plotlyTypes.ts';
import type { Ruler } from './series.ts';

export interface TraceOptions {
  style: PlotStyle;
  /** What nothing is drawn below: the lower end of a logarithmic axis. */
  floor: number;
  /** Whether there are other curves. */
  many: boolean;
  width?: number;
}

/** A step line along the bins, filled down to 0 where a colour is given. */
export function lineTrace(
  name: string,
  bins: FilledBin[],
  { colour, dash }: CurveLook,
  { floor, width = 1.5 }: TraceOptions,
  fill?: string,
): PlotlyObject {
  const height = (b: FilledBin) => Math.max(b.content, floor);
  const last = bins.at(-1);
  return {
    type: 'scatter',
    mode: 'lines',
    name: plain(name),
    x: [...bins.map((b) => b.lo), ...(last ? [last.hi] : [])],
    y: [...bins.map(height), ...(last ? [height(last)] : [])],
    line: { shape: 'hv', color: colour, width, dash },
    ...(fill ? { fill: 'tozeroy', fillcolor: fill } : {}),
    hoverinfo: 'skip',
  };
}

/** All error bars as one line with gaps: a hundred times fewer elements than Plotly's own, and so fast enough to follow a run. */
export function errorTrace(bins: FilledBin[], colour: string, { floor }: TraceOptions): PlotlyObject {
  const x: (number | null)[] = [];
  const y: (number | null)[] = [];
  for (const { centre, content, error } of bins) {
    if (!(error > 0) || (floor > 0 && content <= 0)) continue;
    x.push(centre, centre, null);
    y.push(Math.max(content - error, floor), content + error, null);
  }
  return {
    type: 'scatter',
    mode: 'lines',
    showlegend: false,
    x,
    y,
    line: { color: colour, width: bins.length > 150 ? 0.6 : 1 },
    hoverinfo: 'skip',
  };
}

/** A dot in each bin that holds something. */
export function pointTrace(
  name: string,
  bins: FilledBin[],
  { colour }: CurveLook,
  { floor }: TraceOptions,
): PlotlyObject {
  const filled = bins.filter((b) => (b.content !== 0 || b.error > 0) && b.content > floor);
  return {
    type: 'scatter',
    mode: 'markers',
    name: plain(name),
    x: filled.map((b) => b.centre),
    y: filled.map((b) => b.content),
    marker: { color: colour, size: bins.length > 100 ? 3.5 : 5 },
    hoverinfo: 'skip',
  };
}

/** The means of a profile: a dash as wide as the bin with a point in its middle; nothing where there is no mean. */
export function profileTrace(
  name: string,
  bins: FilledBin[],
  { colour }: CurveLook,
  { floor }: TraceOptions,
): PlotlyObject {
  const there = bins.filter(({ content }) => Number.isFinite(content) && content > floor);
  return {
    type: 'scatter',
    mode: 'lines+markers',
    name: plain(name),
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

/** The bins' errors as a hatched band of steps. */
export function bandTrace(name: string, bins: FilledBin[], { style, floor }: TraceOptions): PlotlyObject {
  const clip = (y: number) => Math.max(y, floor);
  const upper = bins.flatMap((b) => [b.content + b.error, b.content + b.error].map(clip));
  const lower = bins.flatMap((b) => [b.content - b.error, b.content - b.error].map(clip));
  const x = bins.flatMap((b) => [b.lo, b.hi]);
  return {
    type: 'scatter',
    mode: 'lines',
    name,
    x: [...x, ...x.toReversed()],
    y: [...upper, ...lower.toReversed()],
    line: { width: 0 },
    fill: 'toself',
    fillcolor: withOpacity('#717581', 0.15),
    fillpattern: { shape: '/', size: 5, solidity: 0.25, fgcolor: style.ink.text, bgcolor: 'rgba(0,0,0,0)' },
    hoverinfo: 'skip',
  };
}

/** What hovering shows of each bin. */
export function readTrace(name: string, r: Ruler, bins: FilledBin[], { floor, many }: TraceOptions): PlotlyObject {
  return {
    type: 'scatter',
    mode: 'none',
    name: plain(name),
    showlegend: false,
    x: bins.map((b) => b.centre),
    y: bins.map((b) => Math.max(b.content, floor)),
    customdata: bins.map((b) => [plain(nameOf(r, b)), formatWithError(b.content, b.error).join(' ± ')]),
    hovertemplate: many
      ? `${plain(name)}: %{customdata[1]}<extra></extra>`
      : '<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>',
  };
}
