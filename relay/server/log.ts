/** JSON lines: one for each request, one for each thing that happens. No header is ever logged, and of addresses no value of a query. */
import type { FastifyBaseLogger, FastifyInstance, FastifyServerOptions } from 'fastify';
import type { Happening } from '../../core/ingest/happening.ts';
import { scrub } from './scrub.ts';

/** How Fastify is to log. @param write takes a line, with its end; secrets are gone by then */
export function logTo(level: string, write: (line: string) => void): FastifyServerOptions['logger'] {
  return {
    level,
    stream: { write: (line: string) => write(scrub(line)) },
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  } as FastifyServerOptions['logger'];
}

/** A line for each request, when it is answered or its client is gone. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const line = {
      method: request.method,
      path: pathOf(request.url),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      from: request.ip,
      who: request.principal?.name,
      bytes: Number(reply.getHeader('content-length') ?? 0) || undefined,
    };
    if (reply.statusCode >= 500) request.log.error(line, 'request');
    else if (request.routeOptions.config.quiet) request.log.debug(line, 'request');
    else request.log.info(line, 'request');
  });
  app.addHook('onRequestAbort', async (request) => {
    request.log.info({ method: request.method, path: pathOf(request.url) }, 'client gone');
  });
}

const pathOf = (url: string) => url.replace(/\?.*$/s, '?…').slice(0, 500);

const LEVELS: Partial<Record<Happening['kind'], 'debug' | 'warn' | 'error'>> = {
  staged: 'debug',
  message: 'debug',
  duplicate: 'debug',
  progress: 'debug',
  proxied: 'debug',
  alarm: 'warn',
  failed: 'error',
  error: 'error',
};

/** A line for a happening. */
export function logHappening(log: FastifyBaseLogger, { kind, ...details }: Happening): void {
  log[LEVELS[kind] ?? 'info'](details, kind);
}
