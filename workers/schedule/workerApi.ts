import type { Program } from '../../core/expr/typedForm.ts';
import type { ColumnData, ColumnInfo } from '../../core/schema/column.ts';
import type { ChunkRows, SavedRows } from '../convert/chunkRows.ts';
import type { ColumnKey } from '../engine/columnStore.ts';
import type { LoopName, PartialResult } from '../engine/engine.ts';
import type { EventRecord } from '../eventTable.ts';
import type { FileIndex, FileSummary } from '../formats/eventFile.ts';
import type { EncodedGroup } from '../formats/parquet/write/rowGroup.ts';
import type { Codec } from '../formats/parquet/write/types.ts';
import type { StoredHistograms } from '../formats/root/histograms/readHistograms.ts';
import type { InspectRequest } from '../inspect/inspectEvent.ts';
import type { AccessRules } from '../io/access.ts';
import type { FileAddress, PinnedFile, ReadCounter } from '../io/byteSource.ts';
import type { StorageReport, StorageRequest } from '../io/cache/report.ts';
import type { Listing } from '../io/locate.ts';
import type { Outcome } from '../session.ts';

/** Bytes of a file that were read while it was opened. */
export interface KnownRange {
  offset: number;
  bytes: Uint8Array;
}

/** A file that one worker opened: with `metadata` and `index` at hand, the others open it without reading it again. */
export interface OpenedFile {
  summary: FileSummary;
  metadata: KnownRange[];
  index?: FileIndex;
}

/** What a run is, told to a worker once, before its first chunk. */
export interface RunSetup {
  /** The session's number of the run. */
  run: number;
  engine: LoopName;
  /** Its reads go before those of other runs: a person waits for an answer, not for plots to fill. */
  urgent?: true;
  /** Bytes that the tiles of one histogram may take while a chunk runs; default: `TILE_BYTES`. */
  tileBytes?: number;
  /** By key: the same key is the same program in every run. */
  programs: Map<string, Program>;
  /** Where the events that pass are saved: what of them, by the program's key. */
  saved?: Map<string, SavedRows>;
}

/** What a chunk contributes. */
export interface ChunkResult extends PartialResult {
  /** Where the run saves events; there is no table then. */
  saved?: ChunkRows;
  /** Where the task asks for columns: copies, in its order. */
  columns?: ColumnData[];
}

/** Rows of several chunks that make a row group. */
export interface EncodeTask {
  columns: readonly ColumnInfo[];
  /** Of each chunk, its columns. */
  parts: readonly (readonly ColumnData[])[];
  codec: Codec;
}

export interface ChunkTask {
  run: number;
  /** The session's number of the file. */
  file: number;
  chunk: number;
  /** Key of the program in `RunSetup`. */
  program: string;
  /** Only these events of it, by their positions in the chunk, ascending. */
  rows?: Uint32Array;
  /** Runs nothing, and hands these columns over. */
  hand?: readonly string[];
  /** With the first task on a file that this worker has not opened. */
  open?: { pinned: PinnedFile; metadata: KnownRange[]; index?: FileIndex };
}

/** One event to look at closely. */
export interface InspectTask {
  /** The session's number of the file. */
  file: number;
  chunk: number;
  /** From the start of the chunk. */
  row: number;
  request: Omit<InspectRequest, 'signal'>;
  /** As of a chunk's task. */
  open?: ChunkTask['open'];
}

/** Columns of which more is to be known of each chunk. */
export interface BoundsTask {
  /** The session's number of the file. */
  file: number;
  columns: readonly string[];
  /** As of a chunk's task. */
  open?: ChunkTask['open'];
}

/** A remote file to have in the cache: what a document's runs need of it. */
export interface KeepTask {
  /** The session's number of the run that ends it. */
  run: number;
  pinned: PinnedFile;
  index?: FileIndex;
  chunks: { chunk: number; columns: readonly string[] }[];
}

/** Chunks of a file, with the columns that are not in memory. */
export interface CostTask {
  /** The session's number of the file. */
  file: number;
  chunks: { chunk: number; columns: readonly string[] }[];
  /** As of a chunk's task. */
  open?: ChunkTask['open'];
}

/** What reading a chunk takes. */
export interface ChunkCost {
  requests: number;
  /** That these bring. */
  bytes: number;
  /** That are held on this machine. */
  cachedBytes: number;
}

export interface WorkerState {
  /** Of the worker's whole life. */
  read: ReadCounter;
  memoryBytes: number;
  /** Events that were computed, by run; those of chunks that failed don't count. */
  events: Map<number, number>;
}

/** Where fetched ranges are kept between sessions: the origin's private file system, or a folder in Node. */
export type CachePlace = 'browser' | { folder: string };

/** What a worker offers the session. No method throws across the thread border but by a crash. */
export interface WorkerApi {
  /** First of all: bytes of memory that this worker may take, and where it keeps what it fetches, if it does. */
  configure(budget: number, cache?: CachePlace): void;
  /** Replaces the keys and tokens that requests go with. */
  setAccess(rules: AccessRules): void;
  /** How many requests to one host it may have in flight. */
  share(lanes: number): void;
  /** As `listKeys`. */
  list(listing: Listing): Promise<Outcome<string[]>>;
  open(address: FileAddress): Promise<Outcome<OpenedFile>>;
  /** All histograms that a ROOT file holds. */
  histograms(address: FileAddress): Promise<Outcome<StoredHistograms>>;
  begin(setup: RunSetup): void;
  /** Reads what is missing of a chunk's columns and runs the program over it. Two at a time overlap reading and computing. */
  runChunk(task: ChunkTask): Promise<Outcome<ChunkResult>>;
  /** Puts rows together and encodes them as a row group of a Parquet file. */
  encodeRows(task: EncodeTask): Promise<Outcome<EncodedGroup>>;
  /** Reads what is missing of one event's columns, and computes every piece of the document for it. */
  inspect(task: InspectTask): Promise<Outcome<Omit<EventRecord, 'address'>>>;
  /** As `readBounds` of a file. */
  bounds(task: BoundsTask): Promise<Outcome<Map<string, Float64Array>>>;
  /** What reading chunks will take; undefined for those of which that is not known without reading. */
  cost(task: CostTask): Promise<Outcome<(ChunkCost | undefined)[]>>;
  /** Ends a run, finished or not: its chunks end as `cancelled` within one slice. Columns stay. */
  end(run: number): void;
  /** Pins a file, and fetches what is missing of it. */
  keep(task: KeepTask): Promise<Outcome<void>>;
  /** Settles when all that was fetched is in the cache. */
  flushCache(): Promise<void>;
  /** @throws nothing: trouble of the disk is told in the report */
  storage(request: StorageRequest): Promise<Outcome<StorageReport>>;
  state(): WorkerState;
  /** Columns in memory. */
  holdings(): ColumnKey[];
}
