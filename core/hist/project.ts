import { mapArrays } from './arrays.ts';
import { axisExtent } from './axis.ts';
import type { Histogram } from './histogram.ts';
import { keep, pick, remap, sumUp } from './remap.ts';

/**
 * The histogram at one bin of an axis, without that axis. `index` counts flow bins, as `axisIndexer` does. Along the first axis of a
 * dense histogram the result shares its memory.
 */
export function sliceAt(histogram: Histogram, axis: number, index: number): Histogram {
  if (axis === 0 && !histogram.tiles) {
    const bins = histogram.values.length / axisExtent(histogram.axes[0]);
    const part = mapArrays(histogram, (array) => array.subarray(index * bins, (index + 1) * bins));
    return { ...histogram, axes: histogram.axes.slice(1), ...part };
  }
  return remap(
    histogram,
    histogram.axes.map((one, i) => (i === axis ? pick(one, index) : keep(one))),
  );
}

/** The histogram with only some of its axes, in their order: the sum over all the others, flow included. */
export function project(histogram: Histogram, axes: readonly number[]): Histogram {
  return remap(
    histogram,
    histogram.axes.map((one, i) => (axes.includes(i) ? keep(one) : sumUp(one))),
  );
}
