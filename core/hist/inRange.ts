import { axisBins, axisExtent, hasUnderflow } from './axis.ts';
import type { Histogram } from './histogram.ts';

/** Visits all bins but flow bins, row-major; `position` counts bins in range from 0 and is used again. */
export function forEachInRange(histogram: Histogram, visit: (flat: number, position: number[]) => void): void {
  const { axes } = histogram;
  const position = axes.map(() => 0);
  const walk = (depth: number, flat: number) => {
    if (depth === axes.length) return visit(flat, position);
    const axis = axes[depth];
    const first = hasUnderflow(axis) ? 1 : 0;
    for (let i = 0; i < axisBins(axis); i++) {
      position[depth] = i;
      walk(depth + 1, flat * extents[depth] + first + i);
    }
  };
  const extents = axes.map(axisExtent);
  walk(0, 0);
}
