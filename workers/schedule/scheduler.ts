import { LumiscopeError } from '../../core/errors.ts';
import type { FileIndex } from '../formats/eventFile.ts';
import type { PinnedFile } from '../io/byteSource.ts';
import { cancelled } from '../io/errors.ts';
import type { PoolWorker, WorkerPool } from './pool.ts';
import type { ChunkResult, ChunkTask, KnownRange, RunSetup } from './workerApi.ts';
import { WorkerCrash } from './workerCrash.ts';

/** One chunk to run. Its place in the list of tasks is its place in the merge. */
export interface Task {
  file: ScheduledFile;
  chunk: number;
  /** Chunks of a file with the same number share bytes: one worker runs them all. */
  group?: number;
  program: string;
  /** Columns that the program needs. */
  columns: readonly string[];
  /** As of `ChunkTask`. */
  rows?: Uint32Array;
  hand?: readonly string[];
}

/** A file as workers are told of it. */
export interface ScheduledFile {
  id: number;
  pinned: PinnedFile;
  metadata: KnownRange[];
  index?: FileIndex;
  /** What messages call it. */
  name: string;
}

/** Each worker computes one chunk while the bytes of one more are on their way. */
const DEPTH = 2;
const RETRIES = 2;
const RETRY_DELAY_MS = 200;
/** A worker that has not heard of a run's end by then is in an event that takes for ever: another one takes its place. */
const DEAF_AFTER_MS = 2000;

interface State {
  task: Task;
  index: number;
  attempts: number;
  /** Worker that failed on it last. */
  avoid?: PoolWorker;
}

interface RunOptions {
  signal?: AbortSignal;
  /** Workers at most, of those that the pool has. */
  workers: number;
  window: number;
  /** Told each result, in any order. @returns how many are merged without a gap; until then, the worker gets no further chunk for it */
  merged: (index: number, result: ChunkResult) => number | Promise<number>;
  /**
   * Told of each chunk that can't be had; the others still run, and the error comes at the end. @returns as `merged`. Without, the first
   * error ends the run.
   */
  lost?: (index: number) => number;
}

/**
 * Runs chunks on a pool.
 *
 * A chunk whose columns are in the memory of a worker goes to that worker, so that no byte is read twice; the others
 * go to whoever is free, in order. No chunk starts more than `window` places beyond the first unmerged one, which bounds
 * the results that wait for their turn. A chunk that fails with its worker is tried twice more, elsewhere if it can be; sources try again
 * themselves. Of a file that a source can't give, no more chunks are begun.
 *
 * @throws LumiscopeError of the first chunk that fails for good; `cancelled` at once when `signal` fires
 */
export async function runTasks(
  pool: WorkerPool,
  setup: RunSetup,
  tasks: readonly Task[],
  options: RunOptions,
): Promise<void> {
  const run = new Run(pool, setup, tasks, options);
  try {
    await run.finished(options.signal);
  } finally {
    run.end();
  }
}

class Run {
  readonly #pool: WorkerPool;
  readonly #setup: RunSetup;
  readonly #options: RunOptions;
  readonly #workers: number;
  /** Chunks that wait for whoever is free, in order. */
  #free: State[];
  /** Chunks that wait for the worker that holds the most of their columns, in order. */
  readonly #owned = new Map<PoolWorker, State[]>();
  /** Who runs the chunks of each group. */
  readonly #groups = new Map<string, PoolWorker>();
  readonly #inFlight = new Map<number, number>();
  /** Workers that were told of the run, and whether that could be done. */
  readonly #told = new Map<PoolWorker, Promise<void>>();
  readonly #homes: Promise<void>;
  #left: number;
  #merged = 0;
  #ended = false;
  /** Why the first chunk that is lost is. */
  #loss: LumiscopeError | undefined;
  #settle!: { resolve: () => void; reject: (error: unknown) => void };

  constructor(pool: WorkerPool, setup: RunSetup, tasks: readonly Task[], options: RunOptions) {
    this.#pool = pool;
    this.#setup = setup;
    this.#options = options;
    this.#workers = Math.min(pool.size, options.workers);
    this.#free = tasks.map((task, index) => ({ task, index, attempts: 0 }));
    this.#left = tasks.length;
    this.#homes = this.#findHomes();
  }

