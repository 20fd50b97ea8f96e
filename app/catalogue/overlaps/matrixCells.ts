/** The matrix of overlaps as cells of a heat map. */
import { type KnownCounts, type OverlapMeasure, overlapValue } from '../../../core/catalogue/overlapFiles.ts';
import { formatPercent } from '../../numbers.ts';
import type { HeatMapCells } from '../heatMap/layout.ts';

export const COLOURINGS = ['linear', 'log'] as const;
/** How values become shades. */
export type Colouring = (typeof COLOURINGS)[number];

export interface MatrixChoice {
  measure: OverlapMeasure;
  colouring: Colouring;
  /** Each pair once. */
  isLower: boolean;
}

export interface MatrixCells extends HeatMapCells {
  /** Values that the first and the last shade stand for: of the pairs, never of a stream with itself. Both 0 where no pair shares an event. */
  range: [number, number];
}

/** @param labels of the streams, by their positions in `counts` */
export function matrixCells(
  counts: KnownCounts,
  order: readonly number[],
  labels: readonly string[],
  { measure, colouring, isLower }: MatrixChoice,
): MatrixCells {
  const value = (row: number, column: number) => overlapValue(counts, measure, order[row]!, order[column]!);
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (let row = 0; row < order.length; row++) {
    for (let column = 0; column < order.length; column++) {
      const here = row === column ? 0 : value(row, column);
      if (here > most) most = here;
      if (here > 0 && here < least) least = here;
    }
  }
  const low = colouring === 'log' && most > 0 ? least : 0;
  const shadeOf = (x: number) => {
    if (x === 0) return 0;
    if (low === 0) return x / most;
    // The least one is not none: it has a colour.
    return low === most ? 1 : Math.max(1e-9, Math.log(x / low) / Math.log(most / low));
  };
  return {
    labels: order.map((stream) => labels[stream]!),
    shade: (row, column) => (row === column || (isLower && column > row) ? undefined : shadeOf(value(row, column))),
    text: (row, column) => shortValue(measure, value(row, column)),
    range: [low, most],
  };
}

/** A value in a few characters. */
export function shortValue(measure: OverlapMeasure, value: number): string {
  if (measure === 'row') return formatPercent(value);
  if (value === 0) return '0';
  if (measure === 'both') return shortCount(value);
  if (value === 1) return '1';
  return value < 0.001 ? '<0.001' : value.toFixed(3);
}

function shortCount(n: number): string {
  const units = ['', ' k', ' M', ' G'];
  let unit = 0;
  let value = n;
  while (value >= 9999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return unit === 0 ? String(n) : `${value.toPrecision(3)}${units[unit]}`;
}
