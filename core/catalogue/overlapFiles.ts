/** Counts of overlaps as files: CSV of the pairs or of the matrix, JSON of everything. */
import { tableCsv } from '../csv.ts';
import type { OverlapCounts } from './overlap.ts';
import type { OverlapBytes } from './overlapBytes.ts';
import { eventsOf, eventsOfUnion, overlapPairs, pairOf } from './overlapPairs.ts';

/** Pairs alone, where counts were stored; all of it where they were computed. */
export type KnownCounts = Pick<OverlapCounts, 'names' | 'both'> & Partial<OverlapCounts>;

/** What a cell of the matrix holds: both ÷ union, events in both, or both ÷ events of the row's stream. */
export const OVERLAP_MEASURES = ['ratio', 'both', 'row'] as const;
export type OverlapMeasure = (typeof OVERLAP_MEASURES)[number];

/** The value of a cell. On the diagonal: events of the stream for `both`, else 1, or 0 without events. */
export function overlapValue(counts: KnownCounts, measure: OverlapMeasure, row: number, column: number): number {
  const own = eventsOf(counts, row);
  if (measure === 'ratio') return row === column ? Number(own > 0) : pairOf(counts, row, column).ratio;
  const both = counts.both[row * counts.names.length + column]!;
  return measure === 'both' ? both : own === 0 ? 0 : both / own;
}

/** A row for each pair. */
export function pairsCsv(counts: KnownCounts): string {
  const columns = ['events_stream1_only', 'events_stream2_only', 'events_bothstreams', 'ratio'] as const;
  return tableCsv(
    ['stream1', 'stream2', ...columns],
    overlapPairs(counts).map((pair) => [
      counts.names[pair.stream1],
      counts.names[pair.stream2],
      ...columns.map((column) => pair[column]),
    ]),
  );
}

/** A row and a column for each stream, in an order: positions in `counts`. */
export function matrixCsv(counts: KnownCounts, order: readonly number[], measure: OverlapMeasure): string {
  const name = (i: number) => counts.names[i]!;
  return tableCsv(
    ['stream', ...order.map(name)],
    order.map((row) => [name(row), ...order.map((column) => overlapValue(counts, measure, row, column))]),
  );
}

/** Streams, pairs, k-fold counts and bytes; what is not known is left out. */
export function overlapsJson(counts: KnownCounts, bytes?: OverlapBytes): string {
  const { names, records, inExactly, duplicates } = counts;
  const whole = {
    streams: names.map((name, i) => ({
      name,
      ...(records && { records: records[i] }),
      events_uniq: eventsOf(counts, i),
    })),
    pairs: overlapPairs(counts).map(({ stream1, stream2, ...numbers }) => ({
      stream1: names[stream1],
      stream2: names[stream2],
      ...numbers,
    })),
    ...(inExactly && { events_union: eventsOfUnion({ inExactly }), events_in_exactly: [...inExactly] }),
    ...(duplicates !== undefined && { duplicates }),
    ...(bytes && {
      bytes_stored: Math.round(bytes.stored),
      bytes_duplicates: Math.round(bytes.duplicates),
      bytes_overlap: Math.round(bytes.overlap),
    }),
  };
  return `${JSON.stringify(whole, undefined, 1)}\n`;
}
