import type { AnalysisDocument } from '../core/analysis/document.ts';
import { documentHash } from '../core/analysis/link.ts';
import { fromPlain, LumiscopeError, toPlain } from '../core/errors.ts';
import { VERSION } from '../core/version.ts';
import type { ColumnKey } from './engine/columnStore.ts';
import type { EngineChoice, EngineName, LoopName } from './engine/engine.ts';
import type { EngineRates } from './engine/gpu/chooseEngine.ts';
import type {
  EventAddress,
  EventNumber,
  EventRecord,
  EventTable,
  FoundEvents,
  InspectOptions,
  TableOptions,
} from './eventTable.ts';
import type { FileSummary } from './formats/eventFile.ts';
import type { StoredHistograms } from './formats/root/histograms/readHistograms.ts';
import type { AccessRules } from './io/access.ts';
import type { FileAddress } from './io/byteSource.ts';
import type { StorageReport, StorageRequest } from './io/cache/report.ts';
import type { Listing } from './io/locate.ts';
import { unlessCancelled } from './io/unlessCancelled.ts';
import type { SaveOptions, SavePlan, SaveResult, SaveSink } from './savedFile.ts';
import { ActiveRun } from './schedule/activeRun.ts';
import { branchTrouble } from './schedule/branches.ts';
import { Compiler } from './schedule/compiler.ts';
import { type SessionFile, SessionFiles } from './schedule/files.ts';
import type { GpuHandle } from './schedule/gpuApi.ts';
import type { GpuShare } from './schedule/gpuRun.ts';
import type { GpuSide, PreparedRun } from './schedule/gpuSide.ts';
import { createJob, type DatasetJob, eventCounter } from './schedule/jobs.ts';
import { refineBounds } from './schedule/pageBounds.ts';
import { type WorkerHandle, WorkerPool } from './schedule/pool.ts';
import { reportProgress } from './schedule/progress.ts';
import { ResultCache } from './schedule/resultCache.ts';
import { treeError } from './schedule/treeError.ts';
import type { CachePlace } from './schedule/workerApi.ts';
import type { DataSession, RequestPlan, RunOptions, RunPlan, RunResult, SessionStats } from './session.ts';

export interface SessionOptions {
  /** Threads at most; they are started when there is work for them. Default: one fewer than the cores, 1 to 8. */
  workers?: number;
  /** Bytes of memory for all workers together. Default: 1 GB. */
  memoryBudget?: number;
  /** Where fetched ranges of remote files are kept for later sessions; default: nowhere. */
  cache?: CachePlace | undefined;
  /** Starts a thread that has the GPU, when one is needed; default: this session has none. */
  spawnGpu?: (() => Promise<GpuHandle>) | undefined;
}

const DEFAULT_BUDGET = 1e9;
const RESULT_CACHE_BYTES = 128e6;
/** Of data with so many events, columns are brought to a GPU once they were run over, if there is one. */
const WARMED_EVENTS = 1e6;
/** Runs over fewer events say little about what an engine can do. */
const TELLING_EVENTS = 1e5;

/** A session over threads that `spawn` starts. */
export function createSession(
  spawn: () => WorkerHandle,
  options: Required<Pick<SessionOptions, 'workers'>> & SessionOptions,
): DataSession {
  const pool = new WorkerPool(spawn, options.workers, options.memoryBudget ?? DEFAULT_BUDGET, options.cache);
  return new Session(pool, options.spawnGpu);
}

class Session implements DataSession {
  readonly #pool: WorkerPool;
  readonly #files: SessionFiles;
  readonly #compiler = new Compiler();
  readonly #results = new ResultCache(RESULT_CACHE_BYTES);
  readonly #closed = new AbortController();
  /** Of the last run: whose results a plan counts as known. */
  #engine: EngineName = 'wasm';
  #runs = 0;
  readonly #spawnGpu: (() => Promise<GpuHandle>) | undefined;
  #gpu: Promise<GpuSide> | undefined;
  readonly #rates: EngineRates = {};
  /** Ends what goes on between runs. */
  #idle = new AbortController();

  constructor(pool: WorkerPool, spawnGpu: (() => Promise<GpuHandle>) | undefined) {
    this.#pool = pool;
    this.#spawnGpu = spawnGpu;
    this.#files = new SessionFiles(pool);
  }

  setAccess(rules: AccessRules): void {
    this.#pool.setAccess(rules);
  }

