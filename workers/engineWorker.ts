import { transfer } from 'comlink';
import { LumiscopeError, toPlain } from '../core/errors.ts';
import { listArrays } from '../core/hist/arrays.ts';
import type { ColumnData } from '../core/schema/column.ts';
import type { ChunkSource } from './convert/chunkRows.ts';
import { type ColumnKey, ColumnStore } from './engine/columnStore.ts';
import type { Engine, LoopName, PartialResult, PreparedProgram } from './engine/engine.ts';
import { buffersOf } from './engine/eventRows.ts';
import type { EngineHeap } from './engine/heap.ts';
import type { EventRecord } from './eventTable.ts';
import type { EventFile, OpenEventFile } from './formats/eventFile.ts';
import type { EncodedGroup } from './formats/parquet/write/rowGroup.ts';
import type { StoredHistograms } from './formats/root/histograms/readHistograms.ts';
import { oneEvent } from './inspect/oneEvent.ts';
import type { AccessRules } from './io/access.ts';
import type { ByteSource, FileAddress, PinnedFile, ReadCounter } from './io/byteSource.ts';
import type { CacheDoor } from './io/cache/door.ts';
import { cachedReads } from './io/cache/openCached.ts';
import type { StorageReport, StorageRequest } from './io/cache/report.ts';
import { cancelled } from './io/errors.ts';
import { asBulk, shareLanes } from './io/hosts.ts';
import type { Listing } from './io/locate.ts';
import type { OpenOptions } from './io/openOptions.ts';
import type { OpenedSource } from './io/openSource.ts';
import { setAccess } from './io/send.ts';
import { Admission } from './schedule/admission.ts';
import { bytesOf, claim, inBatches } from './schedule/chunkBytes.ts';
import { chunkCosts } from './schedule/chunkCost.ts';
import { recordReads, replayReads } from './schedule/knownRanges.ts';
import { runInSlices } from './schedule/slices.ts';
import type {
  BoundsTask,
  CachePlace,
  ChunkCost,
  ChunkResult,
  ChunkTask,
  CostTask,
  EncodeTask,
  InspectTask,
  KeepTask,
  OpenedFile,
  RunSetup,
  WorkerApi,
  WorkerState,
} from './schedule/workerApi.ts';
import type { Outcome } from './session.ts';

/** What a worker host is made of; browser and Node differ in `openSource` and `openCache` only. */
export interface HostParts {
  heap: EngineHeap;
  openSource(address: FileAddress, options: OpenOptions): Promise<OpenedSource>;
  openCache?(place: CachePlace): CacheDoor;
  openEventFile: OpenEventFile;
  createEngine(name: LoopName, heap: EngineHeap): Promise<Engine>;
}

/** Programs that are kept ready between runs. */
const KEPT_PROGRAMS = 16;
/** More bytes than these that opening took are not kept for the other workers. */
const KEPT_READS = 32e6;
/** One is read while the one before is computed. */
const KEPT_FILES = 2;
/** The share of a worker's memory for columns; the rest is for bytes on their way into them. */
const COLUMN_SHARE = 0.6;

interface ActiveRun {
  setup: RunSetup;
  abort: AbortController;
  /** Events that were computed. */
  events: number;
}

/** The worker's side of a session: open files, columns in the engine's heap, programs ready to run. */
export function createWorkerHost(parts: HostParts): WorkerApi {
  return new WorkerHost(parts);
}

class WorkerHost implements WorkerApi {
  readonly #parts: HostParts;
  readonly #read: ReadCounter = { bytes: 0, requests: 0, failed: new Map() };
  /** What it takes to open each file again. */
  readonly #known = new Map<number, NonNullable<ChunkTask['open']>>();
  /** Open files hold buffers of their own; least recently used first. */
  readonly #files = new Map<number, Promise<EventFile>>();
  readonly #sources = new WeakMap<EventFile, ByteSource>();
  readonly #runs = new Map<number, ActiveRun>();
  readonly #engines = new Map<LoopName, Promise<Engine>>();
  /** Least recently used first. */
  readonly #programs = new Map<string, Promise<PreparedProgram>>();
  #cache: CacheDoor | undefined;
  #store: ColumnStore;
  #loading: Admission;
  /** One chunk is computed at a time: programs reuse their scratch memory. */
  readonly #computing = new Admission(0);

