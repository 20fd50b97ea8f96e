import type { ColumnData, ColumnInfo } from '../../core/schema/column.ts';
import type { ByteRange, ByteSource, PinnedFile } from '../io/byteSource.ts';
import type { CsvIndex } from './csv/csvIndex.ts';

/** A run of consecutive events of a file: what one task of the scheduler reads. */
export interface Chunk {
  /** First event, counted from the start of the file. */
  begin: number;
  /** One past the last event. */
  end: number;
  /** Chunks with the same number share bytes of the file, which one worker that reads them all fetches once. */
  group?: number;
}

/** A tree or ntuple of a ROOT file. */
export interface TreeEntry {
  /** With the folders that it lies in: `Events`, `nominal/CollectionTree`. */
  name: string;
  kind: 'TTree' | 'RNTuple';
  /** Undefined where that is not known without reading more. */
  events?: number;
}

/**
 * What is known of a file once its metadata is read: everything that planning needs, and nothing that
 * can't cross a thread border. The same file gives the same chunks everywhere: results depend on them.
 */
export interface FileSummary {
  file: PinnedFile;
  format: 'parquet' | 'arrow' | 'csv' | 'ttree' | 'rntuple';
  /** Of a ROOT file: all trees and ntuples in it, and the one that is open. */
  trees?: { all: TreeEntry[]; open: string };
  /** Of a ROOT file: histograms that lie in it too, if any. */
  histograms?: number;
  events: number;
  columns: ColumnInfo[];
  chunks: Chunk[];
  /** Bytes on disk of each column in each chunk: `columnBytes[columnIndex * chunks.length + chunkIndex]`. */
  columnBytes: Float64Array;
  /** Smallest and largest value of each column, `[2 * columnIndex]` and the next, as the file says; NaN where it doesn't. */
  columnRanges: Float64Array;
  /**
   * Bounds of flat columns in each chunk, by name, where the file tells them: `[2 * chunk]` and the next, both inclusive, rounded
   * outwards to doubles; NaN where nothing is known of a chunk, lo > hi where all its values are missing. NaN values are not
   * accounted for. Chunks are left out by them, so that wrong bounds give wrong results.
   */
  chunkBounds?: ReadonlyMap<string, Float64Array>;
  /** Flat columns of which `pageBounds` knows more: chunks are parts of what the statistics are of. */
  pageBounds?: readonly string[];
  /** Set where a chunk's columns share all their bytes: reading one of them reads all. `columnBytes` are then their shares. */
  rowWise?: true;
  /** Key-value metadata of the file, where the format has it (`lumiscope.simulated`, `title`, …). */
  metadata: Record<string, string>;
  /** Columns that this version can't read, with the reason; they are not in `columns`. */
  unsupported: { name: string; reason: string }[];
}

/** An open file: metadata parsed, columns at hand by chunk. Made and used inside one worker. */
export interface EventFile {
  readonly summary: FileSummary;
  /** What it took reading through the whole file to find out, where it did: spares other threads that. */
  readonly index?: FileIndex;
  /**
   * Reads columns of one chunk straight into typed arrays, with coalesced range requests.
   * @returns as many as `columns`, in that order
   * @throws LumiscopeError `format` naming file, column and (where it is the cause) encoding; `source`; `cancelled`
   */
  readChunk(chunk: number, columns: readonly string[], signal?: AbortSignal): Promise<ColumnData[]>;
  /**
   * The ranges that reading columns of a chunk fetches, as it gives them to `readRanges`, nothing of which is in memory; undefined where
   * that is not known without reading more.
   */
  ranges?(chunk: number, columns: readonly string[]): ByteRange[] | undefined;
  /**
   * Tighter `chunkBounds` of columns among the summary's `pageBounds`, for which a few more bytes are read.
   * @throws LumiscopeError as `readChunk`
   */
  readBounds?(columns: readonly string[], signal?: AbortSignal): Promise<Map<string, Float64Array>>;
}

/** Plain data of the one format that needs it. */
export type FileIndex = CsvIndex;

/** Opens a file of any supported format by its magic bytes; with the `index` of an opening before, if there was one. */
export type OpenEventFile = (
  source: ByteSource,
  file: PinnedFile,
  signal?: AbortSignal,
  index?: FileIndex,
) => Promise<EventFile>;
