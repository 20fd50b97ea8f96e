import { placeOf } from './placeOf.ts';

/** Ascending event numbers of one stream, and perhaps more columns of their records. */
export interface KeyBlock {
  keys: BigUint64Array;
  file?: Int32Array;
  tid?: BigInt64Array;
}

/** Blocks of one part or set, one after the other. */
export interface KeySource {
  stream: number;
  /** The next one; undefined behind the last. */
  next(): Promise<KeyBlock | undefined>;
}

/** What one part or set has in a window. */
export interface Run extends KeyBlock {
  stream: number;
}

/** A span of event numbers, and all that streams have there; one may have several runs. */
export interface Window {
  first: bigint;
  /** `MOST_SPAN` at most. */
  span: number;
  runs: readonly Run[];
}

/** A window may span so many event numbers. */
export const MOST_SPAN = 2n ** 48n;
/** Event numbers that are loaded before windows are cut, and sources that are read at once. */
const AHEAD = 2 ** 20;
const READ_AT_ONCE = 8;

/**
 * Windows over all sources, ascending: each event number is in one of them, with all streams that have it. Holds a block or two of each source, never more.
 * @param capacity records of a window, or event numbers that it spans, at most
 */
export async function* windows(sources: readonly KeySource[], capacity: number): AsyncGenerator<Window> {
  const cursors = sources.map((source) => new Cursor(source));
  for (;;) {
    await loadAhead(cursors);
    const bound = boundOf(cursors);
    const upTo = bound ?? lastOf(cursors) + 1n;
    for (;;) {
      const window = cut(cursors, upTo, capacity);
      if (!window) break;
      yield window;
    }
    if (bound === undefined) return;
  }
}

/** Reads on where least is known, until there is enough to cut windows from. */
async function loadAhead(cursors: readonly Cursor[]): Promise<void> {
  const before = boundOf(cursors);
  for (;;) {
    const open = cursors.filter(({ ended }) => !ended);
    const empty = open.filter(({ last }) => last === undefined);
    let left = 0;
    for (const cursor of cursors) left += cursor.left;
    const bound = boundOf(cursors);
    const isFurther = before === undefined || bound === undefined || bound > before;
    if (open.length === 0 || (empty.length === 0 && isFurther && left >= AHEAD)) return;
    open.sort((a, b) => compare(a.last ?? -1n, b.last ?? -1n));
    await Promise.all(open.slice(0, READ_AT_ONCE).map((cursor) => cursor.load()));
  }
}

/** All event numbers below it are loaded; undefined where all are. */
function boundOf(cursors: readonly Cursor[]): bigint | undefined {
  let bound: bigint | undefined;
  for (const { ended, last } of cursors) {
    if (!ended && (bound === undefined || (last ?? 0n) < bound)) bound = last ?? 0n;
  }
  return bound;
}

function lastOf(cursors: readonly Cursor[]): bigint {
  return cursors.reduce((most, { last }) => (last !== undefined && last > most ? last : most), 0n);
}

/** Takes the next window below `upTo`; undefined where there is nothing more. */
function cut(cursors: readonly Cursor[], upTo: bigint, capacity: number): Window | undefined {
  let first: bigint | undefined;
  for (const { first: own } of cursors) if (own !== undefined && (first === undefined || own < first)) first = own;
  if (first === undefined || first >= upTo) return undefined;
  let span = upTo - first < MOST_SPAN ? upTo - first : MOST_SPAN;
  for (;;) {
    const end = first + span;
    let records = 0;
    for (const cursor of cursors) records += cursor.countBelow(end);
    if (records <= capacity || span <= capacity) break;
    // By density, as if it were even; at least half of it goes.
    const even = (span * BigInt(Math.floor((capacity / records) * 2 ** 20))) >> 20n;
    const half = span / 2n;
    span = even < half ? even : half;
    if (span < capacity) span = BigInt(capacity);
  }
  const end = first + span;
  const runs: Run[] = [];
  for (const cursor of cursors) {
    const block = cursor.takeBelow(end);
    if (block.keys.length > 0) runs.push({ stream: cursor.stream, ...block });
  }
  return { first, span: Number(span), runs };
}

class Cursor {
  readonly stream: number;
  readonly #source: KeySource;
  #block: KeyBlock = { keys: new BigUint64Array(0) };
  #at = 0;
  ended = false;
  /** The last one that was loaded, whether taken or not. */
  last: bigint | undefined;

  constructor(source: KeySource) {
    this.stream = source.stream;
    this.#source = source;
  }

  get left(): number {
    return this.#block.keys.length - this.#at;
  }

  get first(): bigint | undefined {
    return this.#block.keys[this.#at];
  }

  async load(): Promise<void> {
    const more = await this.#source.next();
    if (!more) {
      this.ended = true;
      return;
    }
    if (more.keys.length === 0) return;
    this.last = more.keys[more.keys.length - 1];
    this.#block = this.left === 0 ? more : joined(sliced(this.#block, this.#at, this.#block.keys.length), more);
    this.#at = 0;
  }

  countBelow(end: bigint): number {
    return placeOf(this.#block.keys.subarray(this.#at), end);
  }

  takeBelow(end: bigint): KeyBlock {
    const from = this.#at;
    this.#at += this.countBelow(end);
    return sliced(this.#block, from, this.#at);
  }
}

/** A view. */
function sliced({ keys, file, tid }: KeyBlock, from: number, to: number): KeyBlock {
  return {
    keys: keys.subarray(from, to),
    ...(file && { file: file.subarray(from, to) }),
    ...(tid && { tid: tid.subarray(from, to) }),
  };
}

function joined(a: KeyBlock, b: KeyBlock): KeyBlock {
  const length = a.keys.length + b.keys.length;
  const block: KeyBlock = { keys: new BigUint64Array(length) };
  block.keys.set(a.keys);
  block.keys.set(b.keys, a.keys.length);
  if (a.file && b.file) {
    block.file = new Int32Array(length);
    block.file.set(a.file);
    block.file.set(b.file, a.keys.length);
  }
  if (a.tid && b.tid) {
    block.tid = new BigInt64Array(length);
    block.tid.set(a.tid);
    block.tid.set(b.tid, a.keys.length);
  }
  return block;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
