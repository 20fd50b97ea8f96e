/**
 * What of a run the GPU does. Chunks go in batches, in their order; what is in doubt, and what the GPU can't do, is left to the pool.
 *
 * Chunks that don't fit on the device stay with WebAssembly for good: columns that take turns there would be uploaded anew in every run
 * (the one that is needed next is always the one that made room), which costs more than running them where they are.
 */
import type { Program } from '../../core/expr/typedForm.ts';
import { type ColumnShape, type GpuChunk, type GpuInfo, GpuTrouble } from '../../gpu-kernels/types.ts';
import type { FileSummary } from '../formats/eventFile.ts';
import type { ActiveRun, PoolWork } from './activeRun.ts';
import type { GpuDevice } from './gpuDevice.ts';
import { findLacking, uploadColumns } from './gpuUpload.ts';
import { type DatasetJob, eventCounter } from './jobs.ts';
import type { WorkerPool } from './pool.ts';
import type { Task } from './scheduler.ts';

/** Chunks with one program, run in one go: there is something new to see after each. */
export interface Batch {
  job: number;
  /** Among the batches of the job. */
  place: number;
  program: string;
  work: PoolWork[];
}

/**
 * Events of a batch, at least: fixed for a device, so that sums are made in the same order in every run. A software renderer takes
 * seconds for what a GPU does in a frame.
 */
const BATCH_EVENTS = 32e6;
const SOFTWARE_BATCH_EVENTS = 1e6;
/** Of the device's budget for columns, what one run takes: gaps between columns take a little. */
const BUDGET_SHARE = 0.95;

/** Whole programs only: of a chunk that is read only in part, little is to be done. */
export function planBatches(jobs: readonly DatasetJob[], { isSoftware }: GpuInfo): Batch[] {
  const most = isSoftware ? SOFTWARE_BATCH_EVENTS : BATCH_EVENTS;
  return jobs.flatMap((own, job) => {
    if (own.engine !== 'gpu') return [];
    const whole = new Set(own.missing.map(({ key }) => key));
    const eventsOf = eventCounter(own);
    const batches: Batch[] = [];
    let events = Number.POSITIVE_INFINITY;
    own.tasks.forEach((task, index) => {
      if (!whole.has(task.program)) return;
      if (events >= most || batches.at(-1)?.program !== task.program) {
        batches.push({ job, place: batches.length, program: task.program, work: [] });
        events = 0;
      }
      batches.at(-1)!.work.push({ job, index, task });
      events += eventsOf(task);
    });
    return batches;
  });
}

/** How the columns of a program lie in a file. */
export function shapesOf({ columns }: Program, { columns: known }: FileSummary): Map<string, ColumnShape> {
  const needed = new Set(columns);
  return new Map(
    known.flatMap(({ name, type, depth, nullable }) => (needed.has(name) ? [[name, { type, depth, nullable }]] : [])),
  );
}

export interface GpuRunParts {
  gpu: GpuDevice;
  pool: WorkerPool;
  jobs: readonly DatasetJob[];
  active: ActiveRun;
  /** A number for each time that the pool is asked. */
  nextRun: () => number;
  signal: AbortSignal | undefined;
  /** Told the events that were run, those in doubt included. */
  onEvents: (events: number) => void;
}

/** What became of a run on the GPU. */
export interface GpuShare {
  /** For the pool, in the order of jobs and tasks. */
  left: PoolWork[];
  /** Jobs of which the GPU did something. */
  made: Set<number>;
  /** Why it did not do all that it was to, for people. */
  note?: string;
  /** Seconds that the device took: without those of compiling, and of bringing columns there. */
  seconds: number;
  /** Events in doubt, which the pool runs again. */
  doubtful: number;
}

/**
 * Runs batches on the GPU. Trouble of the device is no error: a lost one is opened once more, and after that the pool does the rest.
 * What was done before stays.
 * @throws LumiscopeError of a file that is not in order; `cancelled`
 */
export async function runOnGpu(parts: GpuRunParts, batches: readonly Batch[]): Promise<GpuShare> {
  return new GpuRun(parts, batches).run();
}

class GpuRun {
  readonly #parts: GpuRunParts;
  /** That are not done. */
  #todo: Batch[];
  /** Of each task that was run: what is in doubt. */
  readonly #doubtful = new Map<Task, Uint32Array>();
  readonly #share: GpuShare = { left: [], made: new Set(), seconds: 0, doubtful: 0 };
  readonly #eventsOf: (task: Task) => number;
  #events = 0;

