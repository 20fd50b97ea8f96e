/** What runs in a relay beside its server: the supervisor and the consumers, as its roles say. */
import type { Tell } from '../core/ingest/happening.ts';
import type { ObjectStore } from '../workers/objects/objectStore.ts';
import type { RelayConfig } from './config.ts';
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
  if (supervises) run('supervisor', supervise({ objects, book, tell, policy, signal, wake }));
  const call = supervises ? (dataset: string) => wake.call(dataset) : undefined;
  return {
    intake: openIntake({ objects, tell, book, wake: call }),
    check: async () => loops.map((loop) => loop.check()),
    async stop() {
      ending.abort();
      await Promise.all(loops.map(({ ended }) => ended));
    },
  };
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
