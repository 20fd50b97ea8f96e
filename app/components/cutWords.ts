/** What sliders on cuts say, and the round numbers that they stop at. */
import { roundStep } from '../../core/analysis/slider.ts';
import { type PixelScale, valueAt } from '../plots/plotArea.ts';

/** Comparisons as people write them. */
export const SIGNS = { '<': '<', '<=': '≤', '>': '>', '>=': '≥', '==': '=', '!=': '≠' };

/** The round step that takes about a pixel at a place of an axis; 1 at least where only integers count. */
export function stepAt(along: PixelScale, pixel: number, whole: boolean): number {
  const step = roundStep(Math.abs(valueAt(along, pixel + 0.5) - valueAt(along, pixel - 0.5)));
  return whole ? Math.max(1, step) : step;
}

/** The multiple of a step that is nearest, without the digits that sums leave behind. */
export function roundedTo(value: number, step: number): number {
  return Number((Math.round(value / step) * step).toPrecision(12));
}
