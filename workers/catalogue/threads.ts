import type { Remote } from 'comlink';
import { fromPlain, type LumiscopeError } from '../../core/errors.ts';
import type { AccessRules } from '../io/access.ts';
import type { ReadCounter } from '../io/byteSource.ts';
import { cancelled } from '../io/errors.ts';
import { MOST_IN_FLIGHT } from '../io/hosts.ts';
import type { CachePlace } from '../schedule/workerApi.ts';
import { WorkerCrash } from '../schedule/workerCrash.ts';
import type { Outcome } from '../session.ts';
import type { CatalogueThreadApi, Done, TaskInput, TaskKind, TaskOutput } from './tasks.ts';

/** A thread, in whatever way the platform starts one. */
export interface CatalogueThreadHandle {
  api: Remote<CatalogueThreadApi>;
  /** Settles when the thread dies by itself, with what is known of the reason. */
  crashed: Promise<string>;
  terminate(): void;
}

/** Tasks under way on one thread: one computes while the bytes of another come. */
const TASKS_OF_THREAD = 2;
/** What was fetched has so long to get into the cache when a catalogue is closed. */
const FLUSH_MS = 2000;

interface Thread {
  handle: CatalogueThreadHandle;
  busy: number;
  /** What ends each call that is under way. */
  calls: Set<(error: LumiscopeError) => void>;
}

/** How tasks run. */
export interface TaskOptions<T> {
  signal?: AbortSignal | undefined;
  /** Each result as it comes, in the order of the inputs. */
  onResult?: (value: T, index: number) => void;
  /** Tasks that a thread has under way: more than the usual two where they wait for answers far longer than they compute, and hold little. */
  atOnce?: number;
}

/** The threads of a catalogue, started when there is work for them. One that dies takes its tasks along, and is replaced. */
export class CatalogueThreads {
  readonly size: number;
  /** Of all tasks so far. */
  readonly read: Required<Pick<ReadCounter, 'bytes' | 'requests' | 'cachedBytes'>> = {
    bytes: 0,
    requests: 0,
    cachedBytes: 0,
  };
  readonly #spawn: () => CatalogueThreadHandle;
  readonly #threads: Thread[] = [];
  readonly #cache: CachePlace | undefined;
  readonly #waiting = new Set<() => void>();
  /** Who is told of a signal: one listener for all tasks that have it, since Node warns of more than ten. */
  readonly #told = new WeakMap<AbortSignal, Set<() => void>>();
  #access: AccessRules | undefined;
  #closed = false;
  #next = 0;

  constructor(spawn: () => CatalogueThreadHandle, size: number, cache?: CachePlace) {
    this.#spawn = spawn;
    this.size = size;
    this.#cache = cache;
  }

