import { axisBins, hasUnderflow } from './axis.ts';
import { axisCentres } from './edges.ts';
import type { Histogram } from './histogram.ts';
import { forEachInRange } from './inRange.ts';

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
  const { values, variances = values } = histogram;
  const along = histogram.axes[axis];
  const contents = new Float64Array(axisBins(along));
  let sum2 = 0;
  forEachInRange(histogram, (flat, position) => {
    contents[position[axis]] += values[flat];
    sum2 += variances[flat];
  });
  const sum = contents.reduce((total, w) => total + w, 0);
  const result = { entries: histogram.entries, sum, sumError: Math.sqrt(sum2) };
  if (!hasUnderflow(along)) return result;
  const centres = axisCentres(along);
  const mean = contents.reduce((total, w, i) => total + w * centres[i], 0) / sum;
  const spread = contents.reduce((total, w, i) => total + w * (centres[i] - mean) ** 2, 0) / sum;
  return { ...result, mean, standardDeviation: Math.sqrt(spread) };
}
