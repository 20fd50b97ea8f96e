/** The panel under a 1-D plot: each curve divided by the reference. */
import { efficiency, type Quotient, ratio, type Sums } from '../../core/hist/arithmetic.ts';
import { formatNumber } from '../numbers.ts';
import type { PlotView } from '../store/plotView.ts';
import { type FilledBin, filledBins } from './bins.ts';
import { type Curve, drawnSeries, isStacked, piled } from './curves.ts';
import { plain } from './labels.ts';
import { axisLayout, type PlotStyle } from './layout.ts';
import type { PlotlyObject } from './plotlyTypes.ts';
import { ruler } from './series.ts';

/** The part of the height that the panel takes, and where the plot above it begins. */
const TOP_OF_PANEL = 0.25;
const FOOT_OF_PLOT = 0.29;

export interface Panel {
  data: PlotlyObject[];
  /** What it changes of the x axis, and of the y axis above it. */
  xaxis: PlotlyObject;
  upper: PlotlyObject;
  /** Its own y axis. */
  yaxis: PlotlyObject;
}

/** A curve of the panel: what is divided, and how it looks. */
interface Part {
  name: string;
  bins: FilledBin[];
  counts: boolean;
  colour: string;
}

/**
 * The panel of some curves. The reference is the first curve; for a histogram that is laid over the plot's own, the own one of
 * the same data set; or the sum of a stack: then the points are divided by it, or the parts of the stack where there are none. Errors
 * are those of `ratio`, which takes both for independent, or of `efficiency`, which takes what is divided for a part of the
 * reference: it is that of contents as they were filled.
 */
export function ratioPanel(
  curves: readonly Curve[],
  view: PlotView,
  style: PlotStyle,
  [lo, hi]: [number, number],
): Panel {
  const share = view.ratio === 'efficiency';
  const parts = divided(curves, share ? { ...view, normalise: false, stack: false } : view, style);
  const quotients = parts.map(({ part, reference }) => (share ? efficiency : ratio)(sums(part), sums(reference)));
  const { bins } = parts[0]!.reference;
  const inside = bins.map((b) => b.hi > lo && b.lo < hi);
  const data = parts.flatMap(({ part }, i) => quotientTraces(part, quotients[i]!));
  const range = share ? shareRange(quotients, inside) : quotientRange(quotients, inside);
  const ends = [bins[0]!.lo, bins.at(-1)!.hi];
  const unity: PlotlyObject = {
    type: 'scatter',
    mode: 'lines',
    showlegend: false,
    x: ends,
    y: ends.map(() => 1),
    yaxis: 'y2',
    line: { color: style.ink.axis, width: 1, dash: 'dot' },
    hoverinfo: 'skip',
  };
  return {
    data: [unity, ...data],
    xaxis: { anchor: 'y2', mirror: 'allticks' },
    upper: { domain: [FOOT_OF_PLOT, 1] },
    yaxis: {
      ...axisLayout(style, share ? 'Efficiency' : 'Ratio', false, range),
      domain: [0, TOP_OF_PANEL],
      nticks: 4,
      fixedrange: true,
    },
  };
}

interface Pair {
  part: Part;
  reference: Part;
}

function divided(curves: readonly Curve[], view: PlotView, style: PlotStyle): Pair[] {
  const r = ruler(curves[0]!.histogram.axes[0]!);
  const bins = drawnSeries(curves, view).map((one) => filledBins(one, r, view.flow));
  const all = curves.map(
    ({ name, histogram, look }, i): Part => ({
      name,
      bins: bins[i]!,
      counts: histogram.storage === 'count' && !view.normalise,
      colour: look.points ? style.ink.text : look.colour,
    }),
  );
  if (!isStacked(curves, view)) {
    const overlays = curves.some(({ over }) => over);
    const own = (dataset: string) => all[curves.findIndex((c) => !c.over && c.dataset === dataset)] ?? all[0]!;
    return curves.flatMap(({ over, dataset }, i) => {
      if (overlays ? !over : i === 0) return [];
      return [{ part: all[i]!, reference: overlays ? own(dataset) : all[0]! }];
    });
  }
  const stacked = all.filter((_, i) => !curves[i]!.look.points);
  const points = all.filter((_, i) => curves[i]!.look.points);
  const sum = piled(curves, bins).at(-1)!.bins;
  const reference = { ...stacked[0]!, bins: sum, counts: stacked.every((part) => part.counts) };
  return (points.length > 0 ? points : stacked).map((part) => ({ part, reference }));
}

function sums({ bins, counts }: Part): Sums {
  const values = Float64Array.from(bins, (b) => b.content);
  return counts ? { values } : { values, variances: Float64Array.from(bins, (b) => b.error ** 2) };
}

function quotientTraces({ name, bins, colour }: Part, { values, low, high }: Quotient): PlotlyObject[] {
  const there = bins.map((bin, i) => ({ bin, i })).filter(({ i }) => Number.isFinite(values[i]));
  const bars = there.filter(({ i }) => Number.isFinite(low[i]! + high[i]!));
  const common = { type: 'scatter', yaxis: 'y2', showlegend: false };
  const read = ({ i }: { i: number }) =>
    `${plain(name)}: ${formatNumber(values[i]!, 4)} +${formatNumber(high[i]!, 2)} −${formatNumber(low[i]!, 2)}`;
  return [
    {
      ...common,
      mode: 'lines',
      x: bars.flatMap(({ bin }) => [bin.centre, bin.centre, null]),
      y: bars.flatMap(({ i }) => [values[i]! - low[i]!, values[i]! + high[i]!, null]),
      line: { color: colour, width: bins.length > 150 ? 0.6 : 1 },
      hoverinfo: 'skip',
    },
    {
      ...common,
      mode: 'markers',
      x: there.map(({ bin }) => bin.centre),
      y: there.map(({ i }) => values[i]),
      marker: { color: colour, size: bins.length > 100 ? 3 : 4 },
      customdata: there.map(read),
      hovertemplate: '%{customdata}<extra></extra>',
    },
  ];
}

/** From the lowest to the highest quotient whose error is less than half of it; else of all. */
function quotientRange(quotients: readonly Quotient[], inside: readonly boolean[]): [number, number] {
  const all = quotients.flatMap(({ values, low, high }) =>
    Array.from(values, (value, i) => ({ value, low: low[i]!, high: high[i]!, inside: inside[i] })).filter(
      (q) => q.inside && Number.isFinite(q.value),
    ),
  );
  const sure = all.filter((q) => Math.max(q.low, q.high) < 0.5 * Math.abs(q.value));
  const seen = sure.length > 0 ? sure : all;
  if (seen.length === 0) return [0, 2];
  let [bottom, top] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { value, low, high } of seen) {
    bottom = Math.min(bottom, value - (Number.isFinite(low) ? low : 0));
    top = Math.max(top, value + (Number.isFinite(high) ? high : 0));
  }
  const margin = 0.1 * (top - bottom || 1);
  return [bottom - margin, top + margin];
}

function shareRange(quotients: readonly Quotient[], inside: readonly boolean[]): [number, number] {
  let top = 0;
  for (const { values, high } of quotients) {
    values.forEach((value, i) => {
      if (inside[i] && Number.isFinite(value + high[i]!)) top = Math.max(top, value + high[i]!);
    });
  }
  return [0, top > 0.5 ? 1.05 : top > 0 ? 1.15 * top : 1.05];
}
