import type { Scalar } from '../core/expr/typedForm.ts';

/** Where an event lies: positions among the document's data sets and a data set's files, and from the start of the file. */
export interface EventAddress {
  dataset: number;
  file: number;
  event: number;
}

/** One value an event. Where `valid` is 0 the value is missing, and its entry 0. */
export interface EventColumn {
  /** The expression, as it was asked for. */
  name: string;
  type: Scalar;
  /** float and bool: Float64Array; int: BigInt64Array; uint: BigUint64Array; string: codes of `dictionary`. */
  values: Float64Array | BigInt64Array | BigUint64Array | Uint32Array;
  valid?: Uint8Array;
  dictionary?: string[];
}

/** Events that pass all cuts, in the order of data sets, files and events. */
export interface EventTable {
  rows: number;
  /** False where there were more than the limit. */
  complete: boolean;
  /** Events that pass, whether or not they are in the table. */
  passed: number;
  dataset: Uint16Array;
  file: Uint16Array;
  event: Float64Array;
  columns: EventColumn[];
}

/** A value of one event, for people: what `null` stands for is missing. Items of a collection are objects by field. */
export type Shown = number | bigint | boolean | string | null | Shown[] | { [field: string]: Shown };

/** One event, looked at closely. */
export interface EventRecord {
  address: EventAddress;
  /** Columns that were asked for, by raw name. */
  columns: { name: string; value: Shown }[];
  /** Each definition; `error` where it can't be computed on its own. */
  definitions: { name: string; words: string; value: Shown }[];
  /** All cuts, in order; the first one that is not true is where the event failed. */
  cuts: CutRecord[];
  /** The document's weight. */
  weight?: number | null;
}

/** What a cut is for one event; missing counts as false. */
export interface CutRecord {
  name: string;
  expression: string;
  enabled: boolean;
  value: boolean | null;
  /** Values of parts of the expression, in the order of the text: `[from, to)` in it, and what it gave. */
  parts: { span: [number, number]; value: Shown }[];
}
