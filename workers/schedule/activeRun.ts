import { LumiscopeError } from '../../core/errors.ts';
import { isTiled } from '../../core/hist/contents.ts';
import type { LoopName, PartialResult } from '../engine/engine.ts';
import { tooManyTiles } from '../engine/tileLimit.ts';
import { assemble } from './assemble.ts';
import { checkResultSize, completeJob, type DatasetJob, emptyResult, resultBytes } from './jobs.ts';
import { OrderedMerge } from './merge.ts';
import type { WorkerPool } from './pool.ts';
import { runTasks, type Task } from './scheduler.ts';

/** Results of chunks that may wait for their turn in the merge, over all workers. */
const WAITING_BYTES = 128e6;
/** Of the memory budget, what results may take: in the merge, and likewise in the workers. */
const RESULT_SHARE = 0.5;
/** A worker holds the histograms that it fills, and the copy that it sends. */
const COPIES_IN_WORKER = 2;

/** Where tiles are filled, fewer workers have more room each: how much they will take shows only then. */
const TILING_WORKERS = 4;

function hasTiles({ missing }: DatasetJob): boolean {
  const { histograms } = missing[0]?.program ?? { histograms: [] };
  return histograms.some(({ axes }) => isTiled(axes.map(({ axis }) => axis)));
}

/** A task of a job that the pool has to run: `job.tasks[index]`, or a part of it. */
export interface PoolWork {
  job: number;
  index: number;
  task: Task;
}

/** All tasks of all jobs. */
function allWork(jobs: readonly DatasetJob[]): PoolWork[] {
  return jobs.flatMap(({ tasks }, job) => tasks.map((task, index) => ({ job, index, task })));
}

/** The chunks of all data sets of one run, data set by data set, and what is merged of them. */
export class ActiveRun {
  readonly #jobs: readonly DatasetJob[];
  readonly #resultBudget: number;
  /** Bytes of the largest result of a chunk. */
  readonly #largest: number;
  readonly #merges: OrderedMerge[];
  /** For each job: places in its merge before those of its tasks. */
  readonly #heads: readonly number[];
  /** Counts results, so that a display knows whether there is something new. */
  version = 0;
  /** Events whose results are there, or were from the start. */
  events: number;

  /**
   * @param budget bytes of memory of the session
   * @param heads for each job: how many results of many chunks at once come before those of its tasks, through `addFirst`
   * @throws LumiscopeError `limit` where the histograms take too much of it
   */
  constructor(jobs: readonly DatasetJob[], budget: number, heads: readonly number[] = jobs.map(() => 0)) {
    this.#jobs = jobs;
    this.#resultBudget = budget * RESULT_SHARE;
    checkResultSize(jobs, this.#resultBudget);
    this.#largest = Math.max(...jobs.map(({ missing }) => (missing[0] ? resultBytes(missing[0].program) : 0)), 1);
    this.#merges = jobs.map(
      ({ missing, programs, skipped }) =>
        new OrderedMerge(emptyResult(missing[0]?.program ?? { ...programs[0]!, histograms: [] }, skipped.events)),
    );
    this.events = this.known();
    this.#heads = heads;
  }

  /** A result of many chunks of a job. @param result undefined where there is none: their tasks are run instead */
  addFirst(job: number, place: number, result: PartialResult | undefined): void {
    this.#addAt(job, place, result);
  }

  /** A task adds nothing any more: all of it is in a result of many chunks. */
  skip({ job, index }: PoolWork): void {
    this.#addAt(job, this.#heads[job]! + index, undefined);
  }

