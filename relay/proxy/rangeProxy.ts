/**
 * `GET|HEAD /range?url=…`: files of listed origins by ranges, for pages that their servers do not let read (CORS). What it does not do is the point:
 * `docs/relay.md`, "Range proxy".
 */
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Tell } from '../../core/ingest/happening.ts';
import { type Resolve, systemResolve } from './addresses.ts';
import type { AnswerHead } from './answerHead.ts';
import { Connections } from './connections.ts';
import { Gate } from './gate.ts';
import { PROXY_CORS, type RangeProxyOptions } from './options.ts';
import { OriginTokens, Rights } from './originTokens.ts';
import { openProxyCache } from './proxyCache.ts';
import { readAskedRange, readConditions } from './rangeHeader.ts';
import { RangeReader } from './rangeReader.ts';
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
  'Access-Control-Expose-Headers': PROXY_CORS.exposedHeaders.join(', '),
};

/** The plugin. It checks no `Host`, `Origin` or right to ask at all: the server does, for all its routes. */
export function rangeProxy(options: RangeProxyOptions, parts: RangeProxyParts): FastifyPluginAsync {
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
    app.setValidatorCompiler(validatorCompiler);
    app.setErrorHandler((error: Error & { statusCode?: number }, _, reply) => {
      const refusal =
        error instanceof Refusal
          ? error
          : new Refusal(
              error.statusCode ?? 500,
              error.statusCode ? error.message : 'the range proxy failed',
              'try later',
            );
      const { status, message, hint, retryAfter, headers } = refusal;
      if (retryAfter !== undefined) reply.header('Retry-After', retryAfter);
      return reply
        .code(status)
        .headers(headers)
        .send({ error: { what: message, hint } });
    });

    const answer = async (request: FastifyRequest<{ Querystring: { url: string } }>, reply: FastifyReply) => {
      const started = performance.now();
      reply.headers(PLAIN);
      const url = readTarget(request.query.url);
      const rule = ruleFor(url, options);
      const range = readAskedRange(request.headers.range);
      const conditions = readConditions(request.headers);
      const leave = clients.enter(request.ip);
      const end = new AbortController();
      const late = setTimeout(() => {
        end.abort(new Refusal(504, `the answer took more than ${limits.totalSeconds} s`, 'ask for less at a time'));
      }, limits.totalSeconds * 1000);
      let sent = 0;
      let fromCache = false;
      let isAnswered = false;
      reply.raw.once('close', () => {
        clearTimeout(late);
        leave();
        end.abort(new Refusal(499, 'the client is gone', 'ask again'));
        if (isAnswered)
          tell({ kind: 'proxied', host: url.host, bytes: sent, fromCache, ms: performance.now() - started });
      });
      try {
        const header = request.headers['x-origin-authorization'];
        const credential = await tokens.credential(url, rule, header);
        const method = request.method === 'HEAD' ? 'HEAD' : 'GET';
        const found = await reader.answer({
          url,
          rule,
          asked: { method, range, conditions },
          credential,
          signal: end.signal,
          onBytes: (bytes) => {
            sent += bytes;
          },
        });
        const { head, body } = found;
        fromCache = found.fromCache;
        isAnswered = true;
        reply.code(head.status).headers(headersOf(head));
        if (!body) return reply.send();
        body.on('error', (error) => tell({ kind: 'error', where: 'proxy', reason: `${url.host}: ${error.message}` }));
        end.signal.addEventListener('abort', () => body.destroy(end.signal.reason));
        return reply.send(body);
      } catch (error) {
        if (!end.signal.aborted)
          tell({ kind: 'error', where: 'proxy', reason: `${url.host}: ${(error as Error).message}` });
        throw error;
      }
    };
    app.route({
      method: ['GET', 'HEAD'],
      url: '/range',
      schema: {
        summary: 'A range of a file of a listed origin',
        tags: ['range proxy'],
        querystring: z.strictObject({ url: z.string().describe('address of the file, encoded') }),
      },
      handler: answer,
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
