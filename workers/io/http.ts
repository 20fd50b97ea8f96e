/**
 * Files on HTTP servers, read by range requests (RFC 9110 section 14). One range a request: S3 stores don't answer
 * requests for several.
 */
import type { LumiscopeError } from '../../core/errors.ts';
import type { ByteSource, PinnedFile, ReadCounter } from './byteSource.ts';
import { cancelled, changedError, sourceError } from './errors.ts';
import { publicUrl } from './publicUrl.ts';
import { type Answer, ask, type ByteRequest, body } from './request.ts';
import { withRetries } from './retry.ts';

/**
 * The end of a file that is fetched while it is opened. Formats keep what says where things are at the end, and it holds
 * the footer of a file of some hundred columns; the rest of a longer footer takes one request more.
 */
export const TAIL_BYTES = 64 * 1024;

interface Tail {
  offset: number;
  bytes: Uint8Array;
}

interface Opened {
  identity: Identity;
  tail: Tail | undefined;
}

/** What one answer says of the whole file. */
interface Identity {
  size: number;
  etag: string | undefined;
}

/**
 * Opens a file: one request on the page's own origin (and in Node), two elsewhere; none where the version is `pinned`.
 * The last `TAIL_BYTES` come with it.
 */
export async function openHttp(
  url: string,
  counter: ReadCounter,
  signal?: AbortSignal,
  pinned?: PinnedFile,
): Promise<ByteSource> {
  if (pinned) return new HttpSource(url, pinned, undefined, counter);
  const page = globalThis.location?.origin;
  // A suffix range is not CORS-safelisted: elsewhere it would cost a preflight, and many servers refuse it.
  const sameOrigin = page === undefined || new URL(url, page).origin === page;
  const opened = await withRetries(
    () => (sameOrigin ? openBySuffix(url, counter, signal) : openBySize(url, counter, signal)),
    signal,
  );
  return new HttpSource(url, opened.identity, opened.tail, counter);
}

async function openBySuffix(url: string, counter: ReadCounter, signal?: AbortSignal): Promise<Opened> {
  const request: ByteRequest = { url, method: 'GET', range: `bytes=-${TAIL_BYTES}`, signal };
  const answer = await ask(request, counter);
  const refused = answer.response.status === 416;
  const range = refused ? undefined : partial(request, answer);
  const size = refused ? sizeOfRefused(answer) : range?.size;
  if (size === undefined) throw noSize(request, answer);
  // Some servers take a suffix for the start of the file, or refuse it.
  if (!range || range.end !== size) {
    answer.abort();
    return openTail(url, size, counter, signal);
  }
  const bytes = await body(request, answer, size - range.begin, counter);
  return { identity: { size, etag: versionOf(answer.response, size) }, tail: { offset: range.begin, bytes } };
}

async function openBySize(url: string, counter: ReadCounter, signal?: AbortSignal): Promise<Opened> {
  return openTail(url, await sizeOf(url, counter, signal), counter, signal);
}

async function openTail(url: string, size: number, counter: ReadCounter, signal?: AbortSignal): Promise<Opened> {
  if (size === 0) return { identity: { size, etag: undefined }, tail: undefined };
  const offset = Math.max(0, size - TAIL_BYTES);
  const request = rangeRequest(url, offset, size - offset, signal);
  const answer = await ask(request, counter);
  checkRange(request, answer, offset, size);
  const identity = { size, etag: versionOf(answer.response, size) };
  return { identity, tail: { offset, bytes: await body(request, answer, size - offset, counter) } };
}

/** By HEAD; by a GET of a few bytes where HEAD is refused, as it is with signed links. */
async function sizeOf(url: string, counter: ReadCounter, signal?: AbortSignal): Promise<number> {
  // With a range, because browsers then ask for no content coding: the length of a compressed body is not the file's.
  const head: ByteRequest = { url, method: 'HEAD', range: 'bytes=0-', signal };
  try {
    const answer = await ask(head, counter);
    const { response } = answer;
    if (response.status === 416) return sizeOfRefused(answer);
    const total = contentRange(response)?.size ?? response.headers.get('Content-Length');
    if (total !== null) return Number(total);
  } catch (error) {
    if ((error as LumiscopeError).tag !== 'source') throw error;
  }
  const get = rangeRequest(url, 0, 8, signal);
  const answer = await ask(get, counter);
  answer.abort();
  if (answer.response.status === 416) return sizeOfRefused(answer);
  const size = partial(get, answer)?.size;
  if (size === undefined) throw noSize(get, answer);
  return size;
}

