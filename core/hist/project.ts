import { addBins, emptyArrays } from './arrays.ts';
import { axisExtent } from './axis.ts';
import { binCount } from './contents.ts';
import type { Histogram } from './histogram.ts';

/**
 * The histogram without one axis: the sum over all its bins, flow included. `entries` and `missing` stay.
 */
export function sumOver(histogram: Histogram, axis: number): Histogram {
  return reduceAxis(histogram, axis, 0, axisExtent(histogram.axes[axis]));
}

/** The histogram at one bin of an axis, without that axis. `index` counts flow bins, as `axisIndexer` does. */
export function sliceAt(histogram: Histogram, axis: number, index: number): Histogram {
  return reduceAxis(histogram, axis, index, index + 1);
}

/** The histogram with only some of its axes, in their order: the sum over all the others, flow included. */
export function project(histogram: Histogram, axes: readonly number[]): Histogram {
  let result = histogram;
  for (let axis = histogram.axes.length - 1; axis >= 0; axis--)
    if (!axes.includes(axis)) result = sumOver(result, axis);
  return result;
}

function reduceAxis(histogram: Histogram, axis: number, from: number, to: number): Histogram {
  const extent = axisExtent(histogram.axes[axis]);
  const inner = binCount(histogram.axes.slice(axis + 1));
  const outer = binCount(histogram.axes.slice(0, axis));
  const sums = emptyArrays(histogram.storage, outer * inner);
  for (let o = 0; o < outer; o++) {
    for (let k = from; k < to; k++) addBins(sums, o * inner, histogram, (o * extent + k) * inner, inner);
  }
  return { ...histogram, axes: histogram.axes.filter((_, i) => i !== axis), ...sums };
}
