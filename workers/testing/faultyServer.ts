/**
 * An HTTP server that serves a folder with range requests and CORS, and misbehaves on purpose where a request's
 * `?fault=` says so. On 127.0.0.1, at a free port; used by the units and by the browser tests.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
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
  /** The connection is reset, twice. */
  | 'reset-twice'
  /** Headers come, the body never. */
  | 'stall';

export interface ServedRequest {
  method: string;
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
  /** Address of a file of the folder, with a fault. */
  url(name: string, fault?: Fault): string;
  close(): Promise<void>;
}

/** Serves `folder` until it is closed. */
export async function startFaultyServer(folder: string): Promise<FaultyServer> {
  const requests: ServedRequest[] = [];
  const times = new Map<string, number>();
  const server = createServer((request, response) => {
    const served = {
      method: request.method!,
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
    answer(folder, url, count, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    origin,
    requests,
    url: (name, fault) => `${origin}${name}${fault ? `?fault=${fault}` : ''}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** @param count earlier requests of the same address */
function answer(folder: string, url: URL, count: number, request: IncomingMessage, response: ServerResponse): void {
  const fault = url.searchParams.get('fault') as Fault | null;
  if (fault !== 'no-cors') {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Expose-Headers', 'Content-Range, ETag');
  }
  if (request.method === 'OPTIONS') return end(response, fault === 'no-cors' ? 403 : 204);
  const path = join(folder, normalize(decodeURIComponent(url.pathname)));
  if (!existsSync(path) || !statSync(path).isFile()) return end(response, 404);
  if (fault === 'busy-twice' && count < 2) return end(response, 503);
  if (fault === 'broken') return end(response, 500);
  if (fault === 'forbidden') return end(response, 403);
  if (fault === 'no-head' && request.method === 'HEAD') return end(response, 403);
  if (fault === 'reset-twice' && count < 2) {
    request.socket.destroy();
    return;
  }
  const bytes = readFileSync(path);
  if (fault !== 'no-etag') response.setHeader('Last-Modified', statSync(path).mtime.toUTCString());
  if (fault !== 'no-etag' && fault !== 'no-etag-but-date') {
    response.setHeader('ETag', fault === 'changing-etag' ? `"v${count}"` : `"v-${bytes.length}"`);
  }
  const asked = fault === 'no-suffix' ? request.headers.range?.replace('=-', '=0-') : request.headers.range;
  const range = fault === 'ignore-range' || fault === 'endless' ? undefined : asked;
  const [begin, stop] = range === undefined ? [0, bytes.length] : rangeOf(range, bytes.length);
  if (range !== undefined && begin >= bytes.length) {
    response.setHeader('Content-Range', `bytes */${bytes.length}`);
    return end(response, 416);
  }
  if (range !== undefined) {
    const shift = fault === 'wrong-range' ? 1 : 0;
    const size = fault === 'changing-size' ? bytes.length + count : bytes.length;
    response.setHeader('Content-Range', `bytes ${begin + shift}-${stop - 1 + shift}/${size}`);
  }
  const status = range === undefined ? 200 : 206;
  const length = stop - begin - (fault === 'short' ? 1 : 0);
  response.writeHead(status, fault === 'endless' ? {} : { 'Content-Length': length });
  if (request.method === 'HEAD') response.end();
  else if (fault === 'endless') new Parts(() => Buffer.alloc(PART), PACE).pipe(response);
  else if (fault === 'stall') response.flushHeaders();
  else if (fault === 'cut' || (fault === 'cut-twice' && count < 2)) {
    response.write(bytes.subarray(begin, begin + ((stop - begin) >> 1)), () => response.destroy());
  } else {
    let at = begin;
    const pace = fault === 'ignore-range' ? PACE : 0;
    new Parts(() => {
      const from = at;
      at = Math.min(begin + length, at + PART);
      return from < at ? bytes.subarray(from, at) : null;
    }, pace).pipe(response);
  }
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
