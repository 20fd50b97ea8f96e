/**
 * Files on HTTP servers, read by range requests (RFC 9110 section 14). One range a request: S3 stores don't answer
 * requests for several.
 */
import type { LumiscopeError } from '../../core/errors.ts';
import type { ByteSource, PinnedFile, ReadCounter } from './byteSource.ts';
import { cancelled, changedError, sourceError } from './errors.ts';
import { hostOf } from './hosts.ts';
import { publicUrl } from './publicUrl.ts';
import { type Answer, ask, type ByteRequest, body } from './request.ts';
import { TransientFailure, withRetries } from './retry.ts';
import { proxyFor } from './send.ts';

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
  hidden?: readonly string[] | undefined;
}

/**
 * Opens a file: one request on the page's own origin (and in Node), two elsewhere; none where the version is `pinned`.
 * The last `TAIL_BYTES` come with it; `end`: these, where they are at hand. `tries`: fewer than else, where there is another way to its
 * bytes.
 */
export async function openHttp(
  url: string,
  counter: ReadCounter,
  signal?: AbortSignal,
  pinned?: PinnedFile,
  end?: Uint8Array,
  tries?: number,
): Promise<ByteSource> {
  if (pinned)
    return new HttpSource(url, pinned, end && { offset: pinned.size - end.length, bytes: end }, counter, tries);
  // A suffix range is not CORS-safelisted: elsewhere it would cost a preflight, and many servers refuse it.
  const open = isOwn(url) ? openBySuffix : openBySize;
  const opened = await attempts(url, signal, () => open(url, counter, signal), tries);
  return new HttpSource(url, opened.identity, opened.tail, counter, tries);
}

/** Whether an address is the page's own origin's; in Node, where there is none, any is. */
function isOwn(url: string): boolean {
  const page = globalThis.location?.origin;
  return page === undefined || new URL(url, page).origin === page;
}

async function openBySuffix(url: string, counter: ReadCounter, signal?: AbortSignal): Promise<Opened> {
  const request: ByteRequest = { url, method: 'GET', range: `bytes=-${TAIL_BYTES}`, signal };
  const answer = await ask(request, counter);
  // XRootD answers the ranges that it doesn't know, such as suffixes, with the whole file.
  if (answer.response.status === 200) {
    answer.abort();
    return openBySize(url, counter, signal);
  }
  const refused = answer.response.status === 416;
  const range = refused ? undefined : partial(request, answer);
  const size = refused ? sizeOfRefused(answer) : range?.size;
  if (size === undefined) throw noSize(request, answer);
  // Some servers take a suffix for the start of the file, or refuse it.
  if (!range || range.end !== size) {
    answer.abort();
    return openTail(url, size, counter, signal);
  }
  return readTail(request, answer, range.begin, size, counter);
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
  return readTail(request, answer, offset, size, counter);
}

async function readTail(
  request: ByteRequest,
  answer: Answer,
  offset: number,
  size: number,
  counter: ReadCounter,
): Promise<Opened> {
  const bytes = new Uint8Array(size - offset);
  await body(request, answer, bytes, { bytes: 0 }, counter);
  const etag = versionOf(answer.response, size);
  const hidden = [...(etag === undefined ? ['ETag'] : []), ...(contentRange(answer.response) ? [] : ['Content-Range'])];
  return { identity: { size, etag, ...(hidden.length > 0 && { hidden }) }, tail: { offset, bytes } };
}

/**
 * Asks for size and version, and no byte of the file.
 * @returns undefined where the server doesn't tell the size
 * @throws LumiscopeError `source` where it refuses HEAD, as it does with signed links, or can't be reached
 */
export async function identify(
  url: string,
  counter: ReadCounter,
  signal?: AbortSignal,
  tries?: number,
): Promise<Identity | undefined> {
  const { response, abort } = await attempts(url, signal, () => ask(headRequest(url, signal), counter), tries);
  abort();
  const size = sizeIn(response);
  return size === undefined ? undefined : { size, etag: versionOf(response, size) };
}

/** With a range, because browsers then ask for no content coding: the length of a compressed body is not the file's. */
function headRequest(url: string, signal?: AbortSignal): ByteRequest {
  return { url, method: 'HEAD', range: 'bytes=0-', signal };
}

/** The whole file's size by an answer to `headRequest`. */
function sizeIn(response: Response): number | undefined {
  const total = contentRange(response)?.size ?? response.headers.get('Content-Length');
  return total === null ? undefined : Number(total);
}

