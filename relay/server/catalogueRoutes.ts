import { Readable } from 'node:stream';
import { CATALOGUE_FOLDER } from '../../core/ingest/layout.ts';
import type { ObjectStore } from '../../workers/objects/objectStore.ts';
import { parseRange, within } from '../byteRange.ts';
import { HttpError } from './httpError.ts';
import type { Routes } from './parts.ts';

/** Read from the store at a time, and held in memory for one request. */
const PIECE = 1 << 20;
const MANIFEST = 'manifest.json';

/** The catalogue that the relay publishes, read by ranges from whatever store it lies in. */
export function catalogueRoutes(store: ObjectStore): Routes {
  const catalogue = store.below(CATALOGUE_FOLDER);
  return async (app) => {
    app.route<{ Params: { '*': string } }>({
      method: ['GET', 'HEAD'],
      url: '/catalogue/*',
      config: { access: 'read', quiet: true },
      schema: {
        tags: ['catalogue'],
        summary: 'An object of the catalogue, or ranges of it',
        description: '`/catalogue/manifest.json` is the one that changes; see docs/catalogue.md.',
      },
      handler: async (request, reply) => {
        const path = request.params['*'];
        let info = isPlain(path) ? await catalogue.stat(path) : undefined;
        // One version of it, whatever is published while it is sent; the other objects never change.
        const manifest = info && path === MANIFEST && request.method === 'GET' ? await catalogue.read(path) : undefined;
        if (info && manifest) info = { ...info, bytes: manifest.bytes.length, version: manifest.version };
        if (!info)
          throw new HttpError(
            404,
            path === MANIFEST ? 'nothing is published yet' : 'there is no such object in the catalogue',
            {
              hint: path === MANIFEST ? 'GET /v1/datasets tells what is on its way' : undefined,
            },
          );
        const etag = `"${info.version.replace(/[^\x21\x23-\x7e]/g, '')}"`;
        const { headers } = request;
        reply
          .header('etag', etag)
          .header('accept-ranges', 'bytes')
          .header('last-modified', new Date(info.modified).toUTCString())
          .header('content-type', path.endsWith('.json') ? 'application/json' : 'application/octet-stream')
          .header('cache-control', path === MANIFEST ? 'no-cache' : 'private, max-age=31536000, immutable');
        if (headers['if-none-match'] === etag) return reply.code(304).send();
        // Without a range, with one that is none, and where another version is meant, all is sent.
        const condition = headers['if-range'];
        const asked = condition === undefined || condition === etag ? parseRange(headers.range ?? '') : undefined;
        const range = asked && within(asked, info.bytes);
        if (asked && !range) {
          const headers = { 'content-range': `bytes */${info.bytes}` };
          throw new HttpError(416, `the object has ${info.bytes} bytes`, { where: 'Range', headers });
        }
        const [begin, past] = range ?? [0, info.bytes];
        reply.code(range ? 206 : 200).header('content-length', past - begin);
        if (range) reply.header('content-range', `bytes ${begin}-${past - 1}/${info.bytes}`);
        if (request.method === 'HEAD') return reply.send();
        if (manifest) return reply.send(manifest.bytes.subarray(begin, past));
        if (past - begin <= PIECE) return reply.send(await piece(catalogue, path, begin, past));
        return reply.send(
          Readable.from(pieces(catalogue, path, begin, past), { objectMode: false, highWaterMark: PIECE }),
        );
      },
    });
  };
}

async function* pieces(catalogue: ObjectStore, path: string, begin: number, past: number): AsyncGenerator<Uint8Array> {
  for (let at = begin; at < past; at += PIECE) yield piece(catalogue, path, at, Math.min(at + PIECE, past));
}

async function piece(catalogue: ObjectStore, path: string, begin: number, past: number): Promise<Uint8Array> {
  const bytes = await catalogue.readRange(path, begin, past - begin);
  if (bytes?.length !== past - begin)
    throw new HttpError(503, 'the object changed while it was read', { headers: { 'retry-after': '1' } });
  return bytes;
}

/** Paths of catalogues have names, and nothing else: no way out of the folder. */
function isPlain(path: string): boolean {
  return path.length < 1024 && path.split('/').every((part) => /^[\w.+=@:,-]+$/.test(part) && !/^\.+$/.test(part));
}
