/** What counts of overlaps say: pairs of streams, the union of all, and the sum rules that hold between them. */
import type { OverlapCounts, OverlapPair } from './overlap.ts';

/** One pair of streams, by their positions. */
export function pairOf(counts: Pick<OverlapCounts, 'names' | 'both'>, stream1: number, stream2: number): OverlapPair {
  const size = counts.names.length;
  const both = counts.both[stream1 * size + stream2]!;
  const only1 = counts.both[stream1 * (size + 1)]! - both;
  const only2 = counts.both[stream2 * (size + 1)]! - both;
  const union = only1 + only2 + both;
  return {
    stream1,
    stream2,
    events_stream1_only: only1,
    events_stream2_only: only2,
    events_bothstreams: both,
    ratio: union === 0 ? 0 : both / union,
  };
}

/** The S(S−1)/2 pairs of S streams: (0, 1), (0, 2), …, (1, 2), … */
export function overlapPairs(counts: Pick<OverlapCounts, 'names' | 'both'>): OverlapPair[] {
  const size = counts.names.length;
  const pairs: OverlapPair[] = [];
  for (let i = 0; i < size; i++) for (let j = i + 1; j < size; j++) pairs.push(pairOf(counts, i, j));
  return pairs;
}

/** Distinct events of a stream, its `events_uniq`. */
export function eventsOf(counts: Pick<OverlapCounts, 'names' | 'both'>, stream: number): number {
  return counts.both[stream * (counts.names.length + 1)]!;
}

/** Distinct events of all streams together. */
export function eventsOfUnion({ inExactly }: Pick<OverlapCounts, 'inExactly'>): number {
  return inExactly.reduce((sum, n) => sum + n, 0);
}

/** Sum rules of counts that do not hold, in words; none where the counts can be right. */
export function brokenSums(counts: OverlapCounts): string[] {
  const { names, records, both, inExactly, duplicates } = counts;
  const size = names.length;
  const broken: string[] = [];
  const hold = (holds: boolean, rule: string) => {
    if (!holds) broken.push(rule);
  };
  hold(records.length === size && both.length === size * size && inExactly.length === size + 1, 'lengths');
  if (broken.length > 0) return broken;
  const isCount = (n: number) => Number.isSafeInteger(n) && n >= 0;
  for (const some of [records, both, inExactly, [duplicates]]) hold(some.every(isCount), 'counts are whole numbers');
  let events = 0;
  let allRecords = 0;
  let bothOfPairs = 0;
  const union = eventsOfUnion(counts);
  for (let i = 0; i < size; i++) {
    const own = eventsOf(counts, i);
    events += own;
    allRecords += records[i]!;
    hold(records[i]! >= own, `records ≥ events_uniq of ${names[i]}`);
    hold(union >= own, `the union holds ${names[i]}`);
    for (let j = i + 1; j < size; j++) {
      const shared = both[i * size + j]!;
      const pair = `${names[i]} and ${names[j]}`;
      bothOfPairs += shared;
      hold(shared === both[j * size + i], `${pair}: symmetric`);
      hold(shared <= Math.min(own, eventsOf(counts, j)), `${pair}: both ≤ each`);
      hold(own + eventsOf(counts, j) - shared <= union, `${pair}: their union ≤ that of all`);
    }
  }
  let inStreams = 0;
  let inPairs = 0;
  for (let k = 0; k <= size; k++) {
    inStreams += k * inExactly[k]!;
    inPairs += ((k * (k - 1)) / 2) * inExactly[k]!;
  }
  hold(inExactly[0] === 0, 'no event is in no stream');
  hold(inStreams === events, 'Σ k · inExactly[k] = Σ events_uniq');
  hold(inPairs === bothOfPairs, 'Σ k(k−1)/2 · inExactly[k] = Σ events_bothstreams');
  hold(duplicates === allRecords - events, 'duplicates = Σ records − Σ events_uniq');
  return broken;
}
