import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { LumiscopeError } from '../core/errors.ts';
import type { Tell } from '../core/ingest/happening.ts';
import { makeFolder } from '../workers/objects/makeFolder.ts';
import type { ObjectStore } from '../workers/objects/objectStore.ts';
import { openObjectStore } from '../workers/objects/openObjectStore.ts';
import { ConfigError, type RelayConfig } from './config.ts';
import { startLoops } from './loops.ts';
import { createMonitor } from './monitor/createMonitor.ts';
import { monitorRoutes } from './monitor/routes.ts';
import { selfTest } from './monitor/selfTest.ts';
import { rangeProxy } from './proxy/rangeProxy.ts';
import { type AccessRules, holds } from './server/access.ts';
import { createServer } from './server/createServer.ts';
import { storeCheck } from './server/healthRoutes.ts';
import { openIssuers } from './server/issuers.ts';
import { logHappening } from './server/log.ts';
import type { RelayParts } from './server/parts.ts';
import { keepSecret } from './server/scrub.ts';
import { type UploadOptions, Uploads } from './server/uploads.ts';

const UPLOADS_SWEEP_MS = 600_000;
/** For connections that are cut off to be heard of. */
const CUT_OFF_MS = 1000;

/**
 * Starts everything that the roles of this process name, and says where it is.
 * @param open opens the store at an address
 * @throws ConfigError where what is asked for would not be safe; LumiscopeError where the store refuses
 */
