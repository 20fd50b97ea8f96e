/**
 * A static server for the built app: what `npm start` and the browser tests serve `dist` with. It does what plain
 * static hosts do and no more: types, strong ETags, single ranges (suffixes too), and no header of ours.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, sep } from 'node:path';

export interface StaticServer {
  /** Ends with a slash. */
  url: string;
  close(): Promise<void>;
}

export interface StaticServerOptions {
  /** 0 takes a free one. */
  port?: number;
  /** How many ports to try, upwards, where one is taken. */
  tries?: number;
  /** The sub-path that the folder appears at: starts and ends with a slash. */
  base?: string;
}

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
  '.yaml': 'text/yaml; charset=utf-8',
};

/** Serves `folder` as it is, on the loopback interface. */
export async function serveFolder(folder: string, options: StaticServerOptions = {}): Promise<StaticServer> {
  const { port = 0, tries = 1, base = '/' } = options;
  const server = createServer((request, response) => {
    answer(folder, base, request, response).catch(() => end(response, 404));
  });
  const taken = await listen(server, port, tries);
  return {
    url: `http://localhost:${taken}${base}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(folder: string, base: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405);
  const asked = decodeURIComponent((request.url ?? '/').replace(/[?#].*$/, ''));
  if (!asked.startsWith(base)) return end(response, 404);
  const path = normalize(join(folder, asked.slice(base.length), asked.endsWith('/') ? 'index.html' : ''));
  if (!path.startsWith(normalize(folder + sep))) return end(response, 404);
  const { size, mtime } = await stat(path).then((found) => (found.isFile() ? found : Promise.reject(found)));

  const etag = `"${Math.floor(mtime.getTime()).toString(16)}-${size.toString(16)}"`;
  response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
  response.setHeader('last-modified', mtime.toUTCString());
  response.setHeader('accept-ranges', 'bytes');
  response.setHeader('etag', etag);
  if (request.headers['if-none-match'] === etag) return end(response, 304);

  const range = rangeOf(request, etag, size);
  if (range === 'outside') {
    response.setHeader('content-range', `bytes */${size}`);
    return end(response, 416);
  }
  const [begin, past] = range ?? [0, size];
  response.setHeader('content-length', past - begin);
  if (range) response.setHeader('content-range', `bytes ${begin}-${past - 1}/${size}`);
  response.writeHead(range ? 206 : 200);
  if (request.method === 'HEAD' || past === begin) return void response.end();
  createReadStream(path, { start: begin, end: past - 1 })
    .on('error', () => response.destroy())
    .pipe(response);
}

/** `[begin, past)` of a single range (RFC 9110, section 14.1.2), or undefined where all is to be sent. */
function rangeOf(request: IncomingMessage, etag: string, size: number): [number, number] | 'outside' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  if (!first && !last) return undefined;
  const condition = request.headers['if-range'];
  if (condition !== undefined && condition !== etag) return undefined;
  if (!first) return Number(last) > 0 && size > 0 ? [Math.max(0, size - Number(last)), size] : 'outside';
  if (Number(first) >= size) return 'outside';
  if (last && Number(last) < Number(first)) return undefined;
  return [Number(first), last ? Math.min(Number(last) + 1, size) : size];
}

function end(response: ServerResponse, status: number): void {
  if (!response.headersSent) response.writeHead(status);
  response.end();
}

/** The port that the server listens on. */
function listen(server: Server, port: number, tries: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' && tries > 1) resolve(listen(server, port + 1, tries - 1));
      else reject(error);
    });
    // `localhost` may mean either loopback address: listening on that name takes the one it resolves to here.
    server.listen(port, 'localhost', () => resolve((server.address() as AddressInfo).port));
  });
}
