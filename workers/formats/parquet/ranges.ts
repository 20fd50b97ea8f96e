import type { ColumnMetaData, FileMetaData } from 'hyparquet';
import { type Bounds, boundsOfInteger } from '../../../core/expr/interval.ts';
import type { Layout } from './layout.ts';
import type { Leaf } from './schema.ts';

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

/**
 * Bounds of flat columns in each piece, from the statistics of its row group. Only where their meaning is certain: plain numbers and
 * booleans in the order of their type. The older fields `min` and `max` were compared as signed numbers.
 * @see https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift (Statistics, ColumnOrder)
 */
export function chunkBounds(metadata: FileMetaData, { leaves, pieces }: Layout): Map<string, Float64Array> {
  const result = new Map<string, Float64Array>();
  for (const leaf of leaves) {
    if (leaf.depth > 0 || !isPlain(leaf)) continue;
    const ofGroups = metadata.row_groups.map(({ columns }) => boundsOf(columns[leaf.index]?.meta_data, leaf));
    if (ofGroups.every((bounds) => bounds === undefined)) continue;
    const flat = pieces.flatMap(({ rowGroup }) => ofGroups[rowGroup] ?? [Number.NaN, Number.NaN]);
    result.set(leaf.name, Float64Array.from(flat));
  }
  return result;
}

/** Whether statistics are in the units of the column's values: not so for decimals and half-precision floats. */
export function isPlain({ type, stored: { physical } }: Leaf): boolean {
  if (type === 'bool') return physical === 'BOOLEAN';
  if (type === 'float32') return physical === 'FLOAT';
  if (type === 'float64') return physical === 'DOUBLE';
  return type !== 'string' && (physical === 'INT32' || physical === 'INT64');
}

function boundsOf(meta: ColumnMetaData | undefined, { type }: Leaf): Bounds | undefined {
  const statistics = meta?.statistics;
  if (!meta || !statistics) return undefined;
  if (statistics.null_count === meta.num_values) return [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const newer = statistics.min_value !== undefined && statistics.max_value !== undefined;
  if (!newer && type.startsWith('uint')) return undefined;
  return newer
    ? boundsOfValues(statistics.min_value, statistics.max_value)
    : boundsOfValues(statistics.min, statistics.max);
}

/** The doubles around a smallest and a largest value; undefined where they are no numbers. */
export function boundsOfValues(least: unknown, most: unknown): Bounds | undefined {
  const [[lo], [, hi]] = [ends(least), ends(most)];
  return lo <= hi ? [lo, hi] : undefined;
}

/** The doubles around a value; NaN for what is no number. */
function ends(value: unknown): Bounds {
  if (typeof value === 'bigint') return boundsOfInteger(value);
  const number = typeof value === 'number' || typeof value === 'boolean' ? Number(value) : Number.NaN;
  return [number, number];
}
