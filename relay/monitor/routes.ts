/** The monitor's part of the HTTP interface. */
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import * as z from 'zod';
import { type MonitorSnapshot, monitorSnapshotSchema, selfTestSchema } from '../../core/ingest/monitorSnapshot.ts';
import type { Monitor } from './createMonitor.ts';
import { MonitorStreams } from './stream.ts';

export interface MonitorRoutesOptions {
  monitor: Monitor;
  /** What a caller may do: have a failed dataset tried again, have the relay tested. Default: nothing. */
  mayOf?: (request: FastifyRequest) => MonitorSnapshot['may'];
}

const problemSchema = z.object({ error: z.object({ what: z.string(), hint: z.string().optional() }) });
/** The scope that a route asks for, as the server reads it. */
const asks = (access: 'read' | 'admin'): object => ({ access });

/** Series and alarms move on though nothing happens. */
const REFRESH_MS = 5000;

/**
 * `GET /v1/monitor`, `GET /v1/monitor/stream`, `GET` and `POST /v1/self-test`, `GET /metrics`. Streams end when the server closes.
 */
export const monitorRoutes: FastifyPluginAsync<MonitorRoutesOptions> = async (server, options) => {
  const { monitor, mayOf = () => ({ retry: false, test: false }) } = options;
  const app = server.withTypeProvider<ZodTypeProvider>();
  const streams = new MonitorStreams(monitor.snapshot);
  const ended = monitor.onChange(() => streams.tell());
  const refresh = setInterval(() => streams.tell(), REFRESH_MS);
  refresh.unref();
  app.addHook('preClose', async () => {
    ended();
    clearInterval(refresh);
    streams.end();
  });

  app.get(
    '/v1/monitor',
    {
      config: asks('read'),
      schema: { summary: 'What the relay is doing', tags: ['monitor'], response: { 200: monitorSnapshotSchema } },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return { ...monitor.snapshot(), may: mayOf(request) };
    },
  );

  app.get(
    '/v1/monitor/stream',
    {
      config: asks('read'),
      schema: {
        summary: 'The same as server-sent events: `snapshot`, then `change` with the sections that differ',
        tags: ['monitor'],
        produces: ['text/event-stream'],
        response: { 503: problemSchema },
      },
    },
    async (request, reply) => {
      if (streams.isFull) {
        reply.code(503).header('retry-after', '30');
        return { error: { what: 'too many pages watch this relay', hint: 'close some, or ask /v1/monitor instead' } };
      }
      // What hooks have set (CORS, security) goes along.
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) reply.raw.setHeader(name, value);
      reply.hijack();
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        // Proxies in between pass it on as it comes.
        'x-accel-buffering': 'no',
      });
      streams.add(reply.raw, mayOf(request));
      const { expires } = request.principal ?? {};
      if (expires !== undefined) {
        const over = setTimeout(() => reply.raw.end(), Math.min(expires - Date.now(), 2 ** 31 - 1)).unref();
        reply.raw.once('close', () => clearTimeout(over));
      }
      return reply;
    },
  );

  const testAnswer = { 200: selfTestSchema, 404: problemSchema };
  const none = {
    error: { what: 'no self-test was done here', hint: 'ask a relay that has the roles api, supervisor and consumer' },
  };

  app.get(
    '/v1/self-test',
    {
      config: asks('read'),
      schema: { summary: 'The last self-test', tags: ['monitor'], response: testAnswer },
    },
    async (_, reply) => monitor.lastTest() ?? reply.code(404).send(none),
  );

  app.post(
    '/v1/self-test',
    {
      config: asks('admin'),
      schema: {
        summary: 'Ingests and picks a known event, and says whether that worked',
        tags: ['monitor'],
        response: testAnswer,
      },
    },
    async (_, reply) => (await monitor.testNow()) ?? reply.code(404).send(none),
  );

  app.get(
    '/metrics',
    {
      config: asks('read'),
      schema: { summary: 'For Prometheus', tags: ['monitor'], response: { 200: z.string() } },
    },
    async (_, reply) => {
      const { type, text } = await monitor.metrics();
      return reply
        .type(type)
        .serializer((body: string) => body)
        .send(text);
    },
  );
};