export async function startRelay(config: RelayConfig, open = openObjectStore): Promise<void> {
  for (const name of ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_ACCESS_KEY_ID']) keepSecret(process.env[name]);
  requireSafe(config);
  const folder = await workingFolder(config.folder);
  const objects = open(config.store ?? join(folder, 'store'));
  const { ok, reason } = await storeCheck(objects);
  if (!ok)
    throw new LumiscopeError('source', `the store ${objects.address} refuses: ${reason}`, {
      hint: 'name another one by --store, or see that this program may write there',
    });

  const access = await accessRules(config);
  const listeners: Tell[] = [];
  const tell: Tell = (happening) => {
    for (const listener of listeners) listener(happening);
  };
  const uploads = await Uploads.open(uploadOptions(config, folder, objects, tell));
  const loops = startLoops(config, objects, tell);
  const monitor = createMonitor({
    objects,
    tell,
    datasets: () => loops.intake.datasets(),
    ...(config.selfTest > 0 && {
      selfTest: (signal) => selfTest(objects, signal),
      selfTestEveryMs: config.selfTest,
    }),
  });
  listeners.push(monitor.hear);
  const end = async () => {
    await Promise.all([loops.stop(), monitor.close()]);
  };
  try {
    const hosts = new Set<string>();
    const parts: RelayParts = {
      objects,
      tell,
      intake: loops.intake,
      checks: [loops.check, monitor.check],
      monitor: async (app) => {
        await app.register(monitorRoutes, {
          monitor,
          mayOf: (request) => ({ retry: holds(request, 'consume', access), test: holds(request, 'admin', access) }),
        });
      },
      ...(config.roles.includes('proxy') && { proxy: rangeProxy(proxyOptions(config, folder), { tell }) }),
    };
    const rules = { hosts, origins: new Set(config.origins) };
    const write = (line: string) => process.stdout.write(line);
    const server = await createServer(parts, { config, uploads, rules, access, app: builtApp(), write });
    listeners.push((happening) => logHappening(server.log, happening));
    await listen(server, config);
    const { port } = server.server.address() as AddressInfo;
    for (const host of hostsOf(config, port)) hosts.add(host);
    sweepUploads(uploads, config, tell);
    announce(config, port);
    stopOnSignals(server, config, end);
  } catch (error) {
    await end();
    throw error;
  }
}

function uploadOptions({ limits }: RelayConfig, folder: string, objects: ObjectStore, tell: Tell): UploadOptions {
  return {
    folder: join(folder, 'uploads'),
    objects,
    tell,
    objectBytes: limits.objectBytes,
    spoolBytes: limits.spoolBytes,
    memoryBytes: limits.uploadMemory,
    stalledMs: limits.stalledSeconds * 1000,
  };
}

function sweepUploads(uploads: Uploads, { lifetimes }: RelayConfig, tell: Tell): void {
  const sweep = async () => {
    try {
      const expired = await uploads.expire(lifetimes.uploads);
      if (expired.objects > 0) tell({ kind: 'expired', ...expired });
    } catch (error) {
      tell({ kind: 'error', where: 'api', reason: (error as Error).message });
    }
  };
  setInterval(() => void sweep(), UPLOADS_SWEEP_MS).unref();
}

function proxyOptions({ proxy }: RelayConfig, folder: string): RelayConfig['proxy'] {
  return { ...proxy, cache: { ...proxy.cache, folder: proxy.cache.folder ?? join(folder, 'proxy-cache') } };
}

async function accessRules({ auth, publicUrl, host, port }: RelayConfig): Promise<AccessRules> {
  const { issuers, anonymous } = auth;
  if (issuers.length === 0) return { anonymous };
  const own = new URL(publicUrl ?? `http://${host}:${port}`).origin;
  const rules = issuers.map((rule) => ({ ...rule, audience: [...rule.audience, own] }));
  return { verify: await openIssuers(rules, auth), anonymous };
}

/** Whoever can reach a relay without tokens can do everything: that is this machine, unless said otherwise. */
function requireSafe({ host, auth, openToNetwork, publicUrl }: RelayConfig): void {
  if (isLoopback(host)) return;
  if (auth.issuers.length === 0 && !openToNetwork)
    throw new ConfigError(
      `${host} can be reached by others, and no token would be asked for\n  name who issues tokens by --auth ISSUER, listen on 127.0.0.1, or say --open-to-network`,
    );
  if (publicUrl === undefined)
    throw new ConfigError(
      `${host} can be reached under many names\n  say by --public-url which one clients use: https://relay.example.org`,
    );
}

const isLoopback = (host: string) =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

async function workingFolder(path: string): Promise<string> {
  const folder = resolve(path);
  try {
    await makeFolder(folder);
    return folder;
  } catch (error) {
    throw new ConfigError(
      `the folder ${folder} can't be made (${(error as NodeJS.ErrnoException).code})\n  name another one by --folder`,
    );
  }
}

/** The app lies beside the built relay. */
function builtApp(): string | undefined {
  const folder = fileURLToPath(new URL('../dist', import.meta.url));
  return existsSync(join(folder, 'index.html')) ? folder : undefined;
}

async function listen(server: FastifyInstance, { host, port }: RelayConfig): Promise<void> {
  try {
    await server.listen({ host, port, listenTextResolver: (address) => `listening on ${address}` });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const said: Record<string, string> = {
      EADDRINUSE: `port ${port} of ${host} is taken\n  stop what listens there, or choose another one by --port`,
      EACCES: `this program may not listen on port ${port}\n  choose one above 1023 by --port`,
      EADDRNOTAVAIL: `${host} is no address of this machine\n  choose another one by --host`,
      ENOTFOUND: `${host} is no address of this machine\n  choose another one by --host`,
    };
    if (code !== undefined && said[code]) throw new ConfigError(said[code]);
    throw error;
  }
}

/** What `Host` may say. */
function hostsOf({ host, publicUrl }: RelayConfig, port: number): string[] {
  const names = isLoopback(host) ? ['127.0.0.1', 'localhost', '[::1]', isIP(host) === 6 ? `[${host}]` : host] : [];
  const local = names.map((name) => (port === 80 ? name : `${name}:${port}`));
  return [...new Set([...local, ...(publicUrl ? [new URL(publicUrl).host] : [])])];
}

function announce({ host, publicUrl, roles, store, folder }: RelayConfig, port: number): void {
  const base = (publicUrl ?? `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}/`).replace(/\/*$/, '/');
  const lines = [
    `Lumiscope relay (${roles.join(', ')}), store ${store ?? join(folder, 'store')}`,
    `  app        ${base}`,
    `  catalogue  ${base}#catalogue=${base}catalogue/`,
    `  monitor    ${base}#monitor`,
    `  interface  ${base}openapi.json`,
    'Stop with Ctrl+C.',
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
}

/**
 * Ends what is under way, within a bounded time; a second signal ends at once.
 * @param end has everything but the server's requests end
 */
function stopOnSignals(server: FastifyInstance, { stopSeconds }: RelayConfig, end: () => Promise<void>): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    server.log.info({ signal }, 'stopping');
    setTimeout(() => {
      server.log.warn('what did not end is cut off');
      server.server.closeAllConnections();
      setTimeout(() => process.exit(0), CUT_OFF_MS);
    }, stopSeconds * 1000).unref();
    Promise.all([server.close(), end()]).then(
      () => process.exit(0),
      (error: unknown) => {
        server.log.error({ err: error }, 'it could not end in order');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
