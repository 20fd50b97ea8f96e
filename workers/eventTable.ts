import type { PlainError } from '../core/errors.ts';
import type { RowColumn } from './engine/eventRows.ts';

/** Where an event lies: positions among the document's data sets and a data set's files, and from the start of the file. */
export interface EventAddress {
  dataset: number;
  file: number;
  event: number;
}

/** One value an event. */
export interface EventColumn extends RowColumn {
  /** The expression, as it was asked for. */
  name: string;
}

/** Events that pass all cuts, in the order of data sets, files and events. */
export interface EventTable {
  rows: number;
  /** False where there were more than the limit, or where it was told to stop there. */
  complete: boolean;
  /** Events that pass, whether or not they are in the table; of those that were read. */
  passed: number;
  dataset: Uint16Array;
  file: Uint16Array;
  event: Float64Array;
  columns: EventColumn[];
}

export interface TableOptions {
  /** Expressions with one value an event. */
  values: readonly string[];
  /** Rows at most; default: 1,000,000. Fewer where they would take a quarter of the session's memory. */
  limit?: number;
  /** Reads no further once the table is full: `passed` then counts only what was read. */
  stopAtLimit?: boolean;
  signal?: AbortSignal;
  /** About ten times a second. */
  onProgress?: (progress: TableProgress) => void;
}

export interface TableProgress {
  /** Read so far, of `totalEvents`. */
  events: number;
  totalEvents: number;
  /** Rows so far. */
  rows: number;
}

/** A value of one event, for people: what `null` stands for is missing. Items of a collection are objects by field. */
export type Shown = number | bigint | boolean | string | null | Shown[] | { [field: string]: Shown };

export interface InspectOptions {
  /** Columns to show beside those that the document reads. */
  columns?: 'all' | readonly string[];
  /** Further expressions to compute, of any kind. */
  values?: readonly string[];
  signal?: AbortSignal;
}

/** What an expression gave. */
export interface PieceRecord {
  expression: string;
  /** What it is, in words; empty where it is nothing. */
  words: string;
  value: Shown;
  /** Why it can't be computed; `value` is then null. */
  error?: PlainError;
}

/** One event, looked at closely. */
export interface EventRecord {
  address: EventAddress;
  /** What identifies it, where the file has such columns. */
  run: number | bigint | null;
  block: number | bigint | null;
  event: number | bigint | null;
  /** By raw name, in the file's order: those that the document reads, and those that were asked for. */
  columns: { name: string; value: Shown }[];
  definitions: ({ name: string } & PieceRecord)[];
  /** All cuts, in order; the first enabled one that is not true is where the event failed. */
  cuts: CutRecord[];
  /** The document's weight. */
  weight?: PieceRecord;
  /** The further expressions. */
  values: PieceRecord[];
  /** Bytes to fetch for all columns of this event that are not in memory. */
  allBytes: number;
}

/** What a cut is for one event; missing counts as false. */
export interface CutRecord {
  name: string;
  expression: string;
  enabled: boolean;
  value: boolean | null;
  error?: PlainError;
  /** Values of parts of the expression, in the order of the text: `[from, to)` in it, and what it gave. */
  parts: { span: [number, number]; value: Shown }[];
}

/** What tells an event from all others. Without the luminosity block or the run, all that agree in the rest are meant. */
export interface EventNumber {
  run?: bigint;
  block?: bigint;
  event: bigint;
}

/** Where an event was looked for, and where it is. */
export interface FoundEvents {
  /** All places, in order: an event may be in the data twice. */
  addresses: EventAddress[];
  /** Files that were looked into, be it into their statistics only. */
  files: number;
  events: number;
  /** Files that lack a column that tells one event from another. */
  without: { file: string; column: string }[];
}
