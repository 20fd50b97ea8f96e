import { type Axis, axisBins, axisExtent, hasUnderflow } from './axis.ts';
import { axisEdges } from './edges.ts';
import type { Histogram } from './histogram.ts';
import { keep, remap } from './remap.ts';

/**
 * The histogram with every `factor` bins of a numeric axis as one, from its low end on; bins that are left over at the high end go
 * into overflow, as with UHI's `rebin`. Categories and booleans stay as they are.
 */
export function rebin(histogram: Histogram, axis: number, factor: number): Histogram {
  const old = histogram.axes[axis];
  const bins = Math.floor(axisBins(old) / factor);
  if (factor === 1 || bins < 1 || !hasUnderflow(old)) return histogram;
  const merged = {
    axis: mergedAxis(old, factor, bins),
    to: Int32Array.from({ length: axisExtent(old) }, (_, i) =>
      i === 0 ? 0 : Math.min(1 + Math.floor((i - 1) / factor), bins + 1),
    ),
  };
  return remap(
    histogram,
    histogram.axes.map((one, i) => (i === axis ? merged : keep(one))),
  );
}

function mergedAxis(axis: Axis, factor: number, bins: number): Axis {
  if (axis.type === 'variable') return { ...axis, edges: axis.edges.filter((_, i) => i % factor === 0) };
  if (axis.type !== 'regular') return axis;
  return { ...axis, bins, hi: axisEdges(axis)[bins * factor] };
}
