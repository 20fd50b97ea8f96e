import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import fastify, { type FastifyInstance, LogController } from 'fastify';
import { jsonSchemaTransform, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { RelayConfig } from '../config.ts';
import { type AccessRules, clientOf, requireAccess } from './access.ts';
import { appRoutes } from './appRoutes.ts';
import { catalogueRoutes } from './catalogueRoutes.ts';
import { datasetRoutes } from './datasetRoutes.ts';
import { healthRoutes } from './healthRoutes.ts';
import { answerOf, HttpError } from './httpError.ts';
import { logRequests, logTo } from './log.ts';
import { objectRoutes } from './objectRoutes.ts';
import { checkOrigin, type OriginRules } from './originRules.ts';
import type { RelayParts } from './parts.ts';
import type { Uploads } from './uploads.ts';

export interface ServerOptions {
  config: RelayConfig;
  uploads: Uploads;
  rules: OriginRules;
  access: AccessRules;
  /** The built app; none where there is no such folder. */
  app?: string;
  /** Where log lines go. */
  write: (line: string) => void;
}

/** The relay's HTTP interface, not listening yet. */
export async function createServer(parts: RelayParts, options: ServerOptions): Promise<FastifyInstance> {
  const { config, rules } = options;
  const app = fastify({
    logger: logTo(config.log.level, options.write),
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request' }),
    genReqId: () => crypto.randomUUID(),
    trustProxy: config.trustProxy.length > 0 ? config.trustProxy : false,
    bodyLimit: config.limits.bodyBytes,
    connectionTimeout: config.limits.idleSeconds * 1000,
    requestTimeout: config.limits.requestSeconds * 1000,
    keepAliveTimeout: 30_000,
    http: { headersTimeout: 20_000, maxHeaderSize: 32_768 },
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 2048 },
  });
  // What pages may send without asking is not taken.
  app.removeContentTypeParser('text/plain');
  app.server.maxConnections = config.limits.connections;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => {
    const { status, body, headers } = answerOf(error, request.id);
    const { destroyed, complete } = request.raw;
    // Whose client broke off has not failed here.
    if (status >= 500) request.log[destroyed && !complete ? 'info' : 'error']({ err: error }, 'request failed');
    // What was said of the object that was asked for.
    for (const name of ABOUT) reply.removeHeader(name);
    return reply.code(status).header('cache-control', 'no-store').headers(headers).send(body);
  });
  logRequests(app);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    const { method, headers, raw, routeOptions } = request;
    checkOrigin(rules, {
      method,
      headers,
      rawHeaders: raw.rawHeaders,
      navigable: routeOptions.config.navigable === true,
    });
  });
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    strictTransportSecurity: false,
  });
  app.addHook('onRequest', async (request, reply) => {
    // Chromium asked so before Local Network Access, a question to the person, took its place (Chrome 142).
    if (request.headers['access-control-request-private-network'] === 'true')
      reply.header('access-control-allow-private-network', 'true');
  });
  await app.register(cors, {
    origin: [...rules.origins],
    methods: ['GET', 'HEAD', 'PUT', 'POST'],
    allowedHeaders: ALLOWED,
    exposedHeaders: EXPOSED,
    maxAge: 600,
  });
  requireAccess(app, options.access);
  await app.register(rateLimit, {
    max: (request) => config.limits.requestsPerMinute * (request.routeOptions.config.quiet ? 10 : 1),
    timeWindow: '1 minute',
    keyGenerator: (request) => `${request.routeOptions.config.quiet ? 'often' : 'seldom'} ${clientOf(request)}`,
    addHeaders: QUIET_LIMITS,
    addHeadersOnExceeding: QUIET_LIMITS,
  });
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (request) => {
    throw new HttpError(404, `there is no ${request.method} ${request.url.replace(/\?.*$/s, '').slice(0, 200)}`, {
      hint: 'see /openapi.json',
    });
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Lumiscope relay',
        version: '1',
        description: 'Takes in event records, and publishes them in an event catalogue.',
      },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
    },
    transform: jsonSchemaTransform,
  });

  await app.register(healthRoutes(parts, config));
  if (config.roles.includes('api')) {
    await app.register(objectRoutes(options.uploads));
    await app.register(datasetRoutes(parts));
    await app.register(catalogueRoutes(parts.objects));
    app.get('/openapi.json', { config: { access: 'open' }, schema: { hide: true } }, () => app.swagger());
    await app.register(appRoutes(options.app, config));
  }
  if (parts.monitor) await app.register(parts.monitor);
  if (parts.proxy) await app.register(parts.proxy);
  return app;
}

/** What pages of other origins may send, and read of answers; the proxy's headers included. */
const ALLOWED = [
  'authorization',
  'content-range',
  'content-type',
  'if-match',
  'if-none-match',
  'if-range',
  'range',
  'x-origin-authorization',
];
const EXPOSED = [
  'accept-ranges',
  'content-length',
  'content-range',
  'etag',
  'last-modified',
  'retry-after',
  'upload-offset',
  'x-request-id',
];
const ABOUT = ['accept-ranges', 'content-length', 'etag', 'last-modified'];
/** `retry-after` says it. */
const QUIET_LIMITS = { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false };
