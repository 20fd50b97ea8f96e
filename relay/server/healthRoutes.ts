import { statfs } from 'node:fs/promises';
import type { RelayConfig } from '../config.ts';
import type { Check, RelayParts, Routes } from './parts.ts';
import { scrub } from './scrub.ts';

/** What was found holds for so long: whoever asks, and however often, it is looked into no more. */
const HOLDS_MS = 1000;
/** Where `storeCheck` tries whether the store takes objects. */
const PROBE = 'probe.json';
const LEAST_FREE = 256 << 20;
const PATIENCE = 5000;

/** `/healthz`: the process answers. `/readyz`: it can do its work, or why not. */
export function healthRoutes(
  { objects, checks = [] }: Pick<RelayParts, 'objects' | 'checks'>,
  config: RelayConfig,
): Routes {
  return async (app) => {
    let stopping = false;
    const look = briefly(HOLDS_MS, async () =>
      (await Promise.all([storeCheck(objects), diskCheck(config.folder), ...checks.map((check) => check())])).flat(),
    );
    app.addHook('preClose', async () => {
      stopping = true;
    });
    const schema = (summary: string) => ({ tags: ['operation'], summary });
    app.get(
      '/healthz',
      { config: { access: 'open', quiet: true }, schema: schema('Whether the process answers') },
      () => ({ ok: true }),
    );
    app.get(
      '/readyz',
      { config: { access: 'open', quiet: true }, schema: schema('Whether it can do its work, or why not') },
      async (_request, reply) => {
        const found = stopping ? [{ name: 'process', ok: false, reason: 'it is stopping' }] : await look();
        const ok = found.every((check) => check.ok);
        return reply
          .code(ok ? 200 : 503)
          .header('cache-control', 'no-store')
          .send({ ok, checks: found.map((check) => ({ ...check, reason: scrub(check.reason) })) });
      },
    );
  };
}

/** Does something once for all who ask within a time, from its end on. */
function briefly<T>(ms: number, work: () => Promise<T>): () => Promise<T> {
  let last: Promise<T> | undefined;
  return () => {
    last ??= work().finally(() => setTimeout(() => (last = undefined), ms).unref());
    return last;
  };
}

/** Writes an object, as a process would that publishes. */
export async function storeCheck(objects: RelayParts['objects']): Promise<Check> {
  const name = 'store';
  try {
    const begin = performance.now();
    const bytes = new TextEncoder().encode(`{"checked":${Date.now()}}\n`);
    await within(PATIENCE, (signal) => objects.write(PROBE, bytes, undefined, signal));
    return { name, ok: true, reason: `took an object within ${Math.round(performance.now() - begin)} ms` };
  } catch (error) {
    return { name, ok: false, reason: (error as Error).message };
  }
}

/** Gives up after `ms`, also where the store does not hear that. */
async function within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const ending = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${ms / 1000} s`));
      ending.abort();
    }, ms);
  });
  try {
    return await Promise.race([work(ending.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function diskCheck(folder: string): Promise<Check> {
  const name = 'disk';
  try {
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    return { name, ok: free >= LEAST_FREE, reason: `${Math.round(free / 1e6)} MB free in the working folder` };
  } catch (error) {
    return { name, ok: false, reason: (error as Error).message };
  }
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Asked all the time by machines: logged only at the level `debug`, and allowed more often. */
    quiet?: boolean;
    /** A link of another page may lead there. */
    navigable?: boolean;
  }
}
