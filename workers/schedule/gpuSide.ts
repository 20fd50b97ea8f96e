import { GpuTrouble } from '../../gpu-kernels/types.ts';
import type { EngineChoice } from '../engine/engine.ts';
import { chooseEngine, type EngineRates } from '../engine/gpu/chooseEngine.ts';
import { decodedBytes } from './chunkBytes.ts';
import type { GpuHandle } from './gpuApi.ts';
import { GpuDevice } from './gpuDevice.ts';
import { type Batch, planBatches, shapesOf } from './gpuRun.ts';
import { findLacking, uploadColumns } from './gpuUpload.ts';
import { type DatasetJob, eventCounter } from './jobs.ts';
import type { WorkerPool } from './pool.ts';
import type { Task } from './scheduler.ts';

/** A run as it is to be made. */
export interface PreparedRun {
  jobs: DatasetJob[];
  /** For the GPU. */
  batches: Batch[];
  /** Why not all of it is. */
  note?: string;
}

/** Makes the jobs of a document for an engine. */
export type MakeJobs = (engine: 'wasm' | 'gpu') => Promise<DatasetJob[]>;

/** What a session has for runs on the GPU; loaded when the first one is asked for, or pays. */
export class GpuSide {
  readonly device: GpuDevice;

  constructor(spawn: () => Promise<GpuHandle>) {
    this.device = new GpuDevice(spawn);
  }

  /** What the GPU is to do of a run, and why not the rest. @throws LumiscopeError of `make` */
  async prepare(choice: EngineChoice, make: MakeJobs, rates: EngineRates): Promise<PreparedRun> {
    if (choice === 'auto') {
      const jobs = await make('wasm');
      if (!hasWork(jobs)) return { jobs, batches: [] };
      const reason = await this.#whyNot(jobs, rates);
      if (reason !== undefined) return { jobs, batches: [], note: reason };
    }
    const jobs = await make('gpu');
    if (!hasWork(jobs)) return { jobs, batches: [] };
    try {
      const info = await this.device.open();
      const reasons = await Promise.all(jobs.map((job) => this.#refusal(job)));
      if (reasons.every((reason) => reason === undefined)) return { jobs, batches: planBatches(jobs, info) };
      const others = await make('wasm');
      const mixed = jobs.map((job, k) => (reasons[k] === undefined ? job : others[k]!));
      const texts = reasons.flatMap((reason, k) =>
        reason === undefined ? [] : [jobs.length > 1 ? `${jobs[k]!.name}: ${reason}` : reason],
      );
      return { jobs: mixed, batches: planBatches(mixed, info), note: [...new Set(texts)].join('; ') };
    } catch (error) {
      if (!(error instanceof GpuTrouble)) throw error;
      return { jobs: await make('wasm'), batches: [], note: error.message };
    }
  }

  /**
   * Brings the columns of past jobs to the GPU while nothing else is to be done, if it pays: those that the pool has in memory. Ends
   * without a word where there is trouble.
   */
  async warm(
    jobs: readonly DatasetJob[],
    pool: WorkerPool,
    nextRun: () => number,
    isHeld: (file: number, chunk: number, column: string) => boolean,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      // What is known to be software is not opened again.
      const { isSoftware, budget } = this.device.info?.isSoftware ? this.device.info : await this.device.open();
      // A run that began meanwhile may be on it.
      if (signal.aborted) return;
      if (isSoftware) return this.device.close();
      const lowered: DatasetJob[] = [];
      for (const job of jobs) if ((await this.#refusal(job)) === undefined) lowered.push(job);
      const { lacking, residentBytes } = await findLacking(this.device, lowered.flatMap(wholeTasks));
      const held = lacking.filter(({ task: { file, chunk }, columns }) =>
        columns.every((column) => isHeld(file.id, chunk, column)),
      );
      const parts = { gpu: this.device, pool, run: nextRun(), signal };
      await uploadColumns(parts, held, budget / 2 - residentBytes, () => {});
    } catch {
      // The next run says what is wrong, if it is to use the GPU.
    }
  }

  async #whyNot(jobs: readonly DatasetJob[], rates: EngineRates): Promise<string | undefined> {
    const { info, refused } = this.device;
    const events = jobs.reduce((sum, job) => sum + sumOf(job.tasks, eventCounter(job)), 0);
    const lists = await Promise.all(jobs.map((job) => this.#missingBytes(job)));
    const missingBytes = sumOf(lists, (bytes) => bytes);
    const device = refused === undefined ? info : { refused };
    const { engine, reason } = chooseEngine({ events, missingBytes, device, rates });
    return engine === 'gpu' ? undefined : reason;
  }

  async #missingBytes({ files, tasks }: DatasetJob): Promise<number> {
    if (this.device.refused !== undefined || this.device.info?.isSoftware) return 0;
    const summaries = new Map(files.map(({ id, summary }) => [id, summary] as const));
    const { lacking } = await findLacking(this.device, tasks);
    return sumOf(lacking, ({ task: { file, chunk }, columns }) =>
      sumOf(columns, (column) => decodedBytes(summaries.get(file.id)!, chunk, column)),
    );
  }

  /** Makes the programs of a job ready. @returns why one of them can't run on a GPU */
  async #refusal({ files, programs, missing }: DatasetJob): Promise<string | undefined> {
    const done = new Set<string>();
    for (const [k, { key, program }] of missing.entries()) {
      if (done.has(key)) continue;
      done.add(key);
      const reason = await this.device.lower(key, program, shapesOf(programs[k]!, files[k]!.summary));
      if (reason !== undefined) return reason;
    }
    return undefined;
  }
}

function hasWork(jobs: readonly DatasetJob[]): boolean {
  return jobs.some(({ tasks }) => tasks.length > 0);
}

/** All chunks of a job with all columns of its document, whatever was to run of it. */
function wholeTasks({ files, programs }: DatasetJob): Task[] {
  return files.flatMap(({ id, name, metadata, index: known, summary }, k) => {
    const file = { id, name, metadata, pinned: summary.file, ...(known && { index: known }) };
    return summary.chunks.map(({ group }, chunk) => ({
      file,
      chunk,
      group,
      program: '',
      columns: programs[k]!.columns,
    }));
  });
}

function sumOf<T>(list: readonly T[], number: (one: T) => number): number {
  return list.reduce((sum, one) => sum + number(one), 0);
}
