import type { LumiscopeError } from '../../core/errors.ts';
import type { ReadCounter } from './byteSource.ts';
import { cancelled, sourceError } from './errors.ts';
import { alike, hostOf } from './hosts.ts';
import { PATIENCE, TransientFailure } from './retry.ts';
import { proxyFor, send } from './send.ts';

/** One request for bytes of a URL. */
export interface ByteRequest {
  url: string;
  method: 'GET' | 'HEAD';
  /** The version that the range has to be of (`If-Range`). */
  ifRange?: string | undefined;
  /** The `Range` header (RFC 9110 section 14.2). */
  range?: string;
  /** For error messages, where it is known. */
  place?: [number, number];
  signal?: AbortSignal | undefined;
}

/** An answer whose status is fine; the body is not read yet. */
export interface Answer {
  response: Response;
  /** Ends the transfer; says that nothing more is expected of it, where it has ended. */
  abort(): void;
  /** Tells that bytes came. */
  beat(): void;
  /** Whether it was broken off because nothing came. */
  stalled(): boolean;
}

/**
 * Asks for a range. Not through the browser's HTTP cache: that serialises requests for one URL, and might answer with
 * bytes of another version.
 * @throws LumiscopeError `source` for what stays wrong: 4xx; TransientFailure for what may pass: network, stalls, 429, 5xx
 */
export async function ask(request: ByteRequest, counter: ReadCounter): Promise<Answer> {
  const { url, method, range, ifRange, signal } = request;
  if (signal?.aborted) throw cancelled();
  const transfer = new AbortController();
  const cancel = alike(signal);
  const watch = new Watch(transfer);
  const abort = () => {
    watch.end();
    cancel?.removeEventListener('abort', abort);
    transfer.abort();
  };
  cancel?.addEventListener('abort', abort, { once: true });
  counter.requests++;
  const host = hostOf(url);
  const started = performance.now();
  let response: Response;
  try {
    const headers = { ...(range && { Range: range }), ...(ifRange && { 'If-Range': ifRange }) };
    response = await send(url, { method, headers, signal: transfer.signal, cache: 'no-store' });
  } catch (cause) {
    abort();
    if (signal?.aborted) throw cancelled();
    if ((cause as LumiscopeError).tag) throw cause;
    if (watch.rang) throw new TransientFailure(stall(request), { stalled: true });
    const error = unreachable(request, cause);
    // Without a network another try within seconds only delays the message.
    throw globalThis.navigator?.onLine === false ? error : new TransientFailure(error, { unreachable: true });
  }
  host.heard((performance.now() - started) / 1000);
  watch.beat();
  if (response.status < 400 || response.status === 416) {
    return { response, abort, beat: () => watch.beat(), stalled: () => watch.rang };
  }
  if (response.status === 401 || response.status === 403) {
    const { refusedError } = await import('./refused.ts');
    const error = await refusedError(request, response);
    abort();
    throw error;
  }
  abort();
  const wish = wishOf(response);
  const error = statusError(request, response, wish);
  if (PASSING.has(response.status)) throw new TransientFailure(error, { wish });
  throw error;
}

/** Request timeout, too many requests, and what servers and proxies in trouble say. */
const PASSING = new Set([408, 429, 500, 502, 503, 504]);

/** Breaks off a transfer that brings nothing for too long. */
class Watch {
  rang = false;
  readonly #transfer: AbortController;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(transfer: AbortController) {
    this.#transfer = transfer;
    this.beat();
  }

  beat(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.rang = true;
      this.#transfer.abort();
    }, PATIENCE.stall);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

/**
 * Reads the body of an answer, counted as it arrives, into `bytes` from `done.bytes` on, which moves along: what came before a
 * failure need not be asked for again.
 * @throws TransientFailure where it is cut short or stalls; LumiscopeError `source` where it is longer
 */
