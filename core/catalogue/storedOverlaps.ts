import type { OverlapCounts } from './overlap.ts';
import type { StreamMember } from './stream.ts';
import type { OverlapRow } from './tables.ts';

/**
 * The matrix of streams from stored pairs.
 * @param streams at least two, each one data type of the same dataset
 * @returns undefined where some pair was not stored, or pairs were stored of different states of a stream
 */
export function storedOverlaps(
  rows: readonly OverlapRow[],
  streams: readonly { name: string; members: readonly StreamMember[] }[],
): Pick<OverlapCounts, 'names' | 'both'> | undefined {
  const members = streams.map(({ members: own }) => (own.length === 1 ? own[0]! : undefined));
  const dspid = members[0]?.dspid;
  if (streams.length < 2 || members.some((member) => member === undefined || member.dspid !== dspid)) return undefined;
  const size = streams.length;
  const position = new Map(members.map((member, i) => [member!.dstypeid, i]));
  if (position.size < size) return undefined;
  const both = new Float64Array(size * size).fill(Number.NaN);
  for (const row of rows) {
    const [i, j] = [position.get(row.dstypeid1), position.get(row.dstypeid2)];
    if (row.dspid !== dspid || i === undefined || j === undefined || i === j) continue;
    both[i * size + j] = both[j * size + i] = row.events_bothstreams;
    for (const [stream, only] of [
      [i, row.events_stream1_only],
      [j, row.events_stream2_only],
    ] as const) {
      const events = only + row.events_bothstreams;
      const known = both[stream * (size + 1)]!;
      if (!Number.isNaN(known) && known !== events) return undefined;
      both[stream * (size + 1)] = events;
    }
  }
  return both.some(Number.isNaN) ? undefined : { names: streams.map(({ name }) => name), both };
}
