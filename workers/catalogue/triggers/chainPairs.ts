import type { TriggerCounts } from '../../../core/catalogue/triggerCounts.ts';
import type { Counting } from '../kernels/counting.ts';

/** Bytes of all rows together, and bits of one of them. */
const ROWS_BYTES = 2 ** 22;
const LEAST_BITS = 2 ** 12;
const MOST_BITS = 2 ** 18;
/** Events and bits of events that are copied to the kernel at a time; one event may have each bit. */
const STAGE_EVENTS = 8192;
const STAGE_VALUES = 2 ** 16;
/** Chains that there is room for in the beginning. */
const FIRST_ROWS = 64;
const ALL_BITS = 2 ** 16;
/** Of a bit: not met yet, and not asked for. */
const UNKNOWN = -1;
const LEFT_OUT = -2;

/**
 * Counts which chains events fire together: events become rows of bits, one a chain, and pairs are counted by the kernel that streams are counted with. Chains get a row
 * when they are first met, so that the rest of a menu costs nothing.
 */
export class ChainPairs {
  readonly #counting: Counting;
  readonly #rowOf = new Int32Array(ALL_BITS);
  /** Of each row. */
  readonly #bits: number[] = [];
  /** `[i * capacity + j]`, of what was taken out of the kernel. */
  #both = new Float64Array();
  #capacity = FIRST_ROWS;
  /** Bits of a row: events that there is room for, and those that are taken. */
  #events = 0;
  #used = 0;
  #places!: Record<'rowOf' | 'rows' | 'both' | 'filled' | 'offsets' | 'values', number>;

  /** @param chosen bits that are counted; all where there are none */
  constructor(counting: Counting, chosen?: readonly number[]) {
    this.#counting = counting;
    this.#rowOf.fill(chosen ? LEFT_OUT : UNKNOWN);
    for (const bit of chosen ?? []) this.#rowOf[bit] = UNKNOWN;
    this.#take();
  }

  /** Adds events by their lists of bits: event i has `values[offsets[i]]` up to, not including, `values[offsets[i + 1]]`, each bit once. */
  add(offsets: Uint32Array, values: Uint16Array, events: number): void {
    this.#meet(values.subarray(offsets[0]!, offsets[events]!));
    const { run } = this.#counting;
    for (let begin = 0; begin < events; ) {
      if (this.#used === this.#events) this.#count();
      let end = begin + Math.min(events - begin, STAGE_EVENTS, this.#events - this.#used);
      while (offsets[end]! - offsets[begin]! > STAGE_VALUES) end = begin + ((end - begin) >> 1);
      const places = this.#places;
      this.#counting.put(places.offsets, offsets.subarray(begin, end + 1));
      this.#counting.put(places.values, values.subarray(offsets[begin]!, offsets[end]!));
      run.placeLists(
        places.offsets,
        end - begin,
        places.values,
        places.rowOf,
        this.#used,
        places.rows,
        this.#events / 8,
      );
      this.#used += end - begin;
      begin = end;
    }
  }

  /** Events of each pair; on the diagonal nothing. */
  finish(): NonNullable<TriggerCounts['pairs']> {
    this.#collect();
    const order = this.#bits.map((_, row) => row).sort((a, b) => this.#bits[a]! - this.#bits[b]!);
    const size = order.length;
    const both = new Float64Array(size * size);
    for (let i = 0; i < size; i++) {
      for (let j = i + 1; j < size; j++) {
        const [low, high] = order[i]! < order[j]! ? [order[i]!, order[j]!] : [order[j]!, order[i]!];
        both[i * size + j] = this.#both[low * this.#capacity + high]!;
      }
    }
    return { bits: Uint16Array.from(order, (row) => this.#bits[row]!), both };
  }

  /** Gives new bits a row. */
  #meet(values: Uint16Array): void {
    const known = this.#bits.length;
    for (let i = 0; i < values.length; i++) {
      const bit = values[i]!;
      if (this.#rowOf[bit] === UNKNOWN) this.#rowOf[bit] = this.#bits.push(bit) - 1;
    }
    if (this.#bits.length === known) return;
    if (this.#bits.length > this.#capacity) this.#grow();
    this.#counting.put(this.#places.rowOf, this.#rowOf);
  }

  #grow(): void {
    this.#collect();
    const before = this.#capacity;
    while (this.#capacity < this.#bits.length) this.#capacity *= 2;
    const both = new Float64Array(this.#capacity ** 2);
    for (let i = 0; i < before; i++) {
      both.set(this.#both.subarray(i * before, (i + 1) * before), i * this.#capacity);
    }
    this.#both = both;
    this.#counting.clear();
    this.#take();
  }

  #take(): void {
    const counting = this.#counting;
    const rows = this.#capacity;
    const bits = Math.min(MOST_BITS, Math.max(LEAST_BITS, (8 * ROWS_BYTES) / rows));
    this.#events = bits;
    this.#used = 0;
    this.#places = {
      rowOf: counting.take(4 * ALL_BITS),
      rows: counting.take((rows * bits) / 8),
      both: counting.take(4 * rows * rows),
      filled: counting.take(4 * rows),
      offsets: counting.take(4 * (STAGE_EVENTS + 1)),
      values: counting.take(2 * STAGE_VALUES),
    };
    counting.put(this.#places.rowOf, this.#rowOf);
  }

  /** Counts the pairs of what is in the rows, and empties them. */
  #count(): void {
    const { rows, both, filled } = this.#places;
    const stride = this.#events / 8;
    const bytes = Math.ceil(this.#used / 128) * 16;
    this.#counting.run.countPairs(rows, this.#capacity, stride, bytes, both, filled);
    this.#counting.bytes(rows, this.#capacity * stride).fill(0);
    this.#used = 0;
  }

  /** Takes the kernel's sums out of it. */
  #collect(): void {
    this.#count();
    const size = this.#capacity ** 2;
    if (this.#both.length === 0) this.#both = new Float64Array(size);
    const { both } = this.#places;
    const more = this.#counting.pairs(both, this.#capacity);
    for (let i = 0; i < size; i++) this.#both[i]! += more[i]!;
    this.#counting.bytes(both, 4 * size).fill(0);
  }
}
