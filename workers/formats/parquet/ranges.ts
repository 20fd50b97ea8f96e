import type { FileMetaData } from 'hyparquet';
import type { Layout } from './layout.ts';

/**
 * The smallest and largest value of each column, `[2 * column]` and `[2 * column + 1]`, from the statistics that
 * writers leave in the footer; NaN where a row group has none. Only hints: writers round them, and skip NaN.
 */
export function columnRanges({ row_groups }: FileMetaData, { leaves }: Layout): Float64Array {
  const ranges = new Float64Array(2 * leaves.length);
  leaves.forEach(({ index }, column) => {
    let [lo, hi] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const { columns } of row_groups) {
      const statistics = columns[index]?.meta_data?.statistics;
      // `Math.min` of NaN is NaN: one row group that says nothing leaves the range open.
      lo = Math.min(lo, toNumber(statistics?.min_value ?? statistics?.min));
      hi = Math.max(hi, toNumber(statistics?.max_value ?? statistics?.max));
    }
    const known = lo <= hi && Number.isFinite(lo) && Number.isFinite(hi);
    ranges.set(known ? [lo, hi] : [Number.NaN, Number.NaN], 2 * column);
  });
  return ranges;
}

function toNumber(value: unknown): number {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : Number.NaN;
}
