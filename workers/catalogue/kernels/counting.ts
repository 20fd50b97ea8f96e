/**
 * Counting in WebAssembly, compiled by `scripts/build-counting.mjs` from `assembly/`. An instance has memory of its own, since counts grow over many windows
 * while other tasks of the thread count too: `withCounting` lends one.
 */
import { COUNTING_BASE64, COUNTING_HEAP_BASE } from './counting.generated.ts';

/** See `assembly/` for each. Places are bytes of the memory. */
export interface CountingExports {
  markUnion(keys: number, count: number, first: bigint, union: number): void;
  countUnion(union: number, words: number, base: number, ranks: number): number;
  placeRanked(
    keys: number,
    count: number,
    first: bigint,
    union: number,
    ranks: number,
    row: number,
    folds: number,
  ): number;
  place(keys: number, count: number, first: bigint, base: number, row: number, folds: number): number;
  pack(keys: number, count: number, first: bigint, stream: number, out: number): void;
  radixPass(from: number, count: number, shift: bigint, to: number, places: number): void;
  placeSorted(
    from: number,
    count: number,
    base: number,
    rows: number,
    stride: number,
    folds: number,
    distinct: number,
  ): number;
  mergeRecords(
    keys: number,
    files: number,
    tids: number,
    begin: number,
    middle: number,
    end: number,
    outKeys: number,
    outFiles: number,
    outTids: number,
  ): void;
  selectEvents(a: number, aEnd: number, b: number, bEnd: number, wantBoth: boolean, out: number): number;
  countPairs(rows: number, count: number, stride: number, bytes: number, both: number, filled: number): void;
  placeLists(
    offsets: number,
    events: number,
    values: number,
    rowOf: number,
    base: number,
    rows: number,
    stride: number,
  ): void;
  histogramOfCounts(counts: number, count: number, histogram: number): void;
  countGroups(
    keys: number,
    fileNumbers: number,
    recordTids: number,
    count: number,
    serial: number,
    files: number,
    mostFiles: number,
    tids: number,
    mostTids: number,
    all: number,
  ): bigint;
}

const PAGE = 65_536;
/** Instances that wait for the next task, and how large they may be: a thread runs two at a time. */
const KEPT = 2;
const KEPT_BYTES = 2 ** 25;

/** An instance and its memory, which is handed out from the bottom up. */
export class Counting {
  readonly run: CountingExports;
  readonly #memory: WebAssembly.Memory;
  #top = 0;

  constructor(run: CountingExports, memory: WebAssembly.Memory) {
    this.run = run;
    this.#memory = memory;
    this.clear();
  }

  /** Bytes of its memory, which never shrinks. */
  get size(): number {
    return this.#memory.buffer.byteLength;
  }

  /** Takes all memory back. */
  clear(): void {
    this.#top = align(COUNTING_HEAP_BASE);
  }

  /** Room for so many bytes, all zero. @throws RangeError where memory runs out */
  take(bytes: number): number {
    const place = this.#top;
    this.#top = align(place + bytes);
    const missing = this.#top - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE));
    new Uint8Array(this.#memory.buffer, place, bytes).fill(0);
    return place;
  }

  /** Views last until more memory is taken. */
  words(place: number, count: number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.#memory.buffer as ArrayBuffer, place, count);
  }

  bytes(place: number, count: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#memory.buffer as ArrayBuffer, place, count);
  }

  /** What `countPairs` left: `[i * size + j]` for i < j, and nothing for the others. */
  pairs(both: number, size: number): Float64Array {
    const words = this.words(both, size * size);
    const sums = new Float64Array(size * size);
    for (let i = 0; i < size; i++) {
      for (let j = i + 1; j < size; j++) sums[i * size + j] = words[i * size + j]! + words[j * size + i]!;
    }
    return sums;
  }

  put(place: number, { buffer, byteOffset, byteLength }: ArrayBufferView): void {
    this.bytes(place, byteLength).set(new Uint8Array(buffer, byteOffset, byteLength));
  }
}

let compiled: Promise<WebAssembly.Module> | undefined;
const kept: Counting[] = [];

/** Lends an instance for as long as `work` takes. */
export async function withCounting<T>(work: (counting: Counting) => Promise<T> | T): Promise<T> {
  const counting = kept.pop() ?? (await instantiate());
  counting.clear();
  const result = await work(counting);
  // One whose work failed may have run out of memory: it goes.
  if (kept.length < KEPT && counting.size <= KEPT_BYTES) kept.push(counting);
  return result;
}

async function instantiate(): Promise<Counting> {
  compiled ??= WebAssembly.compile(Uint8Array.from(atob(COUNTING_BASE64), (c) => c.charCodeAt(0)));
  compiled.catch(() => {
    compiled = undefined;
  });
  const memory = new WebAssembly.Memory({ initial: Math.ceil(COUNTING_HEAP_BASE / PAGE) });
  const { exports } = await WebAssembly.instantiate(await compiled, { env: { memory } });
  return new Counting(exports as unknown as CountingExports, memory);
}

function align(place: number): number {
  // Not by bits, which wrap at 2^31.
  return 16 * Math.ceil(place / 16);
}
