import type { ByteRange, ByteSource } from './byteSource.ts';
import { cancelled } from './errors.ts';

/**
 * Ranges closer than this are fetched as one. A request costs some 20 ms of latency; at 25 Mbit/s, 64 kB take that long,
 * so that reading across a gap of this size is no slower than asking twice, and spares the server a request.
 */
export const COALESCE_GAP = 64 * 1024;

const EMPTY = new Uint8Array(0);

/** What browsers allow to one HTTP/1.1 host. */
const MAX_IN_FLIGHT = 6;

/** A run of bytes to fetch at once, and the requested ranges (by index) that lie in it. */
interface Span {
  offset: number;
  end: number;
  members: number[];
}

/**
 * Reads many ranges with few requests: takes those that the source's cache holds, merges the others where they overlap or are less
 * than `gap` bytes apart, at most six requests in flight. What was fetched is offered to the cache, range by range, as it comes.
 * @returns as many as `ranges`, in that order; ranges that were merged are views of one buffer
 * @throws LumiscopeError as `ByteSource.read`; the other requests are aborted then
 */
export async function readRanges(
  source: ByteSource,
  ranges: readonly ByteRange[],
  signal?: AbortSignal,
  gap = COALESCE_GAP,
): Promise<Uint8Array[]> {
  const { cache } = source;
  const held = cache ? await cache.get(ranges) : [];
  if (signal?.aborted) throw cancelled();
  const results = ranges.map((_, index) => held[index] ?? EMPTY);
  const spans = mergeRanges(ranges, gap, (index) => !held[index]);
  const failed = new AbortController();
  const stop = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  let next = 0;
  const lane = async () => {
    while (next < spans.length) {
      const { offset, end, members } = spans[next++]!;
      const bytes = await source.read(offset, end - offset, stop);
      for (const index of members) {
        const [from, length] = ranges[index]!;
        results[index] = bytes.subarray(from - offset, from - offset + length);
      }
      cache?.put(
        members.map((index) => ranges[index]!),
        members.map((index) => results[index]!),
      );
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(MAX_IN_FLIGHT, spans.length) }, lane));
  } catch (error) {
    failed.abort();
    throw error;
  }
  return results;
}

/**
 * The fewest runs that hold all ranges without crossing a gap of more than `gap` bytes; empty ranges, and those that are not
 * `wanted`, are left out.
 */
export function mergeRanges(
  ranges: readonly ByteRange[],
  gap: number,
  wanted: (index: number) => boolean = () => true,
): Span[] {
  const order = ranges.map((_, index) => index).filter((index) => ranges[index]![1] > 0 && wanted(index));
  order.sort((a, b) => ranges[a]![0] - ranges[b]![0]);
  const spans: Span[] = [];
  for (const index of order) {
    const [offset, length] = ranges[index]!;
    const last = spans.at(-1);
    if (last && offset <= last.end + gap) {
      last.end = Math.max(last.end, offset + length);
      last.members.push(index);
    } else {
      spans.push({ offset, end: offset + length, members: [index] });
    }
  }
  return spans;
}
