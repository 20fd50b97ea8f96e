import type { Counting } from '../kernels/counting.ts';
import { sortPasses, strategyOf, UNION_BITS } from './strategy.ts';
import type { Run, Window } from './windows.ts';

/** Counts of some windows, which add up. */
export interface PartialCounts {
  /** Records of each stream. */
  records: Float64Array;
  /** S × S: distinct events in both; only i ≤ j is set. */
  both: Float64Array;
  /** By the number of streams: 0 … S; the first one means nothing. */
  inExactly: Float64Array;
}

/** Counts pairs of rows, wherever that is done. `rows` lie `stride` words apart; what it is given it does not keep. */
export interface PairCounter {
  add(rows: Uint32Array<ArrayBuffer>, stride: number, words: number): void;
  /** Settles when it can take more. */
  ready(): Promise<void>;
  /** Sums since the last time: `[i * S + j]` for i < j. */
  finish(): Promise<Float64Array>;
}

export interface CounterOptions {
  /** Counts pairs elsewhere. */
  pairs?: PairCounter | undefined;
  /** Of a row: a multiple of 128. */
  bits?: number;
}

/** Bytes of all rows together, and bits of one of them. */
const ROW_BYTES = 2 ** 22;
const LEAST_BITS = 2 ** 12;
const MOST_BITS = 2 ** 20;
/** Event numbers that are copied to the kernel at a time. */
const STAGE = 32_768;
const RADIX_PLACES = 2048 * 4;
/** Of a stream's number, beside 48 bits of an event's place in the window. */
const TAG_BITS = 16;
/** Their pairs take 64 MB in the kernel, and 128 MB in each of the copies that threads and the page hold. */
export const MOST_STREAMS = 2 ** 12;

/** Bits of a row: a window has so many records, or spans so many event numbers, at most. */
export function rowBits(streams: number): number {
  const bits = Math.min(MOST_BITS, Math.max(LEAST_BITS, (8 * ROW_BYTES) / Math.max(1, streams)));
  return Math.floor(bits / LEAST_BITS) * LEAST_BITS;
}

/** Counts streams of events window by window: bits of several windows share rows, and pairs are counted when these are full. */
export class OverlapCounter {
  /** Records or event numbers of a window, at most. */
  readonly capacity: number;
  readonly records: Float64Array;
  readonly #counting: Counting;
  readonly #streams: number;
  readonly #pairs: PairCounter | undefined;
  readonly #stride: number;
  readonly #places: Record<'rows' | 'folds' | 'stage' | 'distinct' | 'histogram' | 'both' | 'filled', number>;
  /** Taken when first needed. */
  #ranking: { union: number; ranks: number } | undefined;
  #sorting: { arrays: [number, number]; places: number } | undefined;
  /** Distinct events of the last window that told, of its records. */
  #share: number | undefined;
  /** Bits of the rows that are taken. */
  #used = 0;

  constructor(counting: Counting, streams: number, { pairs, bits = rowBits(streams) }: CounterOptions = {}) {
    this.#counting = counting;
    this.#streams = streams;
    this.#pairs = pairs;
    this.capacity = bits;
    this.records = new Float64Array(streams);
    this.#stride = this.capacity / 8;
    const matrix = pairs ? 0 : 4 * streams * streams;
    this.#places = {
      rows: counting.take(streams * this.#stride),
      folds: counting.take(2 * this.capacity),
      stage: counting.take(8 * STAGE),
      distinct: counting.take(4 * streams),
      histogram: counting.take(4 * (streams + 1)),
      both: counting.take(matrix),
      filled: counting.take(4 * streams),
    };
  }

