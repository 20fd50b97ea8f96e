import type { ByteRange, ByteSource } from './byteSource.ts';
import { cancelled } from './errors.ts';
import { anyOf } from './hosts.ts';

/** The longest request: what is longer goes in parts, which come side by side, and of which a broken one is soon had again. */
export const LONGEST_REQUEST = 8 * 1024 * 1024;

/** Reads under way at once, where a source doesn't say itself when one may start. */
const MOST_AT_ONCE = 8;

const EMPTY = new Uint8Array(0);

/** A run of bytes to fetch at once, and the requested ranges (by index) that lie in it. */
interface Span {
  offset: number;
  end: number;
  members: number[];
}

/**
 * Reads many ranges with few requests: takes those that the source's cache holds, merges the others where they overlap or a gap between
 * them costs less than a request, and cuts what is long. What was fetched is offered to the cache, range by range, as it comes.
 * @param gap bytes worth reading to spare a request; default: what the source says
 * @returns as many as `ranges`, in that order; ranges that were merged are views of one buffer
 * @throws LumiscopeError as `ByteSource.read`; the other requests are aborted then
 */
export async function readRanges(
  source: ByteSource,
  ranges: readonly ByteRange[],
  signal?: AbortSignal,
  gap = source.gap?.() ?? 0,
): Promise<Uint8Array[]> {
  const { cache } = source;
  const held = cache ? await cache.get(ranges) : [];
  if (signal?.aborted) throw cancelled();
  const results = ranges.map((_, index) => held[index] ?? EMPTY);
  const failed = new AbortController();
  const stop = anyOf(signal, failed.signal);
  const requests = mergeRanges(ranges, gap, (index) => !held[index]).flatMap((span) => {
    const { offset, end, members } = span;
    const parts = partsOf(span);
    let missing = parts.length;
    const whole = parts.length > 1 ? new Uint8Array(end - offset) : EMPTY;
    const arrived = (bytes: Uint8Array, at: number) => {
      if (parts.length > 1) whole.set(bytes, at - offset);
      if (--missing > 0) return;
      const all = parts.length > 1 ? whole : bytes;
      const own = members.map((index) => {
        const [from, length] = ranges[index]!;
        results[index] = all.subarray(from - offset, from - offset + length);
        return results[index];
      });
      cache?.put(
        members.map((index) => ranges[index]!),
        own,
      );
    };
    return parts.map(
      ([at, length]) =>
        async () =>
          arrived(await source.read(at, length, stop), at),
    );
  });
  let next = 0;
  const lane = async () => {
    while (next < requests.length) await requests[next++]!();
  };
  // A source with a gap is one whose host lets requests in one by one: all of them wait there, in order, and urgent ones pass them by.
  const lanes = source.gap ? requests.length : Math.min(MOST_AT_ONCE, requests.length);
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
  } catch (error) {
    failed.abort();
    throw error;
  }
  return results;
}

/** The requests that fetch these ranges. */
export function requestsOf(ranges: readonly ByteRange[], gap: number): ByteRange[] {
  return mergeRanges(ranges, gap).flatMap(partsOf);
}

/** A span in as few parts of about the same length as may be asked for at once. */
function partsOf({ offset, end }: Pick<Span, 'offset' | 'end'>): ByteRange[] {
  const count = Math.ceil((end - offset) / LONGEST_REQUEST);
  const edge = (k: number) => offset + Math.round(((end - offset) * k) / count);
  return Array.from({ length: count }, (_, k): ByteRange => [edge(k), edge(k + 1) - edge(k)]);
}

/**
 * The fewest runs that hold all ranges without crossing a gap of more than `gap` bytes, none of them longer than a request may be but for
 * ranges that are; empty ranges, and those that are not `wanted`, are left out.
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
    const end = offset + length;
    const last = spans.at(-1);
    if (last && (offset < last.end || (offset <= last.end + gap && end - last.offset <= LONGEST_REQUEST))) {
      last.end = Math.max(last.end, end);
      last.members.push(index);
    } else {
      spans.push({ offset, end, members: [index] });
    }
  }
  return spans;
}
