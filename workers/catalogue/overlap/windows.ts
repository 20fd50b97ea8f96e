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

/** What one part or set has in a window, or a piece of it. */
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
/** Event numbers that are loaded ahead, and sources that are read at once. */
const AHEAD = 2 ** 20;
const READ_AT_ONCE = 8;

/**
 * Windows over all sources, ascending: each event number is in one of them, with all streams that have it. Holds `ahead` of each source at most, and a block.
 * @param capacity records of a window, or event numbers that it spans, at most
 * @param ahead event numbers that are loaded before windows are cut; a source that has as many of its own waits for the others
 */
export async function* windows(sources: readonly KeySource[], capacity: number, ahead = AHEAD): AsyncGenerator<Window> {
  const cursors = sources.map((source) => new Cursor(source));
  for (;;) {
    await loadAhead(cursors, ahead);
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
async function loadAhead(cursors: readonly Cursor[], ahead: number): Promise<void> {
  const before = boundOf(cursors);
  for (;;) {
    const open = cursors.filter(({ ended }) => !ended);
    const empty = open.filter(({ last }) => last === undefined);
    let left = 0;
    for (const cursor of cursors) left += cursor.left;
    const bound = boundOf(cursors);
    const isFurther = before === undefined || bound === undefined || bound > before;
    if (open.length === 0 || (empty.length === 0 && isFurther && left >= ahead)) return;
    open.sort((a, b) => compare(a.last ?? -1n, b.last ?? -1n));
    const next = open.filter((cursor, k) => k === 0 || cursor.left < ahead).slice(0, READ_AT_ONCE);
    await Promise.all(next.map((cursor) => cursor.load()));
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
    for (const block of cursor.takeBelow(end)) runs.push({ stream: cursor.stream, ...block });
  }
  return { first, span: Number(span), runs };
}

class Cursor {
  readonly stream: number;
  readonly #source: KeySource;
  /** What was loaded and not taken: of the first one, from `#at` on. */
  #blocks: KeyBlock[] = [];
  #at = 0;
  ended = false;
  left = 0;
  /** The last one that was loaded, whether taken or not. */
  last: bigint | undefined;

  constructor(source: KeySource) {
    this.stream = source.stream;
    this.#source = source;
  }

  get first(): bigint | undefined {
    return this.#blocks[0]?.keys[this.#at];
  }

  async load(): Promise<void> {
    const block = await this.#source.next();
    if (!block) {
      this.ended = true;
      return;
    }
    const { length } = block.keys;
    if (length === 0) return;
    this.last = block.keys[length - 1];
    this.left += length;
    this.#blocks.push(block);
  }

  countBelow(end: bigint): number {
    let count = 0;
    for (const [k, { keys }] of this.#blocks.entries()) {
      const from = k === 0 ? this.#at : 0;
      const own = placeOf(from === 0 ? keys : keys.subarray(from), end);
      count += own;
      if (own < keys.length - from) break;
    }
    return count;
  }

  /** Views. */
  takeBelow(end: bigint): KeyBlock[] {
    const taken: KeyBlock[] = [];
    for (let missing = this.countBelow(end); missing > 0; ) {
      const block = this.#blocks[0]!;
      const to = Math.min(block.keys.length, this.#at + missing);
      taken.push(sliced(block, this.#at, to));
      missing -= to - this.#at;
      this.left -= to - this.#at;
      this.#at = to;
      if (to < block.keys.length) continue;
      this.#blocks.shift();
      this.#at = 0;
    }
    return taken;
  }
}

function sliced({ keys, file, tid }: KeyBlock, from: number, to: number): KeyBlock {
  return {
    keys: keys.subarray(from, to),
    ...(file && { file: file.subarray(from, to) }),
    ...(tid && { tid: tid.subarray(from, to) }),
  };
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
