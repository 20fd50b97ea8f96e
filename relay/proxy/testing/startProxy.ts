import fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type * as z from 'zod';
import type { Happening } from '../../../core/ingest/happening.ts';
import { answerOf } from '../../server/httpError.ts';
import { rangeProxyOptions } from '../options.ts';
import { type RangeProxyParts, rangeProxy } from '../rangeProxy.ts';

export interface TestProxy {
  app: FastifyInstance;
  /** Of the proxy, without `?url=`. */
  address: string;
  /** What it told. */
  told: Happening[];
  ask(url: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

/** A server with nothing but the range proxy, on 127.0.0.1. */
export async function startProxy(
  options: z.input<typeof rangeProxyOptions>,
  parts: Partial<RangeProxyParts> = {},
): Promise<TestProxy> {
  const told: Happening[] = [];
  const app = fastify({ forceCloseConnections: true, exposeHeadRoutes: false });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => {
    const { status, body, headers } = answerOf(error, request.id);
    return reply.code(status).headers(headers).send(body);
  });
  await app.register(rangeProxy(rangeProxyOptions.parse(options), { tell: (one) => told.push(one), ...parts }));
  const address = `${await app.listen({ port: 0, host: '127.0.0.1' })}/range`;
  return {
    app,
    address,
    told,
    ask: (url, init) => fetch(`${address}?url=${encodeURIComponent(url)}`, init),
    close: () => app.close(),
  };
}
