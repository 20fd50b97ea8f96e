/** What overlap costs: events that lie in several streams are stored several times. */
import type { OverlapCounts, OverlapPair } from './overlap.ts';
import { eventsOf, eventsOfUnion } from './overlapPairs.ts';

/**
 * Bytes of streams, from the mean size of an event in each. All are estimates, since no single event's size is known; with events of one size
 * in all streams they are exact.
 */
export interface OverlapBytes {
  /** Σ events_uniq · size: each event once in each stream that it is in. */
  stored: number;
  /** Σ (records − events_uniq) · size: what records past the first one of an event cost within their stream. */
  duplicates: number;
  /** `stored` · (1 − union ÷ Σ events_uniq): an event in k streams is stored k times, and k − 1 of them, at the mean size, are what overlap costs. */
  overlap: number;
}

/**
 * @param sizes mean bytes of an event in each stream: declared bytes ÷ declared events; undefined where not known, as of a list of events
 * @returns undefined where the size of a stream with events is not known
 */
export function overlapBytes(counts: OverlapCounts, sizes: readonly (number | undefined)[]): OverlapBytes | undefined {
  let stored = 0;
  let duplicates = 0;
  let events = 0;
  for (let i = 0; i < counts.names.length; i++) {
    const records = counts.records[i]!;
    const size = records === 0 ? 0 : sizes[i];
    if (size === undefined) return undefined;
    const own = eventsOf(counts, i);
    events += own;
    stored += own * size;
    duplicates += (records - own) * size;
  }
  return { stored, duplicates, overlap: events === 0 ? 0 : stored * (1 - eventsOfUnion(counts) / events) };
}

/** What one pair costs: an event in both is stored once too often, at the mean of both sizes. */
export function bytesOfPair(
  { stream1, stream2, events_bothstreams }: OverlapPair,
  sizes: readonly (number | undefined)[],
): number | undefined {
  const [size1, size2] = [sizes[stream1], sizes[stream2]];
  if (events_bothstreams === 0) return 0;
  return size1 === undefined || size2 === undefined ? undefined : (events_bothstreams * (size1 + size2)) / 2;
}
