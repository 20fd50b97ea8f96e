/**
 * `GET|HEAD /range?url=…`: files of listed origins by ranges, for pages that their servers do not let read (CORS). What it does not do is the point:
 * `docs/relay.md`, "Range proxy".
 */
import { once } from 'node:events';
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import type { Tell } from '../../core/ingest/happening.ts';
import { clientOf } from '../server/access.ts';
import type { Routes } from '../server/parts.ts';
import { errorSchema } from '../server/schemas.ts';
import { type Resolve, systemResolve } from './addresses.ts';
import type { AnswerHead } from './answerHead.ts';
import { Connections } from './connections.ts';
import { Gate } from './gate.ts';
import type { RangeProxyOptions } from './options.ts';
import { OriginTokens, Rights } from './originTokens.ts';
import { openProxyCache } from './proxyCache.ts';
import { readAskedRange, readConditions } from './rangeHeader.ts';
import { RangeReader, type Reply } from './rangeReader.ts';
import { Refusal } from './refusal.ts';
import { readTarget, ruleFor } from './target.ts';

export interface RangeProxyParts {
  tell: Tell;
  /** Default: the system's. */
  resolve?: Resolve;
  /** Certificates of authorities, in PEM, in place of those that Node knows. */
  ca?: string;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/** On all answers: bytes for a program, nothing that a browser would run or keep. */
const PLAIN = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'Cache-Control': 'no-store',
};

/** Why an answer ends whose client is gone. */
const GONE = new Refusal(499, 'the client is gone', 'ask again');

/** The route, for a server that checks `Host`, `Origin` and who may ask, and answers errors. */
export function rangeProxy(options: RangeProxyOptions, parts: RangeProxyParts): Routes {
  return async (app) => {
    const { tell } = parts;
    const { limits, cache: kept } = options;
    const { folder } = kept;
    const noCache = (reason: string) => tell({ kind: 'alarm', alarm: 'disk', reason: `range proxy: ${reason}` });
    const cache =
      folder === undefined || kept.bytes === 0
        ? undefined
        : await openProxyCache({ ...kept, folder }, noCache, parts.now);
    const connections = new Connections(limits, parts.ca);
    const tokens = new OriginTokens();
    const clients = new Gate(limits.perClient);
    const reader = new RangeReader({
      options,
      connections,
      resolve: parts.resolve ?? systemResolve,
      cache,
      rights: new Rights(cache?.key),
      gate: new Gate(limits.perOrigin),
    });
    app.addHook('onClose', async () => {
      connections.close();
      await cache?.flush();
    });
    const handler = async (request: FastifyRequest<{ Querystring: { url: string } }>, reply: FastifyReply) => {
      const started = performance.now();
      reply.headers(PLAIN);
      const url = readTarget(request.query.url);
      const rule = ruleFor(url, options);
      const range = readAskedRange(request.headers.range);
      const conditions = readConditions(request.headers);
      const leave = clients.enter(clientOf(request));
      const end = new AbortController();
      const late = setTimeout(() => {
        end.abort(new Refusal(504, `the answer took more than ${limits.totalSeconds} s`, 'ask for less at a time'));
      }, limits.totalSeconds * 1000);
      let sent = 0;
      let found: Reply | undefined;
      const close = () => {
        clearTimeout(late);
        leave();
        end.abort(GONE);
        if (!found) return;
        const { fromCache } = found;
        tell({ kind: 'proxied', host: url.host, bytes: sent, fromCache, ms: performance.now() - started });
      };
      if (reply.raw.destroyed) close();
      else reply.raw.once('close', close);
      let isTold = false;
      const trouble = (error: unknown) => {
        if (isTold || error === GONE || (error instanceof Refusal && error.status < 500)) return;
        isTold = true;
        tell({ kind: 'error', where: 'proxy', reason: `${url.host}: ${(error as Error).message}` });
      };
      try {
        found = await reader.answer({
          url,
          rule,
          asked: { method: request.method === 'HEAD' ? 'HEAD' : 'GET', range, conditions },
          credential: await tokens.credential(url, rule, request.headers['x-origin-authorization']),
          signal: end.signal,
          onBytes: (bytes) => {
            sent += bytes;
          },
        });
        const { body } = found;
        if (body) {
          body.on('error', trouble);
          end.signal.addEventListener('abort', () => body.destroy(end.signal.reason));
          // What fails before the first byte can still be answered as what it is.
          await once(body, 'readable');
        }
      } catch (error) {
        trouble(error);
        throw error;
      }
      const { head, body } = found;
      reply.code(head.status).headers(headersOf(head));
      if (!body) return reply.send();
      return reply.send(body);
    };
    app.route({
      method: ['GET', 'HEAD'],
      url: '/range',
      config: { access: 'read', quiet: true },
      schema: {
        tags: ['range proxy'],
        summary: 'A range of a file of another server, where the configuration lists that',
        description:
          'The header `Range` names one range of bytes. `X-Origin-Authorization: https://host Bearer TOKEN` sends a token on to that origin alone; `Authorization` is for the relay and goes nowhere.',
        querystring: z.strictObject({ url: z.string().describe('address of the file, encoded') }),
        response: { '4xx': errorSchema, '5xx': errorSchema },
      },
      handler,
    });
  };
}

function headersOf({ span, size, length, etag, lastModified, status }: AnswerHead): Record<string, string | number> {
  return {
    'Content-Type': 'application/octet-stream',
    'Accept-Ranges': 'bytes',
    ...(span && { 'Content-Range': `bytes ${span[0]}-${span[1] - 1}/${size ?? '*'}` }),
    ...(status === 416 && { 'Content-Range': `bytes */${size ?? '*'}` }),
    ...(length !== undefined && { 'Content-Length': length }),
    ...(etag !== undefined && { ETag: etag }),
    ...(lastModified !== undefined && { 'Last-Modified': lastModified }),
  };
}