  /**
   * Runs what is left on the pool, in the order of jobs and tasks.
   * @throws LumiscopeError as `runTasks`
   */
  async finish(
    pool: WorkerPool,
    run: number,
    engine: LoopName,
    signal: AbortSignal | undefined,
    work: readonly PoolWork[] = allWork(this.#jobs),
  ): Promise<void> {
    const programs = new Map(
      this.#jobs.flatMap(({ missing, truncated }) =>
        [...missing, ...truncated].map(({ key, program }) => [key, program] as const),
      ),
    );
    const tasks = work.map(({ task }) => task);
    let behind = 0;
    const add = (index: number, result: PartialResult | undefined) => {
      const { job, index: place } = work[index]!;
      this.#addAt(job, this.#heads[job]! + place, result);
      const isMerged = ({ job, index }: PoolWork) => this.#merges[job]!.merged > this.#heads[job]! + index;
      while (behind < work.length && isMerged(work[behind]!)) behind++;
      return behind;
    };
    const workers = Math.max(1, Math.floor(this.#resultBudget / (COPIES_IN_WORKER * this.#largest)));
    const tileBytes = this.#resultBudget / COPIES_IN_WORKER / Math.min(workers, pool.size, TILING_WORKERS);
    const lost: number[] = [];
    const running = runTasks(pool, { run, engine, programs, tileBytes }, tasks, {
      signal,
      workers: this.#jobs.some(hasTiles) ? Math.min(workers, TILING_WORKERS) : workers,
      window: Math.max(1, Math.floor(WAITING_BYTES / this.#largest)),
      merged: add,
      lost: (index) => {
        lost.push(index);
        return add(index, undefined);
      },
    });
    await running.catch((error) => {
      throw error instanceof LumiscopeError && lost.length > 0 ? withLosses(error, tasks, lost) : error;
    });
  }

  /** Events of which all is known without a run: those of results that are kept, and of chunks that are skipped. */
  known(): number {
    return this.#jobs.reduce(
      (sum, { missing, cutflow, skipped }) =>
        sum + skipped.events + (missing.length === 0 && cutflow ? cutflow.events : 0),
      0,
    );
  }

  /** Numbers of each data set, in order: the sums, which are final when the run is. */
  results(): PartialResult[] {
    return this.#jobs.map((job, index) => completeJob(job, this.#merges[index]!.sum()));
  }

  /** Everything that is there, for display. */
  display(): ReturnType<typeof assemble> {
    return this.#assemble(this.#jobs.map((job, index) => completeJob(job, this.#merges[index]!.snapshot())));
  }

  final(): ReturnType<typeof assemble> {
    return this.#assemble(this.results());
  }

  #assemble(numbers: PartialResult[]): ReturnType<typeof assemble> {
    return assemble(
      this.#jobs.map(({ name, files, programs }, index) => ({
        name,
        files,
        program: programs[0]!,
        numbers: numbers[index]!,
      })),
    );
  }

  /** @throws LumiscopeError `limit` that names the largest histogram in tiles, where all of them hold more than results may */
  #checkTiles(): void {
    const held = this.#jobs.flatMap(({ missing }, job) =>
      this.#merges[job]!.tileBytes().map((bytes, k) => ({
        bytes,
        name: missing[0]?.program.histograms[k]?.name ?? '',
      })),
    );
    if (held.reduce((sum, { bytes }) => sum + bytes, 0) <= this.#resultBudget) return;
    const largest = held.reduce((most, one) => (one.bytes > most.bytes ? one : most));
    throw tooManyTiles(largest.name, this.#resultBudget);
  }

  #addAt(job: number, place: number, result: PartialResult | undefined): void {
    this.#merges[job]!.add(place, result);
    this.#checkTiles();
    this.version++;
    this.events += result?.events ?? 0;
  }
}

/** An error that says too what is missing of the result. */
function withLosses(error: LumiscopeError, tasks: readonly Task[], lost: readonly number[]): LumiscopeError {
  const chunks = new Map<string, { lost: number; of: number }>();
  for (const { file } of tasks) chunks.set(file.name, { lost: 0, of: (chunks.get(file.name)?.of ?? 0) + 1 });
  for (const index of lost) chunks.get(tasks[index]!.file.name)!.lost++;
  const missing = [...chunks].flatMap(([file, { lost, of }]) => (lost > 0 ? [{ file, chunks: lost, of }] : []));
  const { tag, message, hint, place } = error;
  return new LumiscopeError(tag, message, { hint, place: { ...place, missing }, cause: error });
}