  constructor(parts: GpuRunParts, batches: readonly Batch[]) {
    this.#parts = parts;
    this.#todo = [...batches];
    this.#eventsOf = eventCounter({ files: parts.jobs.flatMap(({ files }) => files) });
  }

  async run(): Promise<GpuShare> {
    const { jobs, active } = this.#parts;
    for (let again = true, first = true; again && this.#todo.length > 0; first = false) {
      const trouble = await this.#attempt();
      again = first && trouble?.kind === 'lost';
      if (trouble && !again) this.#share.note = noteOf(trouble);
    }
    for (const { job, place } of this.#todo) active.addFirst(job, place, undefined);
    jobs.forEach(({ tasks }, job) => {
      tasks.forEach((task, index) => {
        const rows = this.#doubtful.get(task);
        if (rows?.length === 0) active.skip({ job, index, task });
        else this.#share.left.push({ job, index, task: rows ? { ...task, rows } : task });
      });
    });
    return this.#share;
  }

  /** @returns what ended it before all was done */
  async #attempt(): Promise<GpuTrouble | undefined> {
    try {
      const { budget } = await this.#parts.gpu.open();
      await this.#goThrough(budget * BUDGET_SHARE);
      return undefined;
    } catch (error) {
      if (error instanceof GpuTrouble) return error;
      throw error;
    }
  }

  /** Uploads what is missing, and runs each batch as soon as its chunks are there. */
  async #goThrough(budget: number): Promise<void> {
    const { gpu, pool, nextRun, signal } = this.#parts;
    const batches = this.#todo;
    const tasks = batches.flatMap(({ work }) => work.map(({ task }) => task));
    const { lacking, residentBytes } = await findLacking(gpu, tasks);
    const absent = new Set(lacking.map(({ task }) => task));
    const ended = new AbortController();
    let trouble: unknown;
    let running: Promise<void> = Promise.resolve();
    const waiting = new Set(batches);
    const start = (batch: Batch) => {
      waiting.delete(batch);
      const work = batch.work.filter(({ task }) => !absent.has(task));
      running = running.then(async () => {
        if (ended.signal.aborted) return;
        try {
          await this.#runBatch(batch, work);
        } catch (error) {
          trouble = error;
          ended.abort();
        }
      });
    };
    const startReady = () => {
      for (const batch of waiting) if (batch.work.every(({ task }) => !absent.has(task))) start(batch);
    };
    startReady();
    try {
      const all = AbortSignal.any([ended.signal, ...(signal ? [signal] : [])]);
      const parts = { gpu, pool, run: nextRun(), signal: all };
      await uploadColumns(parts, lacking, budget - residentBytes, ({ task }) => {
        absent.delete(task);
        startReady();
      });
    } catch (error) {
      ended.abort();
      await running;
      throw trouble ?? error;
    }
    for (const batch of waiting) start(batch);
    await running;
    if (trouble) throw trouble;
    if (absent.size > 0)
      this.#share.note = `${absent.size} of ${tasks.length} chunks do not fit into the GPU's memory: WebAssembly ran them`;
  }

  async #runBatch(batch: Batch, work: readonly PoolWork[]): Promise<void> {
    const { gpu, active, signal, onEvents } = this.#parts;
    if (work.length === 0) return;
    const chunks = work.map(
      ({ task }): GpuChunk => ({ file: task.file.id, chunk: task.chunk, events: this.#eventsOf(task) }),
    );
    const done = this.#events;
    const tell = (events: number) => onEvents(done + events);
    const { partial, doubtful, seconds } = await gpu.run(batch.program, chunks, signal, tell);
    this.#events += chunks.reduce((sum, { events }) => sum + events, 0);
    onEvents(this.#events);
    const rows = new Map(doubtful.map((one) => [`${one.file}/${one.chunk}`, one.rows] as const));
    for (const { task } of work)
      this.#doubtful.set(task, rows.get(`${task.file.id}/${task.chunk}`) ?? new Uint32Array());
    active.addFirst(batch.job, batch.place, partial);
    this.#share.made.add(batch.job);
    this.#share.seconds += seconds;
    this.#share.doubtful += doubtful.reduce((sum, { rows }) => sum + rows.length, 0);
    this.#todo = this.#todo.filter((other) => other !== batch);
  }
}

function noteOf({ kind, message }: GpuTrouble): string {
  switch (kind) {
    case 'refused':
      return `there is no GPU to run on: ${message}`;
    case 'lost':
      return `the GPU was lost twice (${message}): WebAssembly ran the rest`;
    case 'memory':
      return `the GPU has too little memory (${message}): WebAssembly ran the rest`;
    case 'code':
      return `the GPU does not take the program (${message}): WebAssembly ran it`;
  }
}
