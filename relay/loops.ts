/** What runs in a relay beside its server: the supervisor and the consumers, as its roles say. */
import { join, resolve } from 'node:path';
import type { Tell } from '../core/ingest/happening.ts';
import { CATALOGUE_FOLDER } from '../core/ingest/layout.ts';
import { MANIFEST } from '../workers/catalogue/write/catalogueStore.ts';
import { sweepCatalogue } from '../workers/catalogue/write/sweepCatalogue.ts';
import type { ObjectStore } from '../workers/objects/objectStore.ts';
import type { RelayConfig } from './config.ts';
import { DEFAULT_CONSUMER_POLICY } from './consumer/policy.ts';
import { startConsumers } from './consumer/startConsumers.ts';
import type { Check, Intake } from './server/parts.ts';
import { DatasetBook } from './supervisor/datasetBook.ts';
import { openIntake } from './supervisor/openIntake.ts';
import { DEFAULT_POLICY, type RelayPolicy } from './supervisor/policy.ts';
import { supervise } from './supervisor/supervise.ts';
import { Wake } from './wake.ts';

export interface Loops {
  intake: Intake;
  /** Whether each loop of this process is alive. */
  check(): Promise<Check[]>;
  /** Has them end at a safe point. */
  stop(): Promise<void>;
}

export function startLoops(config: RelayConfig, objects: ObjectStore, tell: Tell): Loops {
  const { roles } = config;
  const ending = new AbortController();
  const { signal } = ending;
  const policy = policyOf(config);
  const book = new DatasetBook(objects, policy);
  const loops: Loop[] = [];
  const run = (name: string, work: Promise<unknown>) => loops.push(new Loop(name, work, tell));

  const wake = new Wake();
  const supervises = roles.includes('supervisor');
  const consumers = roles.includes('consumer')
    ? startConsumers(config.consumers, threadTask(config), tell, (dataset) => wake.call(dataset))
    : undefined;
  if (supervises) {
    const validated = (dataset: string) => consumers?.wake(dataset);
    const sweep = (olderThanMs: number, ends: AbortSignal) => sweepObjects(objects, olderThanMs, ends);
    run('supervisor', supervise({ objects, book, tell, policy, signal, wake, validated, sweepCatalogue: sweep }));
  }
  const call = supervises ? (dataset: string) => wake.call(dataset) : undefined;
  return {
    intake: openIntake({ objects, tell, book, wake: call }),
    async check() {
      const checks = loops.map((loop) => loop.check());
      const troubles = consumers?.troubles() ?? [];
      const reason = troubles.length === 0 ? `${config.consumers} run` : troubles.join('; ');
      return consumers ? [...checks, { name: 'consumers', ok: troubles.length === 0, reason }] : checks;
    },
    async stop() {
      ending.abort();
      await Promise.all([...loops.map(({ ended }) => ended), consumers?.stop()]);
    },
  };
}

function threadTask({ folder, store, memory }: RelayConfig) {
  return {
    store: store ?? join(resolve(folder), 'store'),
    policy: DEFAULT_CONSUMER_POLICY,
    spillFolder: join(resolve(folder), 'sorting'),
    memoryBytes: memory,
  };
}

const DAY_MS = 86_400_000;

/** Objects that the manifest of the catalogue does not name; nothing where there is no catalogue yet. */
async function sweepObjects(objects: ObjectStore, olderThanMs: number, signal: AbortSignal) {
  const catalogue = objects.below(CATALOGUE_FOLDER);
  if (!(await catalogue.stat(MANIFEST, signal))) return { objects: 0, bytes: 0 };
  const { removed } = await sweepCatalogue(catalogue, { olderThan: olderThanMs / DAY_MS, signal });
  return { objects: removed.length, bytes: removed.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** One that ends before it was told to has failed. */
class Loop {
  readonly ended: Promise<void>;
  readonly #name: string;
  #trouble: string | undefined;

  constructor(name: string, work: Promise<unknown>, tell: Tell) {
    this.#name = name;
    this.ended = work.then(
      () => {
        this.#trouble = 'it ended';
      },
      (error: Error) => {
        this.#trouble = error.message;
        tell({ kind: 'error', where: name === 'supervisor' ? 'supervisor' : 'consumer', reason: error.message });
      },
    );
  }

  check(): Check {
    return { name: this.#name, ok: this.#trouble === undefined, reason: this.#trouble ?? 'runs' };
  }
}

function policyOf({ lifetimes }: RelayConfig): RelayPolicy {
  return {
    ...DEFAULT_POLICY,
    duplicatesMs: lifetimes.duplicates,
    stagedMs: lifetimes.staged,
    messagesMs: lifetimes.messages,
    unclaimedMs: lifetimes.unclaimed,
    catalogueMs: lifetimes.catalogue,
    stalledMs: lifetimes.stalled,
  };
}
