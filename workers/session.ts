import type { AnalysisDocument } from '../core/analysis/document.ts';
import type { PlainError } from '../core/errors.ts';
import type { Histogram } from '../core/hist/histogram.ts';
import type { GpuInfo } from '../gpu-kernels/types.ts';
import type { EngineChoice, EngineName } from './engine/engine.ts';
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

/** The GPU that a session has opened, or that it was refused. */
export type GpuStatus = Pick<GpuInfo, 'vendor' | 'architecture' | 'description' | 'isSoftware'> | { refused: string };

/** What the pool of workers holds and knows. */
export interface SessionStats {
  workers: number;
  memoryBytes: number;
  memoryBudget: number;
  /** Replicas that could not be read the last time, by their address, and why. */
  failed: ReadonlyMap<string, string>;
  /** Undefined while nobody has asked for it. */
  gpu?: GpuStatus;
}

import type { SaveOptions, SavePlan, SaveResult, SaveSink } from './savedFile.ts';

/** One row of a cutflow. */
export interface CutflowRow {
  /** Name of the cut; the first row is `all events`. */
  name: string;
  events: number;
  sumw: number;
  sumw2: number;
}

/** What a run costs, known before it starts. */
export interface RunPlan {
  columns: string[];
  /** Bytes that have to be fetched: not those that are in memory. */
  bytes: number;
  /** Bytes of all needed column chunks. */
  totalBytes: number;
  events: number;
  chunks: number;
  /** Chunks in which no event can pass some cut, as their files say: they are not read, or only what the cuts before need. */
  skippedChunks: number;
}

/** What a run asks of whom, known before it starts. */
export interface RequestPlan {
  /** That are read, be it from memory. */
  files: number;
  chunks: number;
  /** Bytes on disk of what is read of each, the largest first. */
  columns: { name: string; bytes: number }[];
  /** Bytes on disk of what is in memory already. */
  memoryBytes: number;
  /**
   * Requests, bytes that they bring (gaps that are cheaper to read than to leave out included) and bytes that the cache on this machine
   * has. `host` undefined: files of this machine.
   */
  hosts: { host: string | undefined; files: number; requests: number; bytes: number; cachedBytes: number }[];
  /** Set where some chunks are taken to cost as much as others. */
  isEstimate: boolean;
}

export interface RunProgress {
  events: number;
  totalEvents: number;
  bytes: number;
  requests: number;
  /** Bytes that the cache on this machine had. */
  cachedBytes: number;
  /** Since the start of the run. */
  seconds: number;
  /** Merged so far; the same shape as the final result. */
  partial: RunResult;
}

/** A result, partial or final. */
export interface RunResult {
  complete: boolean;
  /** One for each data set, in the document's order. */
  cutflow: { dataset: string; rows: CutflowRow[]; missingWeight: number }[];
  /** In the document's order. Several data sets: a leading `dataset` axis. */
  histograms: { name: string; histogram: Histogram }[];
  eventsRead: number;
  eventsPassed: number;
  bytes: number;
  requests: number;
  /** Bytes that the cache on this machine had. */
  cachedBytes: number;
  seconds: number;
  /** `gpu` where the GPU made any of it: counts are those of `wasm`, sums of weights nearly so. */
  engine: EngineName;
  /** Why the GPU, asked for or free to be taken, did not make all of it. */
  engineNote?: string;
  version: string;
  /** SHA-256 of the canonical document, hex. */
  documentHash: string;
  files: { dataset: string; name: string; size: number; etag?: string; events: number }[];
}

export interface RunOptions {
  /** Default: `wasm`, whose numbers are those to keep. */
  engine?: EngineChoice;
  signal?: AbortSignal;
  /** About ten times a second. */
  onProgress?: (progress: RunProgress) => void;
  /** The numbers are not kept for later runs: who asked keeps what they need. */
  once?: boolean;
}

