/** Ranges and conditions of requests, strictly: what is sent on is written anew from what was understood. */
import { type AskedRange, parseRange } from '../byteRange.ts';
import { Refusal } from './refusal.ts';

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
  const range = parseRange(header);
  if (!range)
    throw new Refusal(416, 'the range can not be read', 'ask for one range: bytes=0-1023, bytes=1024-, bytes=-1024');
  return range;
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
