/** From a histogram to what its view shows of it: axes, slices, bins drawn as one. Never touches events. */
import { mapArrays } from '../../core/hist/arrays.ts';
import { axisExtent } from '../../core/hist/axis.ts';
import type { Histogram } from '../../core/hist/histogram.ts';
import { sliceAt, sumOver } from '../../core/hist/project.ts';
import type { PlotView } from '../store/plotView.ts';
import { byDataset, datasetAxis } from './series.ts';

/** Number of axes without the data set axis. */
export function dimensions(histogram: Histogram): number {
  return histogram.axes.length - (datasetAxis(histogram) ? 1 : 0);
}

/** Whether a view draws a heat map rather than curves. */
export function isMap(histogram: Histogram, view: PlotView): boolean {
  return dimensions(histogram) > 1 && view.y !== 'none';
}

/** Positions of the axes that are drawn, without the data set axis; the first ones where the histogram lacks one of them. */
export function axesShown(histogram: Histogram, { x, y }: PlotView): { x: number; y?: number } {
  const many = dimensions(histogram);
  if (y === 'none' || many < 2) return { x: x < many ? x : 0 };
  return x !== y && x < many && y < many ? { x, y } : { x: 0, y: 1 };
}

/**
 * The histogram on the axes that are drawn: x behind the data set axis, if there is one; or x and y of one data set. Others
 * are summed over, flow included, or taken at one bin.
 */
export function shown(histogram: Histogram, view: PlotView): Histogram {
  const { x, y } = axesShown(histogram, view);
  if (y !== undefined) {
    const sets = byDataset(histogram);
    const pair = reduced((sets[view.dataset] ?? sets[0]!).histogram, [x, y], view.slices, 0);
    return x < y ? pair : transposed(pair);
  }
  const first = datasetAxis(histogram) ? 1 : 0;
  return reduced(histogram, first ? [0, x + 1] : [x], view.slices, first);
}

function reduced(histogram: Histogram, keep: number[], slices: PlotView['slices'], first: number): Histogram {
  let result = histogram;
  for (let axis = histogram.axes.length - 1; axis >= 0; axis--) {
    if (keep.includes(axis)) continue;
    const bin = slices[axis - first];
    const there = bin !== undefined && bin < axisExtent(histogram.axes[axis]!);
    result = there ? sliceAt(result, axis, bin) : sumOver(result, axis);
  }
  return result;
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
    ...mapArrays(histogram, turn),
  };
}
