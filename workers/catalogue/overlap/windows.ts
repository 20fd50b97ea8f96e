import { MOST_SPAN, type Run, type Window } from './overlapCounter.ts';
import { placeOf } from './placeOf.ts';

/** Ascending event numbers of one stream, block by block. */
export interface KeySource {
  stream: number;
  /** The next ones; undefined behind the last. */
  next(): Promise<BigUint64Array | undefined>;
}

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
    const keys = cursor.takeBelow(end);
    if (keys.length > 0) runs.push({ stream: cursor.stream, keys });
  }
  return { first, span: Number(span), runs };
}

class Cursor {
  readonly stream: number;
  readonly #source: KeySource;
  #keys = new BigUint64Array(0);
  #at = 0;
  ended = false;
  /** The last one that was loaded, whether taken or not. */
  last: bigint | undefined;

  constructor(source: KeySource) {
    this.stream = source.stream;
    this.#source = source;
  }

  get left(): number {
    return this.#keys.length - this.#at;
  }

  get first(): bigint | undefined {
    return this.#keys[this.#at];
  }

  async load(): Promise<void> {
    const more = await this.#source.next();
    if (!more) {
      this.ended = true;
      return;
    }
    if (more.length === 0) return;
    this.last = more[more.length - 1];
    if (this.left === 0) {
      this.#keys = more as BigUint64Array<ArrayBuffer>;
    } else {
      const keys = new BigUint64Array(this.left + more.length);
      keys.set(this.#keys.subarray(this.#at));
      keys.set(more, this.left);
      this.#keys = keys;
    }
    this.#at = 0;
  }

  countBelow(end: bigint): number {
    return placeOf(this.#keys.subarray(this.#at), end);
  }

  takeBelow(end: bigint): BigUint64Array {
    const count = this.countBelow(end);
    this.#at += count;
    return this.#keys.subarray(this.#at - count, this.#at);
  }
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
