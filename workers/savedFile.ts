import type { SaveChoice } from '../core/analysis/saved.ts';
import type { ColumnInfo } from '../core/schema/column.ts';

/** How pages of the new file are compressed: Snappy is read fastest, gzip is smaller and slower to write. */
export type SavedCodec = 'snappy' | 'gzip' | 'none';

/** What is saved of one data set, and how. */
export interface SaveOptions extends Partial<SaveChoice> {
  /** Default: Snappy. */
  codec?: SavedCodec;
  signal?: AbortSignal;
  /** About ten times a second. */
  onProgress?: (progress: SaveProgress) => void;
}

/** Where the bytes of a file go, in order. Nothing that is not finished is to look like a whole file. */
export interface SaveSink {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

/** What saving takes, known before it starts. */
export interface SavePlan {
  columns: ColumnInfo[];
  /** Asked for by a pattern, but not saved. */
  leftOut: { name: string; reason: string }[];
  /** Events of all files. */
  events: number;
  /** Of the source, to be read: not where no event can pass. */
  bytes: number;
  /** What the chosen columns of all events take in their files now. */
  columnBytes: number;
}

export interface SaveProgress {
  /** Events looked at, of `totalEvents`. */
  events: number;
  totalEvents: number;
  /** Events that are saved so far. */
  rows: number;
  /** Written so far. */
  bytes: number;
  seconds: number;
}

/** A file that was saved. */
export interface SaveResult extends Omit<SaveProgress, 'totalEvents'> {
  columns: number;
  rowGroups: number;
  leftOut: SavePlan['leftOut'];
}