export async function body(
  request: ByteRequest,
  answer: Answer,
  bytes: Uint8Array,
  done: { bytes: number },
  counter: ReadCounter,
): Promise<void> {
  const { url, place, signal } = request;
  const started = performance.now();
  const first = done.bytes;
  try {
    const reader = answer.response.body?.getReader();
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      answer.beat();
      counter.bytes += part.value.length;
      if (done.bytes + part.value.length > bytes.length) {
        const hint = "the server's answer to range requests is wrong: put the file on another one";
        const length = bytes.length - first;
        throw sourceError(url, `the server sent more than the ${length} bytes asked for`, hint, where(place));
      }
      bytes.set(part.value, done.bytes);
      done.bytes += part.value.length;
    }
  } catch (cause) {
    if (signal?.aborted) throw cancelled();
    if ((cause as LumiscopeError).tag) throw cause;
    if (answer.stalled()) throw new TransientFailure(stall(request), { stalled: true });
    throw new TransientFailure(cutShort(request, done.bytes, bytes.length, cause));
  } finally {
    answer.abort();
    hostOf(url).received(done.bytes - first, (performance.now() - started) / 1000);
  }
  if (done.bytes < bytes.length) throw new TransientFailure(cutShort(request, done.bytes, bytes.length));
}

/** Milliseconds that the server wants to be left alone (RFC 9110 section 10.2.3); 0 where it doesn't say, or hides it from the page. */
function wishOf({ headers }: Response): number {
  const said = headers.get('Retry-After');
  if (!said) return 0;
  const milliseconds = /^\d+$/.test(said) ? 1000 * Number(said) : Date.parse(said) - Date.now();
  return Math.max(0, milliseconds || 0);
}

function stall({ url, place }: ByteRequest): LumiscopeError {
  const message = `no byte came for ${PATIENCE.stall / 1000} s`;
  return sourceError(url, message, 'the connection or the server hangs: try again', where(place));
}

function cutShort({ url, place }: ByteRequest, done: number, length: number, cause?: unknown): LumiscopeError {
  const hint = 'the connection or the server broke off: try again';
  return sourceError(url, `the answer was cut short, ${done} of ${length} bytes came`, hint, {
    ...where(place),
    cause,
  });
}

/** A `TypeError` of `fetch` doesn't say whether it was the network or CORS: say both. */
function unreachable({ url, place }: ByteRequest, cause: unknown): LumiscopeError {
  const page = globalThis.location?.origin;
  const online = globalThis.navigator?.onLine === false ? 'this machine is offline' : 'is this machine online?';
  const proxy = proxyFor(url);
  if (proxy !== undefined) {
    const hint = `try later, or load the page again, which asks the server itself; ${online}`;
    return sourceError(url, `the proxy ${new URL(proxy).host} can't be reached`, hint, { ...where(place), cause });
  }
  const cors =
    page !== undefined && page !== new URL(url).origin
      ? `, or its server does not allow this page (CORS): it has to send Access-Control-Allow-Origin (${page} or *) and ` +
        'Access-Control-Expose-Headers: Content-Range, ETag'
      : '';
  return sourceError(url, `can't be reached${cors}`, `check the address, and that its server runs; ${online}`, {
    ...where(place),
    cause,
  });
}

function statusError({ url, place }: ByteRequest, { status, statusText }: Response, wish: number): LumiscopeError {
  const said = `the server answered ${status}${statusText ? ` ${statusText}` : ''}`;
  if (status === 404 || status === 410)
    return sourceError(url, `not found (${said})`, 'check the address', { ...where(place), gone: true });
  if (wish > PATIENCE.wish) {
    const hint = `it wants to be left alone for ${Math.ceil(wish / 1000)} s: try again then`;
    return sourceError(url, said, hint, where(place));
  }
  if (status === 429) return sourceError(url, said, 'it gets too many requests: try later', where(place));
  if (status >= 500) return sourceError(url, said, 'the server is in trouble: try later', where(place));
  return sourceError(url, said, 'check the address', where(place));
}

function where(range: [number, number] | undefined): { range?: [number, number] } {
  return range ? { range } : {};
}
