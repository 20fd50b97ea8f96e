/**
 * The errors of Lumiscope. Each says what happened, where, and what to do; the tag tells the caller
 * which kind it is without `instanceof`, which does not survive the way out of a worker.
 */

export type ErrorTag =
  /** A wrong expression: has a `span` into its text. */
  | 'expression'
  /** A wrong document: has a `line` and `column` of its text where known. */
  | 'document'
  /** A link that holds no readable document. */
  | 'link'
  /** Bytes that can't be had: network, HTTP status, CORS, ranges, changed file. */
  | 'source'
  /** Bytes that can't be read: wrong magic, truncated, corrupt, not supported. */
  | 'format'
  /** A run that was cancelled. */
  | 'cancelled'
  /** A limit that was reached: memory, bins, nesting. */
  | 'limit';

/** Where an error is; every field is optional and named for people. */
export interface ErrorPlace {
  /** URL or name of a file. */
  file?: string;
  /** A column (branch) of the file. */
  column?: string;
  /** Trees of a ROOT file that one has to be chosen from: values of a data set's `tree`. */
  trees?: string[];
  /** Of a ROOT file without trees: the number of histograms in it. */
  histograms?: number;
  /** Columns that some files lack, and values that can stand in for them: entries of the document's `defaults`. */
  defaults?: Record<string, number | boolean | string>;
  /** Where in the document: `define.good`, `select.two muons`, `histograms.m.axes.0.value`. */
  path?: string;
  /** The same as keys of the document, for names that hold dots: `['histograms', 'm', 'axes', 0, 'value']`. */
  keys?: (string | number)[];
  /** Line of a text, from 1. */
  line?: number;
  /** Column of a text, from 1. */
  col?: number;
  /** `[from, to)` in characters of an expression or of a document's text. */
  span?: [number, number];
  /** Of a run: chunks that are not in its result, of those that each file should have given. */
  missing?: { file: string; chunks: number; of: number }[];
  /** Byte range of the file. */
  range?: [number, number];
  /** The host whose server does not let this page read its answers (CORS). */
  cors?: string;
  /** The host that wants keys or a token, or others than it got. */
  access?: string;
  /** Whether there is nothing at the address. */
  gone?: true;
}

/** What an error is made of; survives structured cloning (see `toPlain`). */
export interface PlainError {
  tag: ErrorTag;
  message: string;
  /** What the reader of the message can do. */
  hint?: string;
  place: ErrorPlace;
}

/** The one error class of the product. `message` says what and where; `hint` what to do. */
export class LumiscopeError extends Error {
  readonly tag: ErrorTag;
  readonly hint?: string;
  readonly place: ErrorPlace;

  constructor(tag: ErrorTag, message: string, details: { hint?: string; place?: ErrorPlace; cause?: unknown } = {}) {
    super(message, { cause: details.cause });
    this.name = 'LumiscopeError';
    this.tag = tag;
    this.hint = details.hint;
    this.place = details.place ?? {};
  }
}

/** The parts of any error that survive `postMessage`. */
export function toPlain(error: unknown): PlainError {
  if (error instanceof LumiscopeError)
    return { tag: error.tag, message: error.message, hint: error.hint, place: error.place };
  const e = error as { tag?: ErrorTag; message?: string; hint?: string; place?: ErrorPlace; name?: string };
  if (e?.name === 'AbortError') return { tag: 'cancelled', message: 'cancelled', place: {} };
  if (error instanceof RangeError && /memory|allocat/i.test(error.message)) {
    const hint = 'use fewer bins or fewer workers, or close other tabs';
    return { tag: 'limit', message: `memory ran out (${error.message})`, hint, place: {} };
  }
  return { tag: e?.tag ?? 'format', message: e?.message ?? String(error), hint: e?.hint, place: e?.place ?? {} };
}

/** The error that `toPlain` took apart. */
export function fromPlain(plain: PlainError): LumiscopeError {
  return new LumiscopeError(plain.tag, plain.message, { hint: plain.hint, place: plain.place });
}
