import { type Axis, axisBins, axisExtent, hasUnderflow } from './axis.ts';
import { axisCentres } from './edges.ts';
import type { Histogram } from './histogram.ts';
import { type AxisPlan, keep, remap } from './remap.ts';

/** What a statistics box shows. */
export interface Statistics {
  /** Fills, flow included. */
  entries: number;
  /** Σw (or the count) of the bins in range. */
  sum: number;
  /** Error of `sum`: √Σw² (or √n). */
  sumError: number;
  /** Along the axis, in its unit; absent for categories, and NaN where `sum` is 0. */
  mean?: number;
  standardDeviation?: number;
}

/**
 * Statistics along an axis, from bin contents alone: with c the centres of the bins and w their contents,
 * mean = Σwc / Σw, standard deviation = √(Σw(c − mean)² / Σw). Only bins in range count, on every axis, as in
 * ROOT's `TH1::GetMean` of a histogram without its running sums.
 */
export function statistics(histogram: Histogram, axis = 0): Statistics {
  const along = histogram.axes[axis];
  const inRange = remap(
    histogram,
    histogram.axes.map((one, i) => (i === axis ? keep(one) : sumInRange(one))),
  );
  const first = hasUnderflow(along) ? 1 : 0;
  const contents = inRange.values.slice(first, first + axisBins(along));
  const squares = (inRange.variances ?? inRange.values).slice(first, first + axisBins(along));
  const sum = contents.reduce((total, w) => total + w, 0);
  const sum2 = squares.reduce((total, w2) => total + w2, 0);
  const result = { entries: histogram.entries, sum, sumError: Math.sqrt(sum2) };
  if (!hasUnderflow(along)) return result;
  const centres = axisCentres(along);
  const mean = contents.reduce((total, w, i) => total + w * centres[i], 0) / sum;
  const spread = contents.reduce((total, w, i) => total + w * (centres[i] - mean) ** 2, 0) / sum;
  return { ...result, mean, standardDeviation: Math.sqrt(spread) };
}

/** All bins in one, but for flow. */
function sumInRange(axis: Axis): AxisPlan {
  const first = hasUnderflow(axis) ? 1 : 0;
  return { to: new Int32Array(axisExtent(axis)).fill(-1).fill(0, first, first + axisBins(axis)) };
}
