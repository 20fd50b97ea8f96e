import type { AxisSpec } from '../../core/analysis/document.ts';
import type { FileState } from './state.ts';

/** Smallest and largest value. */
export type ValueRange = readonly [lo: number, hi: number];

/** The range of a column over all open files; undefined where one of them doesn't state it. */
export function columnRange(files: readonly (readonly FileState[])[], column: string): ValueRange | undefined {
  let [lo, hi] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { summary } of files.flat()) {
    const at = summary?.columns.findIndex((c) => c.name === column) ?? -1;
    if (!summary || at < 0) continue;
    lo = Math.min(lo, summary.columnRanges[2 * at]!);
    hi = Math.max(hi, summary.columnRanges[2 * at + 1]!);
  }
  return lo <= hi && Number.isFinite(hi - lo) ? [lo, hi] : undefined;
}

/**
 * About a hundred bins of a round width that hold all values; whole numbers get a bin each where there are few.
 * A single value stands in the middle.
 */
export function binsFor([lo, hi]: ValueRange, whole: boolean): Pick<Required<AxisSpec>, 'bins' | 'range'> {
  if (lo === hi && !whole) return binsFor([lo - (Math.abs(lo) || 1), hi + (Math.abs(hi) || 1)], false);
  const wished = (hi - lo) / 100;
  const step = whole ? Math.max(1, roundUp(wished)) : roundUp(wished);
  const shift = whole ? 0.5 : 0;
  const first = Math.floor(lo / step);
  // Upper edges are open: the largest value needs a bin of its own where it lies on an edge.
  const last = Math.floor(hi / step) + 1;
  // Short numbers, unless a bin is smaller than what they leave out.
  const short = (x: number) => (Math.abs(Number(x.toPrecision(12)) - x) < 1e-3 * step ? Number(x.toPrecision(12)) : x);
  const range: [number, number] = [short(first * step - shift), short(last * step - shift)];
  // Integers past 2^53 may be too near for edges between them.
  return range[0] < range[1] ? { bins: last - first, range } : binsFor([lo - Math.abs(lo), hi + Math.abs(hi)], false);
}

/** Whether values of a range would be lost on an axis: nearly all of them beside it, or in one corner of it. */
export function misses([lo, hi]: ValueRange, [from, to]: ValueRange): boolean {
  const width = to - from;
  return Math.min(hi, to) - Math.max(lo, from) < Math.min(0.03 * width, 0.5 * (hi - lo)) || hi - lo < 0.03 * width;
}

/** The next number of the form 1, 2 or 5 times a power of ten. */
function roundUp(x: number): number {
  const power = 10 ** Math.floor(Math.log10(x));
  const factor = [1, 2, 5, 10].find((f) => x <= f * power * (1 + 1e-9)) ?? 10;
  return factor * power;
}
