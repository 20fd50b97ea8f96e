import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { sha256Text } from '../../core/ingest/controlMessage.ts';
import { clientOf } from './access.ts';
import { HttpError } from './httpError.ts';
import type { Routes } from './parts.ts';
import { errorSchema } from './schemas.ts';
import type { Uploads } from './uploads.ts';

const params = z.object({ sha256: sha256Text });

const staged = z.object({
  sha256: sha256Text,
  /** Whether it is in the store; else `offset` bytes of it are here. */
  stored: z.boolean(),
  offset: z.int(),
});

/** Staged objects: how much of one is there, and what is sent of it. */
export function objectRoutes(uploads: Uploads): Routes {
  return async (server) => {
    const app = server.withTypeProvider<ZodTypeProvider>();
    // Bodies are streams, whatever their type is called.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, _body, done) => done(null));

    app.route({
      method: 'HEAD',
      url: '/v1/objects/:sha256',
      config: { access: 'produce' },
      schema: {
        tags: ['producers'],
        summary: 'Whether an object is stored (200), or how much of it is here (404 with Upload-Offset)',
        params,
      },
      handler: async (request, reply) => {
        const { stored, offset } = await uploads.state(request.params.sha256);
        return reply
          .code(stored ? 200 : 404)
          .header('upload-offset', offset)
          .header('cache-control', 'no-store')
          .send();
      },
    });

    app.route({
      method: 'PUT',
      url: '/v1/objects/:sha256',
      config: { access: 'produce' },
      schema: {
        tags: ['producers'],
        summary: 'Sends an object, or a piece of it',
        description:
          'The body is the object, or with `Content-Range: bytes a-b/total` its bytes from `a` to `b`; `a` is what `Upload-Offset` said, or 0 to begin anew. It is stored when all of it is here and its SHA-256 is that of the address. Sending it again changes nothing.',
        consumes: ['application/octet-stream'],
        params,
        response: { 200: staged, 201: staged, 202: staged, '4xx': errorSchema, 507: errorSchema },
      },
      handler: async (request, reply) => {
        const { sha256 } = request.params;
        const { from, past, total } = pieceOf(request.headers);
        const { stored, again, offset } = await uploads.take({
          sha256,
          from,
          past,
          total,
          body: request.raw,
          producer: clientOf(request),
        });
        return reply
          .code(!stored ? 202 : again ? 200 : 201)
          .header('upload-offset', offset)
          .send({ sha256, stored, offset });
      },
    });
  };
}

/** Which bytes of an object a request brings, by its headers. @throws HttpError where they contradict one another */
export function pieceOf(headers: {
  'content-length'?: string;
  'content-range'?: string;
  'content-encoding'?: string;
}): {
  from: number;
  past: number;
  total: number;
} {
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity')
    throw new HttpError(415, 'an object is sent as it is, without Content-Encoding', { where: 'Content-Encoding' });
  const said = headers['content-length'];
  if (said === undefined)
    throw new HttpError(411, 'how long the body is has to be said before', { where: 'Content-Length' });
  const length = Number(said);
  if (length === 0) throw new HttpError(400, 'the body is empty', { where: 'Content-Length' });
  const range = headers['content-range'];
  if (range === undefined) return { from: 0, past: length, total: length };
  const [, first, last, all] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(range) ?? [];
  const [from, past, total] = [Number(first), Number(last) + 1, Number(all)];
  const wrong = (what: string) =>
    new HttpError(400, what, { where: 'Content-Range', hint: 'as in Content-Range: bytes 0-999/5000' });
  if (first === undefined) throw wrong(`"${range.slice(0, 100)}" is no range of known length`);
  if (past <= from || past > total) throw wrong(`bytes ${from} to ${past - 1} do not lie within ${total}`);
  if (past - from !== length) throw wrong(`the body has ${length} bytes, the range ${past - from}`);
  return { from, past, total };
}