  async list(listing: Listing, signal?: AbortSignal): Promise<string[]> {
    const asked = this.#pool.worker(0).call((api) => api.list(listing));
    return unlessCancelled(asked, this.#signal(signal));
  }

  async open(address: FileAddress, signal?: AbortSignal): Promise<FileSummary> {
    const { summary } = await unlessCancelled(this.#files.open(address), this.#signal(signal));
    return summary;
  }

  async histograms(address: FileAddress, signal?: AbortSignal): Promise<StoredHistograms> {
    const reading = this.#pool.worker(0).call((api) => api.histograms(address));
    return unlessCancelled(reading, this.#signal(signal));
  }

  async plan(document: AnalysisDocument, files: FileAddress[][], signal?: AbortSignal): Promise<RunPlan> {
    const all = this.#signal(signal);
    const jobs = await this.#jobs(document, files, this.#engine, all);
    const held = await unlessCancelled(this.#holdings(), all);
    const plan: RunPlan = { columns: [], bytes: 0, totalBytes: 0, events: 0, chunks: 0, skippedChunks: 0 };
    const columns = new Set<string>();
    for (const { files: opened, programs, tasks, skipped } of jobs) {
      plan.skippedChunks += skipped.chunks;
      const fetched = new Map(tasks.map((task) => [`${task.file.id}/${task.chunk}`, new Set(task.columns)]));
      const others = new Set(tasks.flatMap((task) => task.columns));
      opened.forEach(({ id, summary }, index) => {
        for (const column of programs[index]!.columns) columns.add(column);
        const needed = new Set([...programs[index]!.columns, ...others]);
        plan.events += summary.events;
        plan.chunks += summary.chunks.length;
        const whole = summary.rowWise && chunkBytes(summary);
        const reads = new Set<number>();
        const fetches = new Set<number>();
        summary.columns.forEach(({ name }, at) => {
          if (!needed.has(name)) return;
          summary.chunks.forEach((_, chunk) => {
            const bytes = whole ? whole[chunk]! : summary.columnBytes[at * summary.chunks.length + chunk]!;
            if (!whole || !reads.has(chunk)) plan.totalBytes += bytes;
            reads.add(chunk);
            if (!fetched.get(`${id}/${chunk}`)?.has(name) || held.has(`${id}/${chunk}/${name}`)) return;
            if (!whole || !fetches.has(chunk)) plan.bytes += bytes;
            fetches.add(chunk);
          });
        });
      });
    }
    return { ...plan, columns: [...columns] };
  }

  async planRequests(document: AnalysisDocument, files: FileAddress[][], signal?: AbortSignal): Promise<RequestPlan> {
    const all = this.#signal(signal);
    const jobs = await this.#jobs(document, files, this.#engine, all, new ResultCache(0));
    const held = await unlessCancelled(this.#holdings(), all);
    const { planRequests } = await import('./schedule/requestPlan.ts');
    const isHeld = (file: number, chunk: number, column: string) => held.has(`${file}/${chunk}/${column}`);
    return unlessCancelled(planRequests(this.#pool, jobs, isHeld), all);
  }

  async run(document: AnalysisDocument, files: FileAddress[][], options: RunOptions = {}): Promise<RunResult> {
    const signal = this.#signal(options.signal);
    return unlessCancelled(this.#doubting(this.#run(document, files, { ...options, signal })), signal);
  }

  async events(document: AnalysisDocument, files: FileAddress[][], options: TableOptions): Promise<EventTable> {
    const signal = this.#signal(options.signal);
    const opened = await this.#opened(files, signal);
    const { collectTable } = await import('./schedule/tableRun.ts');
    const table = collectTable(this.#tableParts(document, opened), { ...options, signal });
    return unlessCancelled(this.#doubting(table), signal);
  }

  async eventsBytes(document: AnalysisDocument, files: FileAddress[][], values: readonly string[]): Promise<number> {
    const opened = await this.#opened(files, this.#closed.signal);
    const held = await unlessCancelled(this.#holdings(), this.#closed.signal);
    const parts = { compiler: this.#compiler, document, files: opened };
    const { tableBytes } = await import('./schedule/tableRun.ts');
    return tableBytes(parts, values, (file, chunk, column) => held.has(`${file}/${chunk}/${column}`));
  }

  async inspect(
    document: AnalysisDocument,
    files: FileAddress[][],
    address: EventAddress,
    { signal, ...asked }: InspectOptions = {},
  ): Promise<EventRecord> {
    const all = this.#signal(signal);
    const opened = await this.#opened(files, all);
    const request = { ...asked, document, dataset: address.dataset };
    const { inspectEvent } = await import('./schedule/inspectEvent.ts');
    return unlessCancelled(this.#doubting(inspectEvent(this.#pool, opened, address, request)), all);
  }

  async findEvent(files: FileAddress[][], number: EventNumber, signal?: AbortSignal): Promise<FoundEvents> {
    const all = this.#signal(signal);
    const opened = await this.#opened(files, all);
    const [{ findEvent }, { collectTable }] = await Promise.all([
      import('./schedule/findEvent.ts'),
      import('./schedule/tableRun.ts'),
    ]);
    const found = findEvent(number, opened, (document, some, limit) =>
      collectTable(this.#tableParts(document, some), { values: [], limit, signal: all }),
    );
    return unlessCancelled(this.#doubting(found), all);
  }

  async pin(document: AnalysisDocument, files: FileAddress[][], signal?: AbortSignal): Promise<void> {
    const all = this.#signal(signal);
    const { pinFiles } = await import('./schedule/pinning.ts');
    // Of an empty cache of results: all that a run in a later session reads.
    const jobs = await this.#jobs(document, files, this.#engine, all, new ResultCache(0));
    await unlessCancelled(this.#doubting(pinFiles(this.#pool, this.#runs++, jobs, all)), all);
  }

  storage(request: StorageRequest): Promise<StorageReport> {
    return this.#pool.worker(0).call((api) => api.storage(request));
  }

  async savePlan(
    document: AnalysisDocument,
    files: FileAddress[][],
    dataset: number,
    options: SaveOptions,
  ): Promise<SavePlan> {
    const signal = this.#signal(options.signal);
    const { savePlan } = await import('./convert/saveParquet.ts');
    return unlessCancelled(savePlan(await this.#saveParts(document, files, dataset, signal), options), signal);
  }

  async saveParquet(
    document: AnalysisDocument,
    files: FileAddress[][],
    dataset: number,
    options: SaveOptions,
    sink: SaveSink,
  ): Promise<SaveResult> {
    const signal = this.#signal(options.signal);
    const { saveParquet } = await import('./convert/saveParquet.ts');
    const parts = await this.#saveParts(document, files, dataset, signal);
    return this.#doubting(saveParquet(parts, { ...options, signal }, sink));
  }

  async stats(): Promise<SessionStats> {
    await this.#pool.refresh();
    return {
      workers: this.#pool.running().length,
      memoryBytes: this.#pool.memoryBytes(),
      memoryBudget: this.#pool.budget,
      failed: this.#pool.read().failed,
      ...(await this.#gpuStatus()),
    };
  }

  close(): void {
    this.#closed.abort();
    this.#idle.abort();
    this.#gpu?.then(({ device }) => device.close()).catch(() => {});
    this.#pool.close();
  }

  async #run(
    document: AnalysisDocument,
    files: FileAddress[][],
    { signal, onProgress, engine: choice = 'wasm', once = false }: RunOptions,
  ): Promise<RunResult> {
    const started = performance.now();
    this.#idle.abort();
    await this.#pool.refresh();
    const before = this.#pool.read();
    const cost = () => {
      const { bytes, requests, cachedBytes } = this.#pool.read();
      return {
        bytes: bytes - before.bytes,
        requests: requests - before.requests,
        cachedBytes: cachedBytes - before.cachedBytes,
        seconds: (performance.now() - started) / 1000,
      };
    };
    const hash = documentHash(document);
    const make = (engine: EngineName) => this.#jobs(document, files, engine, signal);
    const { jobs, batches, note } = await this.#prepare(choice, make);
    const run = this.#runs++;
    const heads = jobs.map((_, k) => batches.filter(({ job }) => job === k).length);
    const active = new ActiveRun(jobs, this.#pool.budget, heads);
    const about = {
      engine: madeBy(jobs),
      ...(note !== undefined && { engineNote: note }),
      version: VERSION,
      documentHash: hash,
    };
    this.#engine = about.engine;
    let onGpu = 0;
    const computed = () => this.#pool.running().reduce((sum, { state }) => sum + (state.events.get(run) ?? 0), onGpu);
    const stop = onProgress && reportProgress({ pool: this.#pool, computed, active, jobs, cost, about, onProgress });
    let share: GpuShare | undefined;
    try {
      if (batches.length > 0) {
        const [{ runOnGpu }, { device: gpu }] = await Promise.all([import('./schedule/gpuRun.ts'), this.#gpuSide()]);
        const onEvents = (events: number) => {
          onGpu = events;
        };
        const parts = { gpu, pool: this.#pool, jobs, active, nextRun: () => this.#runs++, signal, onEvents };
        share = await runOnGpu(parts, batches);
        this.#nameEngines(jobs, share, about);
      }
      const loop: LoopName = choice === 'reference' ? choice : 'wasm';
      await active.finish(this.#pool, run, loop, signal, share?.left);
      stop?.(false);
    } catch (error) {
      // What there is stays to be looked at.
      stop?.(!signal?.aborted);
      throw error;
    }
    for (const [index, numbers] of once ? [] : active.results().entries()) {
      const { signature, engine } = jobs[index]!;
      this.#results.keep(signature(engine), numbers);
    }
    await this.#pool.refresh();
    const result: RunResult = { complete: true, ...active.final(), ...cost(), ...about };
    this.#learn(result, jobs, share);
    if (choice === 'auto' && about.engine === 'wasm') this.#warm(jobs, result.eventsRead);
    return result;
  }

  /** Jobs for the engine that was chosen, or for those that stand in for it. */
  async #prepare(choice: EngineChoice, make: (engine: EngineName) => Promise<DatasetJob[]>): Promise<PreparedRun> {
    if (choice === 'wasm' || choice === 'reference') return { jobs: await make(choice), batches: [] };
    if (!this.#spawnGpu) return { jobs: await make('wasm'), batches: [], note: 'this session has no GPU' };
    // Left to itself, a session does not ask for a GPU before it has shown something.
    if (choice === 'auto' && !this.#gpu) return { jobs: await make('wasm'), batches: [] };
    const side = await this.#gpuSide().catch(() => undefined);
    if (side) return side.prepare(choice, make, this.#rates);
    return { jobs: await make('wasm'), batches: [], note: 'the part that drives the GPU can not be loaded' };
  }

  #gpuSide(): Promise<GpuSide> {
    const spawn = this.#spawnGpu!;
    const side = this.#gpu ?? import('./schedule/gpuSide.ts').then(({ GpuSide }) => new GpuSide(spawn));
    this.#gpu = side;
    side.catch(() => {
      if (this.#gpu === side) this.#gpu = undefined;
    });
    return side;
  }

  async #gpuStatus(): Promise<Pick<SessionStats, 'gpu'>> {
    const { info, refused } = (await this.#gpu?.catch(() => undefined))?.device ?? {};
    return refused !== undefined ? { gpu: { refused } } : info ? { gpu: info } : {};
  }

  /** After the GPU's share of a run: jobs that it did nothing of are another engine's. */
  #nameEngines(jobs: DatasetJob[], share: GpuShare, about: Pick<RunResult, 'engine' | 'engineNote'>): void {
    for (const [k, job] of jobs.entries()) {
      const isKnown = job.cutflow !== undefined || job.histograms.some((known) => known !== undefined);
      if (job.engine === 'gpu' && job.tasks.length > 0 && !isKnown && !share.made.has(k)) job.engine = 'wasm';
    }
    about.engine = madeBy(jobs);
    const notes = [about.engineNote, share.note].filter((note) => note !== undefined);
    if (notes.length > 0) about.engineNote = notes.join('; ');
  }

  /** How fast the engine was. The GPU by its own time: pipelines are compiled in the first run only. */
  #learn({ engine, bytes, cachedBytes, seconds }: RunResult, jobs: readonly DatasetJob[], share?: GpuShare): void {
    if (engine === 'reference' || bytes + cachedBytes > 0) return;
    const events = jobs.reduce((sum, job) => {
      const eventsOf = eventCounter(job);
      return job.tasks.reduce((own, task) => own + eventsOf(task), sum);
    }, 0);
    if (events < TELLING_EVENTS) return;
    const again = (share?.doubtful ?? 0) / (this.#rates.wasm ?? events / seconds);
    this.#rates[engine] = events / (engine === 'gpu' && share ? Math.max(share.seconds, 1e-6) + again : seconds);
  }

  /** Between runs, brings the columns to the GPU, where there is one and the data are large enough that it may pay. */
  #warm(jobs: readonly DatasetJob[], events: number): void {
    if (!this.#spawnGpu || events < WARMED_EVENTS || this.#closed.signal.aborted) return;
    const idle = new AbortController();
    this.#idle = idle;
    const work = async () => {
      const [side, held] = await Promise.all([this.#gpuSide(), this.#holdings()]);
      const isHeld = (file: number, chunk: number, column: string) => held.has(`${file}/${chunk}/${column}`);
      if (!idle.signal.aborted) await side.warm(jobs, this.#pool, () => this.#runs++, isHeld, idle.signal);
    };
    work().catch(() => {});
  }

  async #jobs(
    document: AnalysisDocument,
    files: FileAddress[][],
    engine: EngineName,
    signal: AbortSignal | undefined,
    results = this.#results,
  ): Promise<DatasetJob[]> {
    const opened = await this.#opened(files, signal);
    const trouble = branchTrouble(document, opened);
    if (trouble) throw trouble;
    await unlessCancelled(refineBounds(this.#pool, this.#compiler, document, opened), signal);
    return opened.map((list, index) => this.#job(document, index, list, engine, results));
  }

  #job(
    document: AnalysisDocument,
    index: number,
    files: SessionFile[],
    engine: EngineName,
    results: ResultCache,
  ): DatasetJob {
    const dataset = document.datasets[index]!;
    if (files.length === 0) {
      throw new LumiscopeError('document', `data set "${dataset.name}" has no files`, {
        hint: 'add a file to it, or remove it',
        place: { path: `datasets.${index}.files`, keys: ['datasets', index, 'files'] },
      });
    }
    return createJob(document, dataset, files, engine, this.#compiler, results);
  }

  /** @param first which data set the first list is of */
  async #opened(files: FileAddress[][], signal: AbortSignal | undefined, first = 0): Promise<SessionFile[][]> {
    return unlessCancelled(
      Promise.all(files.map((list, index) => Promise.all(list.map((address) => this.#openOf(address, first + index))))),
      signal,
    );
  }

  async #saveParts(document: AnalysisDocument, files: FileAddress[][], dataset: number, signal: AbortSignal) {
    const [opened = []] = await this.#opened([files[dataset] ?? []], signal, dataset);
    const of = document.datasets[dataset]!;
    return { pool: this.#pool, compiler: this.#compiler, run: this.#runs++, document, dataset: of, files: opened };
  }

  /** @param dataset whose `tree` the address has */
  async #openOf(address: FileAddress, dataset: number): Promise<SessionFile> {
    try {
      return await this.#files.open(address);
    } catch (error) {
      const plain = toPlain(error);
      throw plain.place.trees ? fromPlain(treeError(plain, dataset, address)) : error;
    }
  }

  #tableParts(document: AnalysisDocument, files: readonly (readonly SessionFile[])[]) {
    return { pool: this.#pool, compiler: this.#compiler, run: this.#runs++, engine: 'wasm' as const, document, files };
  }

  /** After an error of a file's source, the next one who opens it looks whether it is still the same. */
  async #doubting<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (error instanceof LumiscopeError && error.tag === 'source' && error.place.file !== undefined)
        this.#files.doubt(error.place.file);
      throw error;
    }
  }

  /** Columns in memory of any worker, as `file/chunk/column`. */
  async #holdings(): Promise<Set<string>> {
    const each = this.#pool.ready().map((worker) => worker.ask((api) => api.holdings()).catch((): ColumnKey[] => []));
    return new Set((await Promise.all(each)).flat().map(({ file, chunk, column }) => `${file}/${chunk}/${column}`));
  }

  /** Fires with the caller's signal or when the session is closed. */
  #signal(signal: AbortSignal | undefined): AbortSignal {
    return signal ? AbortSignal.any([signal, this.#closed.signal]) : this.#closed.signal;
  }
}

function madeBy(jobs: readonly DatasetJob[]): EngineName {
  return jobs.some(({ engine }) => engine === 'gpu') ? 'gpu' : (jobs[0]?.engine ?? 'wasm');
}

/** Bytes of each chunk, of all columns together. */
function chunkBytes({ chunks, columnBytes }: FileSummary): Float64Array {
  const bytes = new Float64Array(chunks.length);
  columnBytes.forEach((own, at) => {
    bytes[at % chunks.length]! += own;
  });
  return bytes;
}
