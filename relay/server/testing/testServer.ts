/** The relay's server on a free port of loopback, over a store in memory. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { DatasetProgress, Happening } from '../../../core/ingest/happening.ts';
import type { ObjectStore } from '../../../workers/objects/objectStore.ts';
import { memoryObjects } from '../../../workers/objects/testing/memoryObjects.ts';
import { relayConfigSchema } from '../../configSchema.ts';
import type { AccessRules } from '../access.ts';
import { createServer } from '../createServer.ts';
import type { Intake, RelayParts } from '../parts.ts';
import { Uploads } from '../uploads.ts';

export interface TestServer {
  /** `http://127.0.0.1:port`. */
  url: string;
  /** Working folder. */
  folder: string;
  objects: ObjectStore;
  happened: Happening[];
  lines: string[];
  /** All that it answers, hidden or not, but for preflights: `GET /v1/datasets`. */
  routes: string[];
  close(): Promise<void>;
}

export interface TestServerOptions {
  config?: object;
  objects?: ObjectStore;
  access?: AccessRules;
  origins?: string[];
  app?: string;
  intake?: Partial<Intake>;
  parts?: Partial<RelayParts>;
  /** A folder that stays. */
  folder?: string;
}

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'lumiscope-relay-'));
  const config = relayConfigSchema.parse({ folder, log: { level: 'trace' }, ...options.config });
  const objects = options.objects ?? memoryObjects();
  const happened: Happening[] = [];
  const lines: string[] = [];
  const tell = (happening: Happening) => void happened.push(happening);
  const { limits } = config;
  const uploads = await Uploads.open({
    folder: join(folder, 'uploads'),
    objects,
    tell,
    objectBytes: limits.objectBytes,
    spoolBytes: limits.spoolBytes,
    memoryBytes: limits.uploadMemory,
    stalledMs: limits.stalledSeconds * 1000,
  });
  const hosts = new Set<string>();
  const intake: Intake = {
    message: async () => ({ again: false, staged: true }),
    declare: async () => ({ again: false }),
    datasets: async () => [],
    dataset: async () => undefined,
    retry: async () => false,
    ...options.intake,
  };
  const routes: string[] = [];
  const listRoutes = (begun: unknown) => {
    const { fastify } = begun as { fastify: FastifyInstance };
    fastify.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) if (one !== 'OPTIONS') routes.push(`${one} ${url}`);
    });
  };
  subscribe('fastify.initialization', listRoutes);
  const server = await createServer(
    { objects, tell, intake, ...options.parts },
    {
      config,
      uploads,
      rules: { hosts, origins: new Set(options.origins) },
      access: options.access ?? { anonymous: [] },
      app: options.app,
      write: (line) => void lines.push(line),
    },
  );
  unsubscribe('fastify.initialization', listRoutes);
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as AddressInfo;
  hosts.add(`127.0.0.1:${port}`).add(`localhost:${port}`);
  return {
    url: `http://127.0.0.1:${port}`,
    folder,
    objects,
    happened,
    lines,
    routes,
    async close() {
      server.server.closeAllConnections();
      await server.close();
      if (!options.folder) rmSync(folder, { recursive: true });
    },
  };
}

/** A dataset that waits for files. */
export const PROGRESS: DatasetProgress = {
  dataset: 'data15_13TeV.00276262.physics_Main.merge.AOD.r7562_p2521',
  state: 'COLLECTING',
  details: 'a file is missing',
  since: 1,
  files: 2,
  events: 100,
  filesComplete: 1,
  duplicates: 0,
  generation: 0,
  attempts: 0,
  alarms: [],
};