  setAccess(rules: AccessRules): void {
    this.#access = rules;
    for (const { handle } of this.#threads) void handle.api.setAccess(rules);
  }

  /** Runs a task on a thread that is free. @throws LumiscopeError what the task did; `cancelled`; `limit` where the thread died */
  async run<K extends TaskKind>(
    kind: K,
    input: TaskInput<K>,
    signal?: AbortSignal,
    atOnce = TASKS_OF_THREAD,
  ): Promise<TaskOutput<K>> {
    const thread = await this.#free(signal, atOnce);
    const id = this.#next++;
    const { api } = thread.handle;
    const unhook = this.#onAbort(signal, () => void api.cancel(id));
    let leave!: (error: LumiscopeError) => void;
    const gone = new Promise<never>((_, reject) => {
      leave = reject;
    });
    thread.calls.add(leave);
    try {
      if (signal?.aborted) throw cancelled();
      const asked = (api.run as (id: number, kind: K, input: TaskInput<K>) => Promise<Outcome<Done<TaskOutput<K>>>>)(
        id,
        kind,
        input,
      );
      const outcome = await Promise.race([asked, gone]);
      if (!outcome.ok) throw signal?.aborted ? cancelled() : fromPlain(outcome.error);
      const { value, read } = outcome.value;
      this.read.bytes += read.bytes;
      this.read.requests += read.requests;
      this.read.cachedBytes += read.cachedBytes ?? 0;
      return value;
    } finally {
      thread.calls.delete(leave);
      unhook();
      thread.busy--;
      this.#wake();
      this.#share();
    }
  }

  /**
   * Runs many tasks on all threads. Results come in the order of their inputs, whichever is done first; the first failure ends all.
   * @throws LumiscopeError as `run`
   */
  async all<K extends TaskKind>(
    kind: K,
    inputs: readonly TaskInput<K>[],
    { signal, onResult, atOnce = TASKS_OF_THREAD }: TaskOptions<TaskOutput<K>> = {},
  ): Promise<void> {
    const failed = new AbortController();
    const stop = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
    const done = new Map<number, TaskOutput<K>>();
    let begun = 0;
    let told = 0;
    const lane = async () => {
      while (begun < inputs.length) {
        const index = begun++;
        done.set(index, await this.run(kind, inputs[index]!, stop, atOnce));
        while (done.has(told)) {
          const value = done.get(told)!;
          done.delete(told);
          onResult?.(value, told++);
        }
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(inputs.length, this.size * atOnce) }, lane));
    } catch (error) {
      failed.abort();
      throw signal?.aborted ? cancelled() : error;
    }
  }

  /** Ends all tasks as if they were cancelled. What was fetched goes into the cache first, as far as that takes no longer than a moment. */
  close(): void {
    this.#closed = true;
    for (const { handle, calls } of this.#threads) {
      for (const leave of calls) leave(cancelled());
      if (!this.#cache) handle.terminate();
      else {
        const timer = setTimeout(() => handle.terminate(), FLUSH_MS);
        void handle.api
          .flush()
          .catch(() => {})
          .finally(() => {
            clearTimeout(timer);
            handle.terminate();
          });
      }
    }
    this.#wake();
  }

  /** The least busy thread, started if all are at work; waits where all have enough to do. */
  async #free(signal: AbortSignal | undefined, atOnce: number): Promise<Thread> {
    for (;;) {
      if (this.#closed || signal?.aborted) throw cancelled();
      const idle = this.#threads.find(({ busy }) => busy === 0);
      const thread = idle ?? (this.#threads.length < this.size ? this.#start() : this.#leastBusy());
      if (thread.busy < atOnce) {
        thread.busy++;
        this.#share();
        return thread;
      }
      await this.#change(signal);
    }
  }

  /** Settles when a task has ended, or when the one that waits is cancelled. */
  #change(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        this.#waiting.delete(go);
        unhook();
        resolve();
      };
      this.#waiting.add(go);
      const unhook = this.#onAbort(signal, go);
    });
  }

  /** Tells when a signal is aborted. @returns what ends that */
  #onAbort(signal: AbortSignal | undefined, tell: () => void): () => void {
    if (!signal) return () => {};
    const told = this.#told.get(signal) ?? new Set();
    if (!this.#told.has(signal)) {
      this.#told.set(signal, told);
      const tellAll = () => {
        for (const one of [...told]) one();
      };
      signal.addEventListener('abort', tellAll, { once: true });
    }
    told.add(tell);
    return () => told.delete(tell);
  }

  /** All that wait look again, in their order: the first of them may be cancelled, or want a thread that is less busy. */
  #wake(): void {
    for (const go of [...this.#waiting]) go();
  }

  #leastBusy(): Thread {
    return this.#threads.reduce((least, thread) => (thread.busy < least.busy ? thread : least));
  }

  #start(): Thread {
    const handle = this.#spawn();
    const thread: Thread = { handle, busy: 0, calls: new Set() };
    this.#threads.push(thread);
    void handle.crashed.then((reason) => {
      const crash = new WorkerCrash(reason);
      this.#threads.splice(this.#threads.indexOf(thread), 1);
      for (const leave of thread.calls) leave(crash);
      handle.terminate();
    });
    void handle.api.configure(this.#cache);
    if (this.#access) void handle.api.setAccess(this.#access);
    return thread;
  }

  /** Those that work share the requests that a host gets at once. */
  #share(): void {
    const working = this.#threads.filter(({ busy }) => busy > 0);
    for (const { handle } of working) {
      void handle.api.share(Math.max(1, Math.floor(MOST_IN_FLIGHT / working.length)));
    }
  }
}
