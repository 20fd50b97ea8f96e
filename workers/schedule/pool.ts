import type { Remote } from 'comlink';
import { fromPlain, type LumiscopeError } from '../../core/errors.ts';
import type { AccessRules } from '../io/access.ts';
import type { ReadCounter } from '../io/byteSource.ts';
import { cancelled } from '../io/errors.ts';
import { MOST_IN_FLIGHT } from '../io/hosts.ts';
import type { Outcome } from '../session.ts';
import type { CachePlace, WorkerApi, WorkerState } from './workerApi.ts';
import { WorkerCrash } from './workerCrash.ts';

/** A thread that runs a worker host, in whatever way the platform starts one. */
export interface WorkerHandle {
  api: Remote<WorkerApi>;
  /** Settles when the thread dies by itself, with what is known of the reason. */
  crashed: Promise<string>;
  terminate(): void;
}

/** What was fetched has so long to get into the cache when a session ends. */
const FLUSH_MS = 2000;

/** One worker of the pool, and what the session knows of it. */
export class PoolWorker {
  readonly index: number;
  /** Files that it has opened. */
  readonly files = new Set<number>();
  /** Whether it has started up: until then, it knows nothing and holds nothing. */
  ready = false;
  /** As last heard. */
  state: WorkerState = { read: { bytes: 0, requests: 0 }, memoryBytes: 0, events: new Map() };
  readonly #handle: WorkerHandle;
  /** Told when it starts to work, and when it has nothing to do any more. */
  onWork: (() => void) | undefined;
  #working = 0;
  #lanes = MOST_IN_FLIGHT;
  /** What ends each call that is under way. */
  readonly #calls = new Set<(error: LumiscopeError) => void>();
  /** Why it is gone. */
  #end: LumiscopeError | undefined;

  constructor(index: number, handle: WorkerHandle, budget: number, access?: AccessRules, cache?: CachePlace) {
    this.index = index;
    this.#handle = handle;
    void handle.crashed.then((reason) => this.terminate(new WorkerCrash(reason)));
    this.ask((api) => api.configure(budget, cache)).then(
      () => {
        this.ready = true;
      },
      (error) => this.terminate(new WorkerCrash(String(error))),
    );
    if (access) this.setAccess(access);
  }

  get alive(): boolean {
    return this.#end === undefined;
  }

