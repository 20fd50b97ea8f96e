/**
 * Overlaps of streams: how many distinct events two sets share. `events_stream1_only`, `events_stream2_only`, `events_bothstreams` and
 * `ratio` (both ÷ union) as C. Fernández Casaní et al. define them, https://doi.org/10.1155/2023/6900908.
 */

/** What counting gives: enough for every pair and for k-fold sums. Counts are whole numbers below 2^53. */
export interface OverlapCounts {
  /** Of the streams, in the order of all that follows: S of them. */
  names: string[];
  /** Records of each. */
  records: Float64Array;
  /** S × S, symmetric: distinct events in both; on the diagonal those of the stream, its `events_uniq`. */
  both: Float64Array;
  /** `inExactly[k]`: events that are in exactly k streams, k = 0 … S; the first one is 0. */
  inExactly: Float64Array;
  /** Records past the first one of each event and stream, over all streams: `records − events_uniq`, in sum. */
  duplicates: number;
}

/** One pair of streams. */
export interface OverlapPair {
  stream1: number;
  stream2: number;
  events_stream1_only: number;
  events_stream2_only: number;
  events_bothstreams: number;
  /** Both ÷ union; 0 where both streams are empty. */
  ratio: number;
}