/** By HEAD; by a GET of a few bytes where HEAD is refused, as it is with signed links. */
async function sizeOf(url: string, counter: ReadCounter, signal?: AbortSignal): Promise<number> {
  try {
    const answer = await ask(headRequest(url, signal), counter);
    answer.abort();
    if (answer.response.status === 416) return sizeOfRefused(answer);
    const total = sizeIn(answer.response);
    if (total !== undefined) return total;
  } catch (error) {
    const refused = error instanceof TransientFailure ? error.unreachable : (error as LumiscopeError).tag === 'source';
    if (!refused) throw error;
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
  readonly hidden: readonly string[] | undefined;
  readonly gap: () => number;
  readonly #tail: Tail | undefined;
  readonly #counter: ReadCounter;
  /** Elsewhere than on the page's origin it would cost a preflight; weak ETags are no use in it. */
  #ifRange: string | undefined;
  readonly #tries: number | undefined;

  constructor(
    url: string,
    { size, etag, hidden }: Identity,
    tail: Tail | undefined,
    counter: ReadCounter,
    tries?: number,
  ) {
    this.#address = url;
    this.url = publicUrl(url);
    this.size = size;
    this.etag = etag;
    this.hidden = hidden;
    this.#tries = tries;
    this.gap = () => hostOf(url).gap;
    this.#ifRange = etag?.startsWith('"') && isOwn(url) ? etag : undefined;
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

  async #fetch(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    const done = { bytes: 0 };
    await attempts(
      this.#address,
      signal,
      async () => {
        const from = offset + done.bytes;
        const request = rangeRequest(this.#address, from, offset + length - from, signal);
        request.place = [offset, offset + length];
        request.ifRange = this.#ifRange;
        const answer = await ask(request, this.#counter);
        this.#compare(request, answer, from);
        await body(request, answer, bytes, done, this.#counter);
      },
      this.#tries,
    );
    return bytes;
  }

  /** Holds an answer against the range that was asked for, and its version against the one that is pinned. */
  #compare(request: ByteRequest, answer: Answer, from: number): void {
    const { response, abort } = answer;
    const version = versionOf(response, this.size, this.etag);
    const changed = this.etag !== undefined && version !== undefined && version !== this.etag;
    if (request.ifRange && response.status === 200 && !changed) {
      // A server that answers its own version with the whole file can't do `If-Range`: without, once more.
      abort();
      this.#ifRange = undefined;
      throw new TransientFailure(noRanges(request, answer));
    }
    if (!changed || response.status === 416) checkRange(request, answer, from, this.size);
    if (!changed) return;
    abort();
    throw changedError(this.url, this.etag!, version, request.place);
  }
}

/** Requests of one kind until one works, each with a place among those to its host. */
export function attempts<T>(
  url: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
  tries?: number,
): Promise<T> {
  const host = hostOf(url);
  const doubt = async ({ unreachable, error }: TransientFailure, failures: number) => {
    // The second failure in a row: once, it may be the network.
    if (!unreachable || failures !== 2 || isOwn(url) || proxyFor(url) !== undefined) return;
    const module = await import('./corsTrouble.ts').catch(() => undefined);
    const trouble = await module?.corsTrouble({ url, place: error.place.range }, signal);
    if (trouble) throw trouble;
  };
  return withRetries(() => host.run(signal, work), signal, { ...(tries && { tries }), doubt });
}

function rangeRequest(url: string, offset: number, length: number, signal?: AbortSignal): ByteRequest {
  const range = `bytes=${offset}-${offset + length - 1}`;
  return { url, method: 'GET', range, place: [offset, offset + length], signal };
}

/** @throws LumiscopeError `source` where an answer is not the range that was asked for, of a file of this size */
function checkRange(request: ByteRequest, answer: Answer, offset: number, size: number): void {
  if (answer.response.status === 416) {
    answer.abort();
    throw changedError(request.url, `${size} bytes long`, 'shorter', request.place);
  }
  const range = partial(request, answer);
  // Servers of other origins may not expose it; the length of the body is checked in any case.
  if (!range) return;
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
}

/** @throws LumiscopeError `source`, before the body is read, where the whole file would come */
function partial(request: ByteRequest, answer: Answer): ReturnType<typeof contentRange> {
  if (answer.response.status === 206) return contentRange(answer.response);
  answer.abort();
  throw noRanges(request, answer);
}

function noRanges({ url, place }: ByteRequest, { response: { status } }: Answer): LumiscopeError {
  const hint =
    'put it on a server that answers them (206), such as S3, nginx or Apache, or download it and open it here';
  const said = `the server does not support range requests (it answered ${status})`;
  return sourceError(url, said, hint, place ? { range: place } : {});
}

function contentRange({ headers }: Response): { begin: number; end: number; size?: number } | undefined {
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers.get('Content-Range') ?? '');
  if (!match) return undefined;
  const [, first, last, size] = match;
  return { begin: Number(first), end: Number(last) + 1, ...(size !== '*' && { size: Number(size) }) };
}

/**
 * What tells one version from another: the ETag, else date and size; a weak ETag is one of those that change.
 * @param like a version to compare with: another machine behind the same name may leave out the one or the other
 */
function versionOf({ headers }: Response, size: number, like?: string): string | undefined {
  const date = headers.get('Last-Modified');
  const etag = headers.get('ETag') ?? undefined;
  const dated = date === null ? undefined : `${date} ${size}`;
  if (like === undefined) return etag ?? dated;
  return isEtag(like) ? etag : dated;
}

function isEtag(version: string): boolean {
  return /^(W\/)?"/.test(version);
}

function noSize(request: ByteRequest, answer: Answer): LumiscopeError {
  answer.abort();
  const hint = 'the server has to send Content-Range, and Access-Control-Expose-Headers: Content-Range, ETag';
  return sourceError(request.url, 'the server does not tell how long the file is', hint);
}

/** A range is refused (416) where the file is empty; the answer may say its size. */
function sizeOfRefused({ response, abort }: Answer): number {
  abort();
  return Number(/^bytes \*\/(\d+)$/.exec(response.headers.get('Content-Range') ?? '')?.[1] ?? 0);
}