  async finished(signal: AbortSignal | undefined): Promise<void> {
    const cancel = () => this.#settle.reject(cancelled());
    const done = new Promise<void>((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel);
    if (this.#left === 0) this.#settle.resolve();
    this.#homes.then(() => this.#dispatch()).catch((error) => this.#settle.reject(error));
    try {
      await done;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  end(): void {
    this.#ended = true;
    for (const worker of this.#told.keys()) {
      const deaf = setTimeout(() => worker.terminate(new WorkerCrash('it no longer answered')), DEAF_AFTER_MS);
      worker
        .ask((api) => api.end(this.#setup.run))
        .catch(() => {})
        .finally(() => clearTimeout(deaf));
    }
  }

  /** Finds out which worker holds the columns of which chunk. */
  async #findHomes(): Promise<void> {
    const held = new Map<string, Map<PoolWorker, Set<string>>>();
    const ask = async (worker: PoolWorker) => {
      for (const { file, chunk, column } of await worker.ask((api) => api.holdings())) {
        const place = `${file}/${chunk}`;
        const columns = held.get(place) ?? new Map<PoolWorker, Set<string>>();
        held.set(place, columns.set(worker, (columns.get(worker) ?? new Set<string>()).add(column)));
      }
    };
    const holders = this.#pool.ready().filter(({ index }) => index < this.#workers);
    await Promise.allSettled(holders.map(ask));
    this.#free = this.#free.filter((state) => {
      let most = 0;
      let home: PoolWorker | undefined;
      for (const [worker, columns] of held.get(`${state.task.file.id}/${state.task.chunk}`) ?? []) {
        const count = state.task.columns.filter((column) => columns.has(column)).length;
        if (count > most) home = worker;
        most = Math.max(most, count);
      }
      if (!home) return true;
      this.#owned.set(home, [...(this.#owned.get(home) ?? []), state]);
      this.#groups.set(groupOf(state.task), home);
      return false;
    });
  }

  /** Gives every worker its first chunk before any gets a second one. */
  #dispatch(): void {
    for (const [worker, states] of this.#owned) {
      if (worker.alive) continue;
      this.#owned.delete(worker);
      this.#release(states);
    }
    for (let depth = 0; depth < DEPTH; depth++) {
      for (let index = 0; index < this.#workers; index++) {
        if (this.#ended) return;
        if ((this.#inFlight.get(index) ?? 0) !== depth) continue;
        const next = this.#next(index);
        if (next) void this.#start(this.#pool.worker(index), next);
      }
    }
  }

  /** Takes the next chunk for a worker out of those that wait: its own first. */
  #next(index: number): State | undefined {
    const end = this.#merged + this.#options.window;
    const worker = this.#pool.running().find((one) => one.index === index);
    const own = worker && this.#owned.get(worker);
    if (own?.[0] && own[0].index < end) return own.shift();
    const at = this.#free.findIndex((state) => state.index >= end || this.#mayRun(worker, state));
    return at >= 0 && this.#free[at]!.index < end ? this.#free.splice(at, 1)[0] : undefined;
  }

  /** @param worker undefined for one that is not started yet */
  #mayRun(worker: PoolWorker | undefined, { task, avoid }: State): boolean {
    const owner = this.#groups.get(groupOf(task));
    if (owner?.alive) return owner === worker;
    return !avoid || avoid !== worker || this.#workers === 1;
  }

  /** Puts chunks among those for whoever is free. */
  #release(states: readonly State[]): void {
    this.#free = [...this.#free, ...states].sort((a, b) => a.index - b.index);
  }

  async #start(worker: PoolWorker, state: State): Promise<void> {
    const { index } = worker;
    if (state.task.group !== undefined) this.#groups.set(groupOf(state.task), worker);
    this.#inFlight.set(index, (this.#inFlight.get(index) ?? 0) + 1);
    try {
      const result = await this.#call(worker, state.task);
      if (this.#ended) return;
      const merged = this.#options.merged(state.index, result);
      // Not all wait for a turn of the event loop: most merge at once.
      const count = typeof merged === 'number' ? merged : await merged;
      if (this.#ended) return;
      this.#merged = Math.max(this.#merged, count);
      this.#finished();
    } catch (error) {
      // What is lost lets results behind it be merged, which may come to a limit.
      if (!this.#ended) await this.#failed(worker, state, error).catch((limit) => this.#settle.reject(limit));
    } finally {
      this.#inFlight.set(index, this.#inFlight.get(index)! - 1);
    }
    if (this.#ended) return;
    try {
      this.#dispatch();
    } catch (error) {
      this.#settle.reject(error);
    }
  }

  async #call(worker: PoolWorker, { file, chunk, program, rows, hand }: Task): Promise<ChunkResult> {
    const begun = this.#told.get(worker) ?? worker.ask((api) => api.begin(this.#setup));
    this.#told.set(worker, begun);
    const task: ChunkTask = { run: this.#setup.run, file: file.id, chunk, program };
    if (rows) task.rows = rows;
    if (hand) task.hand = hand;
    if (!worker.files.has(file.id)) {
      worker.files.add(file.id);
      const { pinned, metadata, index: known } = file;
      task.open = { pinned, metadata, ...(known && { index: known }) };
    }
    const [result] = await Promise.all([worker.call((api) => api.runChunk(task)), begun]);
    return result;
  }

  async #failed(worker: PoolWorker, state: State, error: unknown): Promise<void> {
    const known =
      error instanceof LumiscopeError ? error : new LumiscopeError('format', String(error), { cause: error });
    worker.files.delete(state.task.file.id);
    this.#groups.delete(groupOf(state.task));
    if (!(known instanceof WorkerCrash) || state.attempts >= RETRIES) {
      const { message, hint, place, tag } = known;
      const full = { hint, place: { file: state.task.file.name, ...place }, cause: known };
      this.#fail(state, new LumiscopeError(tag, message, full));
      return;
    }
    state.attempts++;
    await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS * state.attempts));
    this.#release([{ ...state, avoid: worker }]);
  }

  /** A chunk fails for good: where its source is to blame, the rest of its file is lost with it. */
  #fail(state: State, error: LumiscopeError): void {
    const { lost } = this.#options;
    if (!lost || error.tag !== 'source') {
      this.#settle.reject(error);
      return;
    }
    this.#loss ??= error;
    const isOfFile = ({ task }: State) => task.file.id === state.task.file.id;
    const waiting = [this.#free, ...this.#owned.values()].flat().filter(isOfFile);
    this.#free = this.#free.filter((one) => !isOfFile(one));
    for (const [worker, states] of this.#owned)
      this.#owned.set(
        worker,
        states.filter((one) => !isOfFile(one)),
      );
    for (const { index } of [state, ...waiting]) {
      this.#merged = lost(index);
      this.#finished();
    }
  }

  /** One chunk less to wait for. */
  #finished(): void {
    if (--this.#left > 0) return;
    if (this.#loss) this.#settle.reject(this.#loss);
    else this.#settle.resolve();
  }
}

function groupOf({ file, chunk, group }: Task): string {
  return group === undefined ? `${file.id}/chunk ${chunk}` : `${file.id}/${group}`;
}
