/** Ranges and conditions of requests, strictly: what is sent on is written anew from what was understood. */
import { Refusal } from './refusal.ts';

/** One range of bytes: from `first` to `last` (or the end), or the last `suffix` bytes. */
export type AskedRange = { first: number; last?: number } | { suffix: number };

/** Conditions of a request (RFC 9110 section 13.1), as they are sent on. */
export interface Conditions {
  'if-range'?: string;
  'if-match'?: string;
  'if-none-match'?: string;
}

const ETAG = String.raw`(?:W/)?"[\x21\x23-\x7e]{0,250}"`;
const ONE_ETAG = new RegExp(`^${ETAG}$`);
const ETAGS = new RegExp(String.raw`^(?:\*|${ETAG}(?:\s*,\s*${ETAG}){0,9})$`);
const DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

export const isEtag = (text: string): boolean => ONE_ETAG.test(text);
/** Whether equal tags mean equal bytes. */
export const isStrong = (etag: string): boolean => etag.startsWith('"');
export const isDate = (text: string): boolean => DATE.test(text);

/** @throws Refusal 416 where it is not one range of bytes */
export function readAskedRange(header: string | undefined): AskedRange | undefined {
  if (header === undefined) return undefined;
  const match = /^bytes=(\d{0,16})-(\d{0,16})$/.exec(header);
  const [first, last] = [match?.[1], match?.[2]].map((digits) => (digits ? Number(digits) : undefined));
  const isOne =
    (first !== undefined || last !== undefined) &&
    [first ?? 0, last ?? 0].every(Number.isSafeInteger) &&
    (first === undefined ? last !== 0 : first <= (last ?? first));
  if (!isOne)
    throw new Refusal(416, 'the range can not be read', 'ask for one range: bytes=0-1023, bytes=1024-, bytes=-1024');
  return first !== undefined ? { first, ...(last !== undefined && { last }) } : { suffix: last! };
}

export function rangeText(range: AskedRange): string {
  return 'suffix' in range ? `bytes=-${range.suffix}` : `bytes=${range.first}-${range.last ?? ''}`;
}

/** `[begin, end)` of a file of `size` bytes; undefined where it holds none of the range. */
export function within(range: AskedRange, size: number): [number, number] | undefined {
  if ('suffix' in range) return size > 0 ? [Math.max(0, size - range.suffix), size] : undefined;
  return range.first < size ? [range.first, Math.min(size, (range.last ?? size) + 1)] : undefined;
}

/** @throws Refusal 400 where a condition is not written as it has to be */
export function readConditions(headers: Readonly<Record<string, string | string[] | undefined>>): Conditions {
  const conditions: Conditions = {};
  for (const name of ['if-range', 'if-match', 'if-none-match'] as const) {
    const value = headers[name];
    if (value === undefined) continue;
    const isRight =
      typeof value === 'string' && (name === 'if-range' ? isEtag(value) || isDate(value) : ETAGS.test(value));
    if (!isRight) throw new Refusal(400, `the header ${name} can not be read`, 'send an ETag as the server told it');
    conditions[name] = value;
  }
  return conditions;
}
