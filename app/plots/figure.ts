import { axisExtent } from '../../core/hist/axis.ts';
import type { Histogram } from '../../core/hist/histogram.ts';
import { project } from '../../core/hist/project.ts';
import { figure1d } from './figure1d.ts';
import { figure2d } from './figure2d.ts';
import type { PlotStyle, PlotView } from './layout.ts';
import type { Figure } from './plotlyTypes.ts';
import { byDataset, datasetAxis, ruler, series } from './series.ts';

/** Which axes of a histogram of more than two are drawn, and which data set of a heat map. */
export interface Cross {
  x: number;
  y: number;
  dataset: number;
}

/** What a plot starts with. */
export const FIRST_CROSS: Cross = { x: 0, y: 1, dataset: 0 };

/** Number of axes without the data set axis. */
export function dimensions(histogram: Histogram): number {
  return histogram.axes.length - (datasetAxis(histogram) ? 1 : 0);
}

/** The histogram of one data set, or of the only one, on at most two axes: the rest is summed over. */
export function crossed(histogram: Histogram, cross: Cross): Histogram {
  const sets = byDataset(histogram);
  const one = (sets[cross.dataset] ?? sets[0]!).histogram;
  if (one.axes.length <= 2) return one;
  const pair = project(one, [cross.x, cross.y]);
  return cross.x <= cross.y ? pair : transposed(pair);
}

/** The figure of a histogram: steps for one axis, a heat map for more. */
export function figureOf(
  histogram: Histogram,
  view: PlotView,
  cross: Cross,
  style: PlotStyle,
  what: 'Events' | 'Entries',
): Figure {
  if (dimensions(histogram) > 1) return figure2d(crossed(histogram, cross), view, style, what);
  const sets = byDataset(histogram);
  const axis = sets[0]!.histogram.axes[0]!;
  return figure1d(
    sets.map((set) => series(set.name, set.histogram)),
    ruler(axis),
    view,
    style,
    what,
  );
}

function transposed(histogram: Histogram): Histogram {
  const [a, b] = histogram.axes as [Histogram['axes'][0], Histogram['axes'][0]];
  const columns = axisExtent(b);
  const rows = axisExtent(a);
  const turn = (values: Float64Array) =>
    Float64Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
  return {
    ...histogram,
    axes: [b, a],
    values: turn(histogram.values),
    variances: histogram.variances && turn(histogram.variances),
  };
}
