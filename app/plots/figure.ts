import { axisExtent } from '../../core/hist/axis.ts';
import type { Histogram } from '../../core/hist/histogram.ts';
import { project } from '../../core/hist/project.ts';
import { figure1d } from './figure1d.ts';
import { figure2d } from './figure2d.ts';
import type { PlotStyle, PlotView } from './layout.ts';
import type { Figure } from './plotlyTypes.ts';
import { byDataset, datasetAxis, ruler, series } from './series.ts';

/** Number of axes without the data set axis. */
export function dimensions(histogram: Histogram): number {
  return histogram.axes.length - (datasetAxis(histogram) ? 1 : 0);
}

/** The histogram of one data set, or of the only one, on at most two axes: the rest is summed over. */
export function crossed(histogram: Histogram, view: PlotView): Histogram {
  const sets = byDataset(histogram);
  const one = (sets[view.dataset] ?? sets[0]!).histogram;
  if (one.axes.length <= 2) return one;
  const { x, y } = axesShown(one, view);
  const pair = project(one, [x, y]);
  return x <= y ? pair : transposed(pair);
}

/** The two axes that a view asks for; the first two where the histogram lacks one of them. */
export function axesShown({ axes }: Histogram, { x, y }: PlotView): { x: number; y: number } {
  return x !== y && axes[x] && axes[y] ? { x, y } : { x: 0, y: 1 };
}

/** The figure of a histogram: steps for one axis, a heat map for more. */
export function figureOf(histogram: Histogram, view: PlotView, style: PlotStyle, what: string): Figure {
  if (dimensions(histogram) > 1) return figure2d(crossed(histogram, view), view, style, what);
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