/**
 * A data session: open files, a pool of workers that keep columns, and runs over them.
 * One document at a time; a new run may start as soon as the last one is cancelled or done.
 */
export interface DataSession {
  /** Replaces the keys and tokens that requests go with; files that were refused may be opened again. */
  setAccess(rules: AccessRules): void;
  /** Keys of a bucket that match a pattern, sorted. @throws LumiscopeError `source`, `limit`, `cancelled` */
  list(listing: Listing, signal?: AbortSignal): Promise<string[]>;
  /** Reads the metadata of a file, once: the same address again gives the same summary. */
  open(address: FileAddress, signal?: AbortSignal): Promise<FileSummary>;
  /** All histograms that a ROOT file holds. @throws LumiscopeError `format` where there is none; `source`, `cancelled` */
  histograms(address: FileAddress, signal?: AbortSignal): Promise<StoredHistograms>;
  /** `files[i]` are the addresses of data set i. @throws LumiscopeError as `run` */
  plan(document: AnalysisDocument, files: FileAddress[][], signal?: AbortSignal): Promise<RunPlan>;
  /** The requests of a run by host, be its results known or not: some milliseconds, and none of them. @throws LumiscopeError as `run` */
  planRequests(document: AnalysisDocument, files: FileAddress[][], signal?: AbortSignal): Promise<RequestPlan>;
  /** @throws LumiscopeError of any tag; `place.path` says where in the document */
  run(document: AnalysisDocument, files: FileAddress[][], options?: RunOptions): Promise<RunResult>;
  /** The events that pass all cuts. @throws LumiscopeError as `run`; errors of a value have the keys `['values', k]` */
  events(document: AnalysisDocument, files: FileAddress[][], options: TableOptions): Promise<EventTable>;
  /** Bytes that `events` fetches: not those that are in memory. @throws LumiscopeError as `events` */
  eventsBytes(document: AnalysisDocument, files: FileAddress[][], values: readonly string[]): Promise<number>;
  /**
   * Looks closely at one event: what columns, definitions and each part of each cut are in it. What is wrong in the document is told
   * at its place in the record.
   * @throws LumiscopeError `document` where there is no such event; `source` and `format` of the file
   */
  inspect(
    document: AnalysisDocument,
    files: FileAddress[][],
    address: EventAddress,
    options?: InspectOptions,
  ): Promise<EventRecord>;
  /** Looks for an event by its numbers. @throws LumiscopeError `source`, `format`, `cancelled` */
  findEvent(files: FileAddress[][], number: EventNumber, signal?: AbortSignal): Promise<FoundEvents>;
  /**
   * Pins the document's remote files in the cache, and fetches what its runs need of them and is not there yet: from then on they need
   * no network. @throws LumiscopeError as `run`; `limit` where there is no room
   */
  pin(document: AnalysisDocument, files: FileAddress[][], signal?: AbortSignal): Promise<void>;
  /** What is kept of remote files on this machine, after what is asked for was done; trouble is told in the report. */
  storage(request: StorageRequest): Promise<StorageReport>;
  /** What saving a data set would read and write. @throws LumiscopeError as `saveParquet` */
  savePlan(
    document: AnalysisDocument,
    files: FileAddress[][],
    dataset: number,
    options: SaveOptions,
  ): Promise<SavePlan>;
  /**
   * Saves events of one data set as a Parquet file; the same bytes whatever the number of workers. When it is done or has thrown,
   * nothing is written to the sink any more.
   * @throws LumiscopeError `document` for what can't be saved; as `run`; what the sink throws
   */
  saveParquet(
    document: AnalysisDocument,
    files: FileAddress[][],
    dataset: number,
    options: SaveOptions,
    sink: SaveSink,
  ): Promise<SaveResult>;
  /** What the pool holds now. */
  stats(): Promise<SessionStats>;
  /** Ends the workers. */
  close(): void;
}

/** How a failed run reaches the page: never as a bare exception across a thread border. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; error: PlainError };