  /** @throws LumiscopeError what the worker answered, or as `ask` */
  async call<T>(ask: (api: Remote<WorkerApi>) => Promise<Outcome<T>>): Promise<T> {
    if (this.#working++ === 0) this.onWork?.();
    try {
      const outcome = await this.ask(ask);
      if (!outcome.ok) throw fromPlain(outcome.error);
      return outcome.value;
    } finally {
      if (--this.#working === 0) this.onWork?.();
    }
  }

  get works(): boolean {
    return this.alive && this.#working > 0;
  }

  /** How many requests to one host it may have in flight. */
  share(lanes: number): void {
    if (lanes === this.#lanes) return;
    this.#lanes = lanes;
    this.ask((api) => api.share(lanes)).catch(() => {});
  }

  /** @throws LumiscopeError what `terminate` was told, where the worker is gone */
  async ask<T>(question: (api: Remote<WorkerApi>) => Promise<T>): Promise<T> {
    if (this.#end) throw this.#end;
    // Not a race with a promise for the whole life of the worker: that would hold on to every answer.
    let leave!: (error: LumiscopeError) => void;
    const gone = new Promise<never>((_, reject) => {
      leave = reject;
    });
    this.#calls.add(leave);
    try {
      return await Promise.race([question(this.#handle.api), gone]);
    } finally {
      this.#calls.delete(leave);
    }
  }

  /** What it is asked later goes with these: messages stay in order. */
  setAccess(rules: AccessRules): void {
    this.ask((api) => api.setAccess(rules)).catch(() => {});
  }

  /** Asks for news; a worker that is gone keeps its last. */
  async refresh(): Promise<void> {
    try {
      this.state = await this.ask((api) => api.state());
    } catch {
      this.state = { ...this.state, memoryBytes: 0, events: new Map() };
    }
  }

  /** @param why what calls that are under way, and later ones, end with: nobody answers them */
  terminate(why: LumiscopeError): void {
    if (this.#end) return;
    this.#end = why;
    for (const leave of this.#calls) leave(why);
    this.#handle.terminate();
  }
}

/** Workers, started when there is work for them; one that dies is replaced. */
export class WorkerPool {
  readonly size: number;
  readonly budget: number;
  readonly #cache: CachePlace | undefined;
  readonly #spawn: () => WorkerHandle;
  readonly #workers: (PoolWorker | undefined)[];
  /** What workers that died had read. */
  readonly #lost: ReadCounter = { bytes: 0, requests: 0 };
  #access: AccessRules | undefined;
  #closed = false;

  constructor(spawn: () => WorkerHandle, size: number, budget: number, cache?: CachePlace) {
    this.#spawn = spawn;
    this.#cache = cache;
    this.size = size;
    this.budget = budget;
    this.#workers = Array.from({ length: size });
  }

  /**
   * Worker `index`, started if it is not running.
   * @throws LumiscopeError `cancelled` once the pool is closed
   */
  worker(index: number): PoolWorker {
    if (this.#closed) throw cancelled();
    const present = this.#workers[index];
    if (present?.alive) return present;
    if (present) {
      Object.assign(this.#lost, sumOf([this.#lost, present.state.read]));
    }
    const budget = Math.floor(this.budget / this.size);
    const worker = new PoolWorker(index, this.#spawn(), budget, this.#access, this.#cache);
    worker.onWork = () => this.#shareLanes();
    this.#workers[index] = worker;
    return worker;
  }

  /** Keys and tokens of all workers, also of those that start later. */
  setAccess(rules: AccessRules): void {
    this.#access = rules;
    for (const worker of this.running()) worker.setAccess(rules);
  }

  /** Those that work share the requests that a host gets at once. */
  #shareLanes(): void {
    const working = this.running().filter(({ works }) => works);
    for (const worker of working) worker.share(Math.max(1, Math.floor(MOST_IN_FLIGHT / working.length)));
  }

  /** Those that were started and live. */
  running(): PoolWorker[] {
    return this.#workers.filter((worker): worker is PoolWorker => worker?.alive === true);
  }

  /** Those that have started up, too. */
  ready(): PoolWorker[] {
    return this.running().filter((worker) => worker.ready);
  }

  /** Asks all for news. */
  async refresh(): Promise<void> {
    await Promise.all(this.ready().map((worker) => worker.refresh()));
  }

  /** What all workers have ever read, as last heard. */
  read(): Required<ReadCounter> {
    const counters = [this.#lost, ...this.#workers.flatMap((worker) => (worker ? [worker.state.read] : []))];
    return sumOf(counters);
  }

  memoryBytes(): number {
    return this.running().reduce((sum, worker) => sum + worker.state.memoryBytes, 0);
  }

  /** What was fetched goes into the cache first, as far as that takes no longer than a moment. */
  close(): void {
    this.#closed = true;
    for (const worker of this.running()) {
      const end = () => worker.terminate(cancelled());
      if (!this.#cache || !worker.ready) end();
      else {
        const timer = setTimeout(end, FLUSH_MS);
        void worker
          .ask((api) => api.flushCache())
          .catch(() => {})
          .finally(() => {
            clearTimeout(timer);
            end();
          });
      }
    }
  }
}

function sumOf(counters: readonly ReadCounter[]): Required<ReadCounter> {
  const sum = { bytes: 0, requests: 0, cachedBytes: 0, failed: new Map<string, string>() };
  for (const { bytes, requests, cachedBytes = 0, failed = [] } of counters) {
    for (const [url, why] of failed) sum.failed.set(url, why);
    sum.bytes += bytes;
    sum.requests += requests;
    sum.cachedBytes += cachedBytes;
  }
  return sum;
}
