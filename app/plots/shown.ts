/** From a histogram to what its view shows of it: axes, slices, bins drawn as one. Never touches events. */
import { mapArrays } from '../../core/hist/arrays.ts';
import { type Axis, axisBins, axisExtent, hasUnderflow } from '../../core/hist/axis.ts';
import { datasetAxis } from '../../core/hist/datasets.ts';
import type { Histogram } from '../../core/hist/histogram.ts';
import { type Index, overflow, type Place, select, slice, sum, underflow } from '../../core/hist/select.ts';
import type { PlotView } from '../store/plotView.ts';

/** Number of axes without the data set axis. */
export function dimensions(histogram: Histogram): number {
  return eventAxes(histogram).length;
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

/** The axes of a histogram that tell something of events: all but the data set axis. */
export function eventAxes(histogram: Histogram): Axis[] {
  return datasetAxis(histogram) ? histogram.axes.slice(1) : histogram.axes;
}

/** The bin at which an axis that is not drawn is taken; undefined where it is summed over. */
export function sliceOf(axis: Axis, position: number, { slices }: PlotView): number | undefined {
  const bin = slices[position];
  return bin !== undefined && bin < axisExtent(axis) ? bin : undefined;
}

/**
 * The histogram on the axes that are drawn: x behind the data set axis, if there is one; or x and y of one data set. Others
 * are summed over, flow included, or taken at one bin.
 */
export function shown(histogram: Histogram, view: PlotView): Histogram {
  const { x, y } = axesShown(histogram, view);
  const sets = datasetAxis(histogram);
  const index = eventAxes(histogram).map((axis, i): Index => {
    if (i === x || i === y) return slice();
    const bin = sliceOf(axis, i, view);
    return bin === undefined ? slice(undefined, undefined, sum) : placeOf(axis, bin);
  });
  const set = sets && (y === undefined ? slice() : view.dataset < axisBins(sets) ? view.dataset : 0);
  const indices = set === undefined ? index : [set, ...index];
  const drawn = select(histogram, indices);
  if (indices.some((one) => typeof one === 'number' || 'at' in one)) drawn.entries = entriesIn(drawn);
  return y !== undefined && y < x ? transposed(drawn) : drawn;
}

/** How many fills lie in the bins; NaN where weights don't tell. */
function entriesIn({ storage, values }: Histogram): number {
  return storage === 'count' ? values.reduce((total, n) => total + n, 0) : Number.NaN;
}

/** A bin by its position, which counts flow bins, as an index. */
function placeOf(axis: Axis, bin: number): Place {
  const at = bin - (hasUnderflow(axis) ? 1 : 0);
  if (at < 0) return underflow;
  return at < axisBins(axis) ? at : overflow;
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
