/**
 * An HTTP server that serves a folder with range requests and CORS, and misbehaves on purpose where a request's
 * `?fault=` says so. On 127.0.0.1, at a free port; used by the units and by the browser tests.
 */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import { Readable } from 'node:stream';

const PART = 65_536;
/** Milliseconds between parts of a body that nobody asked for: who breaks off late on a busy machine took little of it still. */
const PACE = 20;

/** What a request for a file may ask for, as `?fault=`. */
export type Fault =
  /** 503 twice, then right. */
  | 'busy-twice'
  /** 500, always. */
  | 'broken'
  | 'forbidden'
  /** Half of the body, then the connection breaks: twice, then right. */
  | 'cut-twice'
  /** Half of the body, always. */
  | 'cut'
  /** 429 once, with the wish to be left alone for a second. */
  | 'throttled'
  /** 503, with the wish to be left alone for an hour. */
  | 'closed'
  | 'unauthorized'
  | 'gone'
  /** One byte less than Content-Range says, and no sign of it. */
  | 'short'
  /** 200 and the whole file, whatever the range. */
  | 'ignore-range'
  /** As `ignore-range`, of a body without end. */
  | 'endless'
  /** Another ETag with each request. */
  | 'changing-etag'
  /** Neither ETag nor date. */
  | 'no-etag'
  /** A date, but no ETag. */
  | 'no-etag-but-date'
  /** A Content-Range that is one byte off. */
  | 'wrong-range'
  /** Content-Range says another size with each request. */
  | 'changing-size'
  /** A suffix range is taken for the start of the file. */
  | 'no-suffix'
  /** HEAD is refused. */
  | 'no-head'
  /** No CORS headers. */
  | 'no-cors'
  /** CORS for plain requests, but not for those that ask first (preflight). */
  | 'no-preflight'
  /** CORS that shows neither ETag nor Content-Range. */
  | 'hidden'
  /** The connection is reset, twice. */
  | 'reset-twice'
  /** The connection is reset, always. */
  | 'reset'
  /** Headers come, the body never. */
  | 'stall'
  /** Half of the body comes, then nothing more, once. */
  | 'stall-once'
  /** Not a word. */
  | 'silent'
  /** Another version of the file: another ETag, and `If-Range` with the first one gives all of it. */
  | 'changed'
  /** `If-Range` is never true. */
  | 'no-if-range';

export interface ServedRequest {
  method: string;
  headers: IncomingMessage['headers'];
  /** Path and query. */
  url: string;
  range: string | undefined;
  /** Whether the client broke off before the end. */
  aborted: boolean;
  /** Bytes of the body that left, or wait in the connection's buffers to. */
  sent: number;
}

export interface FaultyServer {
  /** `http://127.0.0.1:port/`. */
  origin: string;
  /** All requests so far, in order. */
  requests: ServedRequest[];
  /** Address of a file of the folder, with a fault; `from`: from so many requests for this address on, those before are right. */
  url(name: string, fault?: Fault, from?: number): string;
  close(): Promise<void>;
}