  /** Counts a window: either its span or the number of its records is `capacity` at most. */
  take({ first, span, runs }: Window): void {
    let records = 0;
    for (const { stream, keys } of runs) {
      records += keys.length;
      this.records[stream]! += keys.length;
    }
    const strategy = strategyOf(records, span, this.#streams, this.capacity, this.#share);
    if (strategy === 'span') this.#placeSpan(first, span, runs);
    else if (strategy === 'ranked') this.#placeRanked(first, span, records, runs);
    else this.#placeSorted(first, span, records, runs);
  }

  /** All counts since it was made. */
  async finish(): Promise<PartialCounts> {
    this.#flush();
    const { both: at, distinct, histogram } = this.#places;
    const size = this.#streams;
    const both = this.#pairs ? await this.#pairs.finish() : this.#counting.pairs(at, size);
    this.#counting.words(distinct, size).forEach((events, i) => {
      both[i * size + i] = events;
    });
    return { records: this.records, both, inExactly: Float64Array.from(this.#counting.words(histogram, size + 1)) };
  }

  #placeSpan(first: bigint, span: number, runs: readonly Run[]): void {
    this.#reserve(span);
    const { rows, folds } = this.#places;
    this.#each(runs, (stage, count, stream) =>
      this.#counting.run.place(stage, count, first, this.#used, rows + stream * this.#stride, folds),
    );
    this.#used += span;
  }

  #placeRanked(first: bigint, span: number, records: number, runs: readonly Run[]): void {
    this.#reserve(Math.min(span, records));
    this.#ranking ??= { union: this.#counting.take(UNION_BITS / 8), ranks: this.#counting.take(UNION_BITS / 16) };
    const { rows, folds } = this.#places;
    const { union, ranks } = this.#ranking;
    const words = Math.ceil(span / 64);
    const { run } = this.#counting;
    this.#counting.bytes(union, 8 * words).fill(0);
    this.#each(runs, (stage, count) => {
      run.markUnion(stage, count, first, union);
      return 0;
    });
    const used = run.countUnion(union, words, this.#used, ranks);
    this.#each(runs, (stage, count, stream) =>
      run.placeRanked(stage, count, first, union, ranks, rows + stream * this.#stride, folds),
    );
    this.#share = (used - this.#used) / records;
    this.#used = used;
  }

  #placeSorted(first: bigint, span: number, records: number, runs: readonly Run[]): void {
    this.#reserve(records);
    const array = () => this.#counting.take(8 * this.capacity);
    this.#sorting ??= { arrays: [array(), array()], places: this.#counting.take(RADIX_PLACES) };
    let [from, to] = this.#sorting.arrays;
    const { rows, folds, distinct } = this.#places;
    const { run } = this.#counting;
    let packed = from;
    this.#each(runs, (stage, count, stream) => {
      run.pack(stage, count, first, stream, packed);
      packed += 8 * count;
      return 0;
    });
    for (let pass = 0; pass < sortPasses(span); pass++) {
      run.radixPass(from, records, BigInt(TAG_BITS + 11 * pass), to, this.#sorting.places);
      [from, to] = [to, from];
    }
    const used = run.placeSorted(from, records, this.#used, rows, this.#stride, folds, distinct);
    this.#share = (used - this.#used) / records;
    this.#used = used;
  }

  /** Hands all keys to a kernel, piece by piece; what it gives is added to the stream's distinct events. */
  #each(runs: readonly Run[], work: (stage: number, count: number, stream: number) => number): void {
    const { stage, distinct } = this.#places;
    for (const { stream, keys } of runs) {
      let isNew = 0;
      for (let from = 0; from < keys.length; from += STAGE) {
        const piece = keys.subarray(from, from + STAGE);
        this.#counting.put(stage, piece);
        isNew += work(stage, piece.length, stream);
      }
      this.#counting.words(distinct, this.#streams)[stream]! += isNew;
    }
  }

  /** Makes room for bits. */
  #reserve(bits: number): void {
    if (this.#used + bits > this.capacity) this.#flush();
  }

  /** Counts what the rows hold, and empties them. */
  #flush(): void {
    if (this.#used === 0) return;
    const { rows, folds, histogram, both, filled } = this.#places;
    const bytes = 16 * Math.ceil(this.#used / 128);
    const { run } = this.#counting;
    if (this.#pairs) {
      const all = this.#counting.words(rows, (this.#streams * this.#stride) / 4);
      this.#pairs.add(all, this.#stride / 4, bytes / 4);
    } else {
      run.countPairs(rows, this.#streams, this.#stride, bytes, both, filled);
    }
    run.histogramOfCounts(folds, this.#used, histogram);
    const all = this.#counting.bytes(rows, this.#streams * this.#stride);
    for (let i = 0; i < this.#streams; i++) all.fill(0, i * this.#stride, i * this.#stride + bytes);
    this.#counting.bytes(folds, 2 * this.#used).fill(0);
    this.#used = 0;
  }
}
