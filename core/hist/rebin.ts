import { axisBins, hasUnderflow } from './axis.ts';
import type { Histogram } from './histogram.ts';
import { select, slice, rebin as wider } from './select.ts';

/**
 * The histogram with every `factor` bins of a numeric axis as one, as UHI's `rebin`. Categories and booleans, and axes of fewer
 * bins, stay as they are.
 */
export function rebin(histogram: Histogram, axis: number, factor: number): Histogram {
  const old = histogram.axes[axis];
  if (factor === 1 || axisBins(old) < factor || !hasUnderflow(old)) return histogram;
  const index = histogram.axes.map((_, i) => (i === axis ? slice(undefined, undefined, wider(factor)) : slice()));
  return select(histogram, index);
}