/** Serves `folder` until it is closed. @param latency milliseconds before each answer */
export async function startFaultyServer(folder: string, { latency = 0 } = {}): Promise<FaultyServer> {
  const requests: ServedRequest[] = [];
  const times = new Map<string, number>();
  const server = createServer((request, response) => {
    const served = {
      method: request.method!,
      headers: request.headers,
      url: request.url!,
      range: request.headers.range,
      aborted: false,
      sent: 0,
    };
    requests.push(served);
    response.on('close', () => {
      served.aborted = !response.writableFinished;
    });
    response.on('pipe', (body: Parts) => {
      response.on('close', () => {
        served.sent = body.taken;
        body.destroy();
      });
    });
    const url = new URL(request.url!, 'http://localhost');
    const count = times.get(request.url!) ?? 0;
    if (request.method !== 'OPTIONS') times.set(request.url!, count + 1);
    if (latency > 0) setTimeout(() => answer(folder, url, count, request, response), latency);
    else answer(folder, url, count, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    origin,
    requests,
    url: (name, fault, from) => `${origin}${name}${fault ? `?fault=${fault}` : ''}${from ? `&from=${from}` : ''}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** @param count earlier requests of the same address */
function answer(folder: string, url: URL, before: number, request: IncomingMessage, response: ServerResponse): void {
  const count = before - Number(url.searchParams.get('from') ?? 0);
  const fault = count < 0 ? null : (url.searchParams.get('fault') as Fault | null);
  if (fault === 'silent') return;
  if (fault !== 'no-cors') {
    response.setHeader('Access-Control-Allow-Origin', '*');
    if (fault !== 'hidden') response.setHeader('Access-Control-Expose-Headers', 'Content-Range, ETag');
    if (fault !== 'no-preflight') response.setHeader('Access-Control-Allow-Headers', 'Range, Authorization');
  }
  if (request.method === 'OPTIONS') return end(response, fault === 'no-cors' || fault === 'no-preflight' ? 403 : 204);
  const path = join(folder, normalize(decodeURIComponent(url.pathname)));
  if (!existsSync(path) || !statSync(path).isFile()) return end(response, 404);
  if (fault === 'busy-twice' && count < 2) return end(response, 503);
  if (fault === 'broken') return end(response, 500);
  if (fault === 'forbidden') return end(response, 403);
  if (fault === 'unauthorized') return end(response, 401);
  if (fault === 'gone') return end(response, 404);
  if ((fault === 'throttled' && count === 0) || fault === 'closed') {
    response.setHeader('Retry-After', fault === 'closed' ? '3600' : '1');
    return end(response, fault === 'closed' ? 503 : 429);
  }
  if (fault === 'no-head' && request.method === 'HEAD') return end(response, 403);
  if (fault === 'reset' || (fault === 'reset-twice' && count < 2)) {
    request.socket.destroy();
    return;
  }
  const { size, mtime } = statSync(path);
  if (fault !== 'no-etag') response.setHeader('Last-Modified', mtime.toUTCString());
  const etag =
    fault === 'changing-etag' || fault === 'changed' ? `"v${fault === 'changed' ? '' : count}"` : `"v-${size}"`;
  if (fault !== 'no-etag' && fault !== 'no-etag-but-date') response.setHeader('ETag', etag);
  const asked = fault === 'no-suffix' ? request.headers.range?.replace('=-', '=0-') : request.headers.range;
  const condition = request.headers['if-range'];
  const other = condition !== undefined && (condition !== etag || fault === 'no-if-range');
  const range = fault === 'ignore-range' || fault === 'endless' || other ? undefined : asked;
  const [begin, stop] = range === undefined ? [0, size] : rangeOf(range, size);
  if (range !== undefined && begin >= size) {
    response.setHeader('Content-Range', `bytes */${size}`);
    return end(response, 416);
  }
  if (range !== undefined) {
    const shift = fault === 'wrong-range' ? 1 : 0;
    const said = fault === 'changing-size' ? size + count : size;
    response.setHeader('Content-Range', `bytes ${begin + shift}-${stop - 1 + shift}/${said}`);
  }
  const status = range === undefined ? 200 : 206;
  const length = stop - begin - (fault === 'short' ? 1 : 0);
  response.writeHead(status, fault === 'endless' ? {} : { 'Content-Length': length });
  const half = begin + ((stop - begin) >> 1);
  if (request.method === 'HEAD') response.end();
  else if (fault === 'endless') new Parts(() => Buffer.alloc(PART), PACE).pipe(response);
  else if (fault === 'stall') response.flushHeaders();
  else if (fault === 'stall-once' && count === 0) response.write(bytesOf(path, begin, half));
  else if (fault === 'cut' || (fault === 'cut-twice' && count < 2)) {
    response.write(bytesOf(path, begin, half), () => response.destroy());
  } else {
    let at = begin;
    const pace = fault === 'ignore-range' ? PACE : 0;
    new Parts(() => {
      const from = at;
      at = Math.min(begin + length, at + PART);
      return from < at ? bytesOf(path, from, at) : null;
    }, pace).pipe(response);
  }
}

/** A part of a file, which may be far longer than memory. */
function bytesOf(path: string, begin: number, end: number): Buffer {
  const bytes = Buffer.alloc(end - begin);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, bytes.length, begin);
  } finally {
    closeSync(file);
  }
  return bytes;
}

/** A body that is made no faster than the client takes it, so that what it never took was never sent. */
class Parts extends Readable {
  /** Bytes. */
  taken = 0;
  readonly #next: () => Buffer | null;
  readonly #pace: number;

  /** @param pace milliseconds before each part */
  constructor(next: () => Buffer | null, pace: number) {
    super();
    this.#next = next;
    this.#pace = pace;
  }

  override _read(): void {
    if (this.#pace > 0) setTimeout(() => this.#give(), this.#pace);
    else this.#give();
  }

  #give(): void {
    if (this.destroyed) return;
    const part = this.#next();
    this.taken += part?.length ?? 0;
    this.push(part);
  }
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}

/** `[begin, end)` of a `Range` header with one range. */
function rangeOf(header: string, size: number): [number, number] {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  if (!first) return [Math.max(0, size - Number(last)), size];
  return [Number(first), last ? Math.min(size, Number(last) + 1) : size];
}
