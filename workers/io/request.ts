import type { LumiscopeError } from '../../core/errors.ts';
import type { ReadCounter } from './byteSource.ts';
import { cancelled, sourceError } from './errors.ts';
import { TransientFailure } from './retry.ts';
import { send } from './send.ts';

/** One request for bytes of a URL. */
export interface ByteRequest {
  url: string;
  method: 'GET' | 'HEAD';
  /** The `Range` header (RFC 9110 section 14.2). */
  range: string;
  /** For error messages, where it is known. */
  place?: [number, number];
  signal?: AbortSignal | undefined;
}

/** An answer whose status is fine; the body is not read yet. */
export interface Answer {
  response: Response;
  /** Ends the transfer. */
  abort(): void;
}

/**
 * Asks for a range. Not through the browser's HTTP cache: that serialises requests for one URL, and might answer with
 * bytes of another version.
 * @throws LumiscopeError `source` for what stays wrong: 4xx; TransientFailure for what may pass: network, 429, 5xx
 */
export async function ask(request: ByteRequest, counter: ReadCounter): Promise<Answer> {
  const { url, method, range, signal } = request;
  if (signal?.aborted) throw cancelled();
  const transfer = new AbortController();
  const abort = () => transfer.abort();
  signal?.addEventListener('abort', abort, { once: true });
  counter.requests++;
  let response: Response;
  try {
    response = await send(url, { method, headers: { Range: range }, signal: transfer.signal, cache: 'no-store' });
  } catch (cause) {
    if (signal?.aborted) throw cancelled();
    if ((cause as LumiscopeError).tag) throw cause;
    const error = unreachable(request, cause);
    // Without a network another try within seconds only delays the message.
    throw globalThis.navigator?.onLine === false ? error : new TransientFailure(error);
  }
  if (response.status < 400 || response.status === 416) return { response, abort };
  if (response.status === 401 || response.status === 403) {
    const { refusedError } = await import('./refused.ts');
    throw await refusedError(request, response);
  }
  abort();
  const error = statusError(request, response);
  if (response.status === 429 || response.status >= 500) throw new TransientFailure(error);
  throw error;
}

/**
 * The body of an answer, counted as it arrives.
 * @param length bytes that it has to have
 * @throws TransientFailure where it is cut short; LumiscopeError `source` where it is longer
 */
export async function body(
  request: ByteRequest,
  { response, abort }: Answer,
  length: number,
  counter: ReadCounter,
): Promise<Uint8Array> {
  const { url, place, signal } = request;
  const bytes = new Uint8Array(length);
  const reader = response.body?.getReader();
  let done = 0;
  try {
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      if (done + part.value.length > length) {
        abort();
        const hint = "the server's answer to range requests is wrong: put the file on another one";
        throw sourceError(url, `the server sent more than the ${length} bytes asked for`, hint, where(place));
      }
      bytes.set(part.value, done);
      done += part.value.length;
      counter.bytes += part.value.length;
    }
  } catch (cause) {
    if (signal?.aborted) throw cancelled();
    if ((cause as LumiscopeError).tag) throw cause;
    throw new TransientFailure(cutShort(request, done, length, cause));
  }
  if (done < length) throw new TransientFailure(cutShort(request, done, length));
  return bytes;
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

function statusError({ url, place }: ByteRequest, { status, statusText }: Response): LumiscopeError {
  const said = `the server answered ${status}${statusText ? ` ${statusText}` : ''}`;
  if (status === 404 || status === 410)
    return sourceError(url, `not found (${said})`, 'check the address', where(place));
  if (status === 429 || status >= 500)
    return sourceError(url, said, 'the server is in trouble: try later', where(place));
  return sourceError(url, said, 'check the address', where(place));
}

function where(range: [number, number] | undefined): { range?: [number, number] } {
  return range ? { range } : {};
}
