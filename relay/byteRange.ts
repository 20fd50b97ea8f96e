/** Ranges of bytes as requests name them (RFC 9110 section 14.1.2). */

/** One range of bytes: from `first` to `last` (or the end), or the last `suffix` bytes. */
export type AskedRange = { first: number; last?: number } | { suffix: number };

/** @param header of `Range`. @returns undefined where it is not one range of bytes: several, another unit, ends that are none */
export function parseRange(header: string): AskedRange | undefined {
  const match = /^bytes=(\d{0,16})-(\d{0,16})$/.exec(header);
  const [first, last] = [match?.[1], match?.[2]].map((digits) => (digits ? Number(digits) : undefined));
  if (![first ?? 0, last ?? 0].every(Number.isSafeInteger)) return undefined;
  if (first === undefined) return last ? { suffix: last } : undefined;
  return first <= (last ?? first) ? { first, ...(last !== undefined && { last }) } : undefined;
}

export function rangeText(range: AskedRange): string {
  return 'suffix' in range ? `bytes=-${range.suffix}` : `bytes=${range.first}-${range.last ?? ''}`;
}

/** `[begin, end)` of a file of `size` bytes; undefined where it holds none of the range. */
export function within(range: AskedRange, size: number): [number, number] | undefined {
  if ('suffix' in range) return size > 0 ? [Math.max(0, size - range.suffix), size] : undefined;
  return range.first < size ? [range.first, Math.min(size, (range.last ?? size) + 1)] : undefined;
}
