/** What an origin's answer says, checked: only this is told on. */
import type { IncomingMessage } from 'node:http';
import { type AskedRange, within } from '../byteRange.ts';
import type { RangeProxyOptions } from './options.ts';
import { type Conditions, isDate, isEtag } from './rangeHeader.ts';
import { Refusal } from './refusal.ts';

/** A request as it is sent on. */
export interface Asked {
  method: 'GET' | 'HEAD';
  range: AskedRange | undefined;
  conditions: Conditions;
}

export interface AnswerHead {
  status: 200 | 206 | 304 | 412 | 416;
  /** Of 206: `[begin, end)` of the file. */
  span?: [number, number];
  /** Of the whole file, where it is known. */
  size?: number;
  /** Bytes of the body that is given; undefined where only its end will tell. */
  length?: number;
  /** Bytes before it that are read and dropped. */
  skip: number;
  etag?: string;
  lastModified?: string;
}

/** Headers that an answer has once, or something is wrong on the way. */
const SINGLE = ['content-length', 'content-range', 'content-encoding', 'transfer-encoding', 'etag', 'last-modified'];

/**
 * @throws Refusal with the origin's status where it refused; 502 where the answer is not one to what was asked; 413 where it is longer
 * than what is let through
 */
export function readHead(
  asked: Asked,
  { statusCode: status = 0, headers, rawHeaders }: Pick<IncomingMessage, 'statusCode' | 'headers' | 'rawHeaders'>,
  limits: RangeProxyOptions['limits'],
  origin: string,
): AnswerHead {
  const wrong = (what: string) => new Refusal(502, `${origin} answered wrongly: ${what}`, 'tell its administrator');
  const names = rawHeaders.filter((_, k) => k % 2 === 0).map((name) => name.toLowerCase());
  for (const name of SINGLE)
    if (names.filter((one) => one === name).length > 1) throw wrong(`${name} came more than once`);
  if (![200, 206, 304, 412, 416].includes(status)) throw refused(status, headers, origin);
  if (!['identity', ''].includes((headers['content-encoding'] ?? '').toLowerCase()))
    throw wrong('its bytes are compressed, although it was asked for the plain ones');
  if (!['chunked', ''].includes((headers['transfer-encoding'] ?? '').toLowerCase()))
    throw wrong('its transfer coding is unknown');
  const length = headers['content-length'];
  if (length !== undefined && !/^\d{1,15}$/.test(length)) throw wrong('its Content-Length can not be read');
  const { etag, 'last-modified': date } = headers;
  const head: AnswerHead = {
    status: status as AnswerHead['status'],
    skip: 0,
    ...(etag !== undefined && isEtag(etag) && { etag }),
    ...(date !== undefined && isDate(date) && { lastModified: date }),
  };
  if (status === 304 || status === 412) return head;
  if (status === 416) {
    const size = /^bytes \*\/(\d{1,15})$/.exec(headers['content-range'] ?? '')?.[1];
    return { ...head, ...(size !== undefined && { size: Number(size) }) };
  }
  const whole = status === 200;
  const found = whole
    ? wholeFile(asked, head, length === undefined ? undefined : Number(length))
    : partOf(asked, headers['content-range'], length === undefined ? undefined : Number(length));
  if (typeof found === 'string') throw wrong(found);
  const answer = { ...head, ...found };
  if (asked.method === 'HEAD') return answer;
  if (answer.skip > limits.skippedBytes) {
    const hint = 'put the file on a server that answers them (206)';
    throw new Refusal(502, `${origin} answers no range requests, and the range lies too far behind its start`, hint);
  }
  if ((answer.length ?? 0) > limits.responseBytes) {
    const hint = 'ask for shorter ranges';
    throw new Refusal(413, `the answer would have ${answer.length} bytes, more than ${limits.responseBytes}`, hint);
  }
  return answer;
}

/** @returns what is wrong, where something is */
function partOf(asked: Asked, text: string | undefined, length: number | undefined): Partial<AnswerHead> | string {
  if (!asked.range) return 'a part came where all of the file was asked for';
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(text ?? '');
  if (!match) return 'its Content-Range can not be read';
  const [begin, end] = [Number(match[1]), Number(match[2]) + 1];
  const size = match[3] === '*' ? undefined : Number(match[3]);
  if (begin >= end || (size !== undefined && end > size)) return 'its Content-Range is none';
  if (asked.method === 'GET' && length !== undefined && length !== end - begin)
    return 'Content-Length and Content-Range do not fit together';
  const right = size === undefined ? spanWithout(asked.range) : within(asked.range, size);
  // Without the size, the end of what was asked may be behind the end of the file.
  const fits = right && begin === right[0] && (size === undefined ? end <= right[1] : end === right[1]);
  if (!fits) return `bytes ${begin}–${end} came, which were not asked for`;
  return { span: [begin, end], length: end - begin, ...(size !== undefined && { size }) };
}

/** The range as far as it is known without the file's size. */
function spanWithout(range: AskedRange): [number, number] | undefined {
  return 'suffix' in range ? undefined : [range.first, (range.last ?? Number.POSITIVE_INFINITY) + 1];
}

/** All of the file came: the range is cut out of it, unless it was asked for one of a version that is gone. */
function wholeFile(asked: Asked, { etag }: AnswerHead, size: number | undefined): Partial<AnswerHead> | string {
  const whole = size === undefined ? {} : { size, length: size };
  const { range, conditions } = asked;
  const condition = conditions['if-range'];
  if (asked.method === 'HEAD' || !range || (condition !== undefined && condition !== etag)) return whole;
  if (size === undefined) {
    const span = spanWithout(range);
    if (!span || span[1] === Number.POSITIVE_INFINITY) return 'it sends the whole file, and does not tell its length';
    return { status: 206, span, length: span[1] - span[0], skip: span[0] };
  }
  const span = within(range, size);
  if (!span) return { status: 416, size };
  return { status: 206, span, size, length: span[1] - span[0], skip: span[0] };
}

/** The status goes on as it is where it tells something of the file; a redirect, or what nobody expects, is the origin's fault. */
function refused(status: number, headers: IncomingMessage['headers'], origin: string): Refusal {
  const tells = [400, 401, 403, 404, 405, 408, 410, 423, 429, 451, 500, 503, 504].includes(status);
  const wait = /^\d{1,6}$/.exec(headers['retry-after'] ?? '')?.[0];
  return new Refusal(
    tells ? status : 502,
    `${origin} answered ${status}`,
    HINTS[status] ?? 'try later',
    wait === undefined ? wait : Number(wait),
    origin,
  );
}

const HINTS: Record<number, string> = {
  401: 'it wants a token: in the header X-Origin-Authorization, or in the configuration of the relay',
  403: 'it lets nobody read this, or wants a token: in X-Origin-Authorization, or in the configuration of the relay',
  404: 'check the address',
  410: 'check the address',
};