class HttpSource implements ByteSource {
  readonly url: string;
  readonly size: number;
  readonly etag: string | undefined;
  readonly #address: string;
  readonly #tail: Tail | undefined;
  readonly #counter: ReadCounter;

  constructor(url: string, { size, etag }: Identity, tail: Tail | undefined, counter: ReadCounter) {
    this.#address = url;
    this.url = publicUrl(url);
    this.size = size;
    this.etag = etag;
    this.#tail = tail;
    this.#counter = counter;
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    if (signal?.aborted) throw cancelled();
    if (offset + length > this.size) {
      const hint = 'the file is cut short: copy it again';
      const range: [number, number] = [offset, offset + length];
      throw sourceError(this.url, `bytes ${offset}–${range[1]} are past the end (${this.size})`, hint, { range });
    }
    if (length === 0) return new Uint8Array(0);
    const tail = this.#tail;
    if (!tail || offset + length <= tail.offset) return this.#fetch(offset, length, signal);
    if (offset >= tail.offset) return tail.bytes.slice(offset - tail.offset, offset - tail.offset + length);
    const bytes = new Uint8Array(length);
    bytes.set(await this.#fetch(offset, tail.offset - offset, signal));
    bytes.set(tail.bytes.subarray(0, offset + length - tail.offset), tail.offset - offset);
    return bytes;
  }

  #fetch(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    const request = rangeRequest(this.#address, offset, length, signal);
    return withRetries(async () => {
      const answer = await ask(request, this.#counter);
      const version = versionOf(answer.response, checkRange(request, answer, offset, this.size).size ?? this.size);
      if (this.etag !== undefined && version !== undefined && version !== this.etag) {
        answer.abort();
        throw changedError(this.url, this.etag, version, request.place);
      }
      return body(request, answer, length, this.#counter);
    }, signal);
  }
}

function rangeRequest(url: string, offset: number, length: number, signal?: AbortSignal): ByteRequest {
  const range = `bytes=${offset}-${offset + length - 1}`;
  return { url, method: 'GET', range, place: [offset, offset + length], signal };
}

/** Holds an answer against the range that was asked for. @returns the size that it tells, if it does */
function checkRange(request: ByteRequest, answer: Answer, offset: number, size: number): { size?: number } {
  if (answer.response.status === 416) {
    answer.abort();
    throw changedError(request.url, `${size} bytes long`, 'shorter', request.place);
  }
  const range = partial(request, answer);
  // Servers of other origins may not expose it; the length of the body is checked in any case.
  if (!range) return {};
  const total = range.size ?? size;
  if (total !== size) {
    answer.abort();
    throw changedError(request.url, `${size} bytes long`, `${total}`, request.place);
  }
  if (range.begin !== offset || range.end !== request.place![1]) {
    answer.abort();
    const said = `bytes ${range.begin}–${range.end} came instead of ${offset}–${request.place![1]}`;
    throw sourceError(
      request.url,
      said,
      "the server's answer to range requests is wrong: put the file on another one",
      {
        range: request.place!,
      },
    );
  }
  return { size: total };
}

/** @throws LumiscopeError `source`, before the body is read, where the whole file would come */
function partial(request: ByteRequest, answer: Answer): ReturnType<typeof contentRange> {
  const { status } = answer.response;
  if (status === 206) return contentRange(answer.response);
  answer.abort();
  const hint =
    'put it on a server that answers them (206), such as S3, nginx or Apache, or download it and open it here';
  throw sourceError(request.url, `the server does not support range requests (it answered ${status})`, hint, {
    ...(request.place && { range: request.place }),
  });
}

function contentRange({ headers }: Response): { begin: number; end: number; size?: number } | undefined {
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers.get('Content-Range') ?? '');
  if (!match) return undefined;
  const [, first, last, size] = match;
  return { begin: Number(first), end: Number(last) + 1, ...(size !== '*' && { size: Number(size) }) };
}

/** What tells one version from another: the ETag, else date and size; a weak ETag is one of those that change. */
function versionOf({ headers }: Response, size: number): string | undefined {
  const date = headers.get('Last-Modified');
  return headers.get('ETag') ?? (date === null ? undefined : `${date} ${size}`);
}

function noSize(request: ByteRequest, answer: Answer): LumiscopeError {
  answer.abort();
  const hint = 'the server has to send Content-Range, and Access-Control-Expose-Headers: Content-Range, ETag';
  return sourceError(request.url, 'the server does not tell how long the file is', hint);
}

/** A range is refused (416) where the file is empty; the answer may say its size. */
function sizeOfRefused({ response }: Answer): number {
  return Number(/^bytes \*\/(\d+)$/.exec(response.headers.get('Content-Range') ?? '')?.[1] ?? 0);
}
