/** Orders in which streams are shown. */
import type { OverlapCounts } from './overlap.ts';
import { eventsOf, pairOf } from './overlapPairs.ts';
import { orderBySimilarity } from './similarityOrder.ts';

export const STREAM_ORDERS = ['similarity', 'name', 'size'] as const;
/** Similar ones as neighbours; by name; or the one with most events first. */
export type StreamOrder = (typeof STREAM_ORDERS)[number];

/** Positions of the streams in an order. It does not depend on the order in which they are given. */
export function orderStreams(counts: Pick<OverlapCounts, 'names' | 'both'>, order: StreamOrder): number[] {
  const { names } = counts;
  // Not by locale: the same everywhere.
  const byName = names
    .map((_, i) => i)
    .sort((a, b) => (names[a]! < names[b]! ? -1 : names[a]! > names[b]! ? 1 : a - b));
  if (order === 'name') return byName;
  if (order === 'size') return byName.sort((a, b) => eventsOf(counts, b) - eventsOf(counts, a));
  return orderBySimilarity(names.length, (a, b) => 1 - pairOf(counts, byName[a]!, byName[b]!).ratio).map(
    (i) => byName[i]!,
  );
}