  constructor(parts: HostParts) {
    this.#parts = parts;
    this.#store = new ColumnStore(parts.heap, 0);
    this.#loading = new Admission(0);
  }

  configure(budget: number, cache?: CachePlace): void {
    this.#cache = cache && this.#parts.openCache?.(cache);
    this.#store = new ColumnStore(this.#parts.heap, Math.floor(budget * COLUMN_SHARE));
    this.#loading = new Admission(budget);
  }

  setAccess(rules: AccessRules): void {
    setAccess(rules);
  }

  share(lanes: number): void {
    shareLanes(lanes);
  }

  list(listing: Listing): Promise<Outcome<string[]>> {
    return outcome(async () => (await import('./io/listing.ts')).listKeys(listing, this.#read));
  }

  open(address: FileAddress): Promise<Outcome<OpenedFile>> {
    return outcome(async () => {
      const { source, file } = await this.#parts.openSource(address, { counter: this.#read, cache: this.#cache });
      const { recorded, metadata } = recordReads(cachedReads(source), KEPT_READS);
      const { summary, index } = await this.#parts.openEventFile(recorded, file);
      return { summary, metadata, ...(index && { index }) };
    });
  }

  histograms(address: FileAddress): Promise<Outcome<StoredHistograms>> {
    return outcome(async () => {
      const { source } = await this.#parts.openSource(address, { counter: this.#read });
      const { openHistograms } = await import('./formats/root/histograms/readHistograms.ts');
      return openHistograms(source);
    });
  }

  begin(setup: RunSetup): void {
    const abort = new AbortController();
    if (!setup.urgent) asBulk(abort.signal);
    this.#runs.set(setup.run, { setup, abort, events: 0 });
  }

  async runChunk(task: ChunkTask): Promise<Outcome<ChunkResult>> {
    if (task.open) this.#known.set(task.file, task.open);
    const done = await outcome(() => this.#runChunk(task));
    if (!done.ok) return done;
    if (done.value.saved) {
      const { buffersOfRows } = await import('./convert/chunkRows.ts');
      return transfer(done, buffersOfRows(done.value.saved) as ArrayBuffer[]);
    }
    const { cutflow, histograms, columns = [] } = done.value;
    const arrays = [
      cutflow,
      ...columns.flatMap(({ values, valid, offsets }) => [values, ...(valid ? [valid] : []), ...offsets]),
      ...histograms.flatMap((one) => [...listArrays(one), ...(one.tiles ? [one.tiles.at] : [])]),
    ];
    const rows = done.value.table ? buffersOf(done.value.table) : [];
    return transfer(done, [...new Set([...arrays.map((array) => array.buffer), ...rows])] as ArrayBuffer[]);
  }

  async encodeRows(task: EncodeTask): Promise<Outcome<EncodedGroup>> {
    const done = await outcome(async () => (await import('./convert/encodeRows.ts')).encodeRows(task));
    return done.ok
      ? transfer(
          done,
          done.value.columns.map(({ bytes }) => bytes.buffer),
        )
      : done;
  }

  inspect(task: InspectTask): Promise<Outcome<Omit<EventRecord, 'address'>>> {
    if (task.open) this.#known.set(task.file, task.open);
    return outcome(() => this.#inspect(task));
  }

  bounds({ file, columns, open }: BoundsTask): Promise<Outcome<Map<string, Float64Array>>> {
    if (open) this.#known.set(file, open);
    return outcome(async () => (await (await this.#file(file)).readBounds?.(columns)) ?? new Map());
  }

  cost({ file, chunks, open }: CostTask): Promise<Outcome<(ChunkCost | undefined)[]>> {
    if (open) this.#known.set(file, open);
    return outcome(async () => {
      const opened = await this.#file(file);
      return chunkCosts(opened, this.#sources.get(opened), chunks);
    });
  }

  end(run: number): void {
    this.#runs.get(run)?.abort.abort();
    this.#runs.delete(run);
  }

  keep(task: KeepTask): Promise<Outcome<void>> {
    return outcome(async () => {
      const run = this.#runs.get(task.run);
      if (!run) throw cancelled();
      const { keepFile } = await import('./schedule/keepFile.ts');
      const { openEventFile, openSource } = this.#parts;
      const open = (pinned: PinnedFile, options: OpenOptions) => openSource(pinned.address, options);
      await keepFile(task, { open, openEventFile, cache: this.#cache }, this.#read, run.abort.signal);
    });
  }

  async flushCache(): Promise<void> {
    await this.#cache?.flush();
  }

  storage(request: StorageRequest): Promise<Outcome<StorageReport>> {
    return outcome(async () => {
      if (this.#cache) return this.#cache.serve(request);
      throw new LumiscopeError('limit', 'this session keeps nothing', { hint: 'open the page without ?view=present' });
    });
  }

  state(): WorkerState {
    const events = new Map([...this.#runs].map(([id, run]) => [id, run.events] as const));
    return { read: { ...this.#read }, memoryBytes: this.#parts.heap.size, events };
  }

  holdings(): ColumnKey[] {
    return this.#store.keys();
  }

  #file(id: number): Promise<EventFile> {
    const file = this.#files.get(id) ?? this.#openAgain(id);
    this.#files.delete(id);
    this.#files.set(id, file);
    keepLast(this.#files, KEPT_FILES);
    return file;
  }

  async #openAgain(id: number): Promise<EventFile> {
    const { pinned, metadata, index } = this.#known.get(id)!;
    try {
      const { source } = await this.#parts.openSource(pinned.address, {
        counter: this.#read,
        pinned,
        cache: this.#cache,
      });
      const file = await this.#parts.openEventFile(replayReads(source, metadata), pinned, undefined, index);
      this.#sources.set(file, source);
      return file;
    } catch (error) {
      this.#files.delete(id);
      throw error;
    }
  }

  async #runChunk(task: ChunkTask): Promise<ChunkResult> {
    const run = this.#runs.get(task.run);
    const result = await this.#computeChunk(task);
    const spec = run?.setup.saved?.get(task.program);
    if (!spec || !run) return result;
    const { chunkRows } = await import('./convert/chunkRows.ts');
    const { table, ...rest } = result;
    const file = await this.#file(task.file);
    const check = () => {
      if (run.abort.signal.aborted) throw cancelled();
    };
    const read: ChunkSource['read'] = (columns, take) => this.#borrow(task, file, columns, take, run.abort.signal);
    return { ...rest, saved: await chunkRows(spec, table!, { summary: file.summary, chunk: task.chunk, read, check }) };
  }

  /** Lends columns of a chunk to `take`: those that are here, and the others without keeping them. */
  async #borrow(
    { file: id, chunk }: ChunkTask,
    file: EventFile,
    columns: readonly string[],
    take: (columns: ColumnData[]) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const keys = columns.map((column) => ({ file: id, chunk, column }));
    const pinned: ColumnKey[] = [];
    const missing: ColumnKey[] = [];
    for (const key of keys) (this.#store.pin(key) ? pinned : missing).push(key);
    const leave = await this.#loading.enter(claim(file.summary, chunk, missing));
    try {
      if (signal.aborted) throw cancelled();
      const names = missing.map(({ column }) => column);
      const data = names.length > 0 ? await file.readChunk(chunk, names, signal) : [];
      const read = new Map(names.map((name, k) => [name, data[k]!]));
      take(keys.map((key) => read.get(key.column) ?? this.#store.view(key)));
    } finally {
      for (const key of pinned) this.#store.unpin(key);
      leave();
    }
  }

  async #computeChunk(task: ChunkTask): Promise<ChunkResult> {
    const run = this.#runs.get(task.run);
    if (!run) throw cancelled();
    const columns = task.hand ?? run.setup.programs.get(task.program)!.columns;
    const prepared = task.hand ? undefined : this.#prepare(run.setup, task.program);
    prepared?.catch(() => {});
    const file = await this.#file(task.file);
    const keys = columns.map((column) => ({ file: task.file, chunk: task.chunk, column }));
    const leave = await this.#loading.enter(
      claim(
        file.summary,
        task.chunk,
        keys.filter((key) => !this.#store.has(key)),
      ),
    );
    const pinned: ColumnKey[] = [];
    try {
      await this.#load(file, keys, pinned, run.abort.signal);
      if (!prepared) return handedOver(keys.map((key) => copy(this.#store.view(key))));
      const { begin, end } = file.summary.chunks[task.chunk]!;
      return await this.#compute(run, await prepared, end - begin, keys, task.rows);
    } finally {
      for (const key of pinned) this.#store.unpin(key);
      leave();
    }
  }

  async #inspect({ file: id, chunk, row, request }: InspectTask): Promise<Omit<EventRecord, 'address'>> {
    const { EventInspection } = await import('./inspect/inspectEvent.ts');
    const file = await this.#file(id);
    const { summary } = file;
    const inspection = new EventInspection(request, summary);
    const data: ColumnData[] = [];
    for (const names of inBatches(inspection.columns, (column) => bytesOf(summary, chunk, column))) {
      const keys = names.map((column) => ({ file: id, chunk, column }));
      const missing = keys.filter((key) => !this.#store.has(key));
      const leave = await this.#loading.enter(claim(summary, chunk, missing));
      const pinned: ColumnKey[] = [];
      try {
        await this.#load(file, keys, pinned, new AbortController().signal);
        for (const key of keys) data.push(oneEvent(this.#store.view(key), row));
      } finally {
        for (const key of pinned) this.#store.unpin(key);
        leave();
      }
    }
    const absent = summary.columns.filter(({ name }) => !this.#store.has({ file: id, chunk, column: name }));
    const allBytes = absent.reduce((sum, { name }) => sum + bytesOf(summary, chunk, name), 0);
    return { ...(await inspection.record(data)), allBytes };
  }

  /** Pins columns of one chunk, and reads those that are missing. */
  async #load(file: EventFile, keys: ColumnKey[], pinned: ColumnKey[], signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw cancelled();
    const missing: ColumnKey[] = [];
    for (const key of keys) (this.#store.pin(key) ? pinned : missing).push(key);
    if (missing.length === 0) return;
    const names = missing.map(({ column }) => column);
    const columns = await file.readChunk(missing[0]!.chunk, names, signal);
    missing.forEach((key, index) => {
      this.#store.put(key, columns[index]!);
      pinned.push(key);
    });
  }

  async #compute(
    run: ActiveRun,
    prepared: PreparedProgram,
    events: number,
    keys: ColumnKey[],
    rows: Uint32Array | undefined,
  ): Promise<PartialResult> {
    const some = rows && (await import('./engine/gpu/gatherEvents.ts'));
    const leave = await this.#computing.enter(1);
    let counted = 0;
    const count = (done: number) => {
      run.events += done - counted;
      counted = done;
      if (run.abort.signal.aborted) throw cancelled();
    };
    try {
      count(0);
      const views = keys.map((key) => this.#store.view(key));
      // Views are detached when the next chunk's columns make the heap grow; only the WebAssembly engine reads by address.
      const whole = () => (run.setup.engine === 'wasm' ? views : views.map(copy));
      const columns = some ? some.gatherEvents(views, rows) : whole();
      const loop = prepared.start(columns, run.setup.tileBytes);
      try {
        await runInSlices(rows?.length ?? events, (from, to) => loop.run(from, to), count);
        return loop.result();
      } finally {
        loop.release();
      }
    } catch (error) {
      run.events -= counted;
      throw error;
    } finally {
      leave();
    }
  }

  #prepare({ engine, programs }: RunSetup, key: string): Promise<PreparedProgram> {
    const id = `${engine} ${key}`;
    const prepared = this.#programs.get(id) ?? this.#engine(engine).then((made) => made.prepare(programs.get(key)!));
    this.#programs.delete(id);
    this.#programs.set(id, prepared);
    keepLast(this.#programs, KEPT_PROGRAMS);
    prepared.catch(() => this.#programs.delete(id));
    return prepared;
  }

  #engine(name: LoopName): Promise<Engine> {
    const engine = this.#engines.get(name) ?? this.#parts.createEngine(name, this.#parts.heap);
    this.#engines.set(name, engine);
    engine.catch(() => this.#engines.delete(name));
    return engine;
  }
}

function keepLast(map: Map<unknown, unknown>, count: number): void {
  for (const oldest of map.keys()) {
    if (map.size <= count) return;
    map.delete(oldest);
  }
}

function copy(column: ColumnData): ColumnData {
  return {
    ...column,
    offsets: column.offsets.map((array) => array.slice()),
    values: column.values.slice(),
    ...(column.valid && { valid: column.valid.slice() }),
  };
}

function handedOver(columns: ColumnData[]): ChunkResult {
  return { events: 0, cutflow: new Float64Array(), missingWeight: 0, histograms: [], columns };
}

async function outcome<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error: toPlain(error) };
  }
}
