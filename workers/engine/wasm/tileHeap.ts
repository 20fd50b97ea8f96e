import type { HistogramProgram } from '../../../core/expr/typedForm.ts';
import { emptyArrays, listArrays } from '../../../core/hist/arrays.ts';
import { orderOf } from '../../../core/hist/radix.ts';
import { hashTile, TILE_BINS, type TiledArrays } from '../../../core/hist/tiles.ts';
import type { EngineHeap } from '../heap.ts';
import { tooManyTiles } from '../tileLimit.ts';
import { TILE_HEADER } from './tileFill.ts';

/** Tiles of the first block; each one after it holds as many as all before it, up to the largest. */
const FIRST_TILES = 256;
const LARGEST_BLOCK = 1 << 18;

/** What the event loop reads of the tiles of a histogram. */
export interface TileCells {
  table: number;
  mask: number;
  /** Where the next tile goes, and where the block ends. */
  next: number;
  end: number;
}

/** The tiles of one histogram in the engine's heap: blocks of them, which stay where they are, and the table that finds them. */
export class TileHeap {
  readonly #heap: EngineHeap;
  readonly #histogram: HistogramProgram;
  readonly #tileBytes: number;
  readonly #budget: number;
  readonly #blocks: { at: number; tiles: number }[] = [];
  #table = 0;
  #slots = 0;

  /** @param budget bytes that the tiles of one chunk may take */
  constructor(heap: EngineHeap, histogram: HistogramProgram, binBytes: number, budget: number) {
    this.#heap = heap;
    this.#histogram = histogram;
    this.#tileBytes = TILE_HEADER + TILE_BINS * binBytes;
    this.#budget = budget;
  }

  /**
   * Takes a block, and a table at most half full for all tiles of all blocks. To be called when the last block is used up.
   * @throws LumiscopeError `limit` that names the histogram
   */
  grow(): TileCells {
    const held = this.#blocks.reduce((sum, { tiles }) => sum + tiles, 0);
    const room = Math.floor(this.#budget / this.#tileBytes) - held;
    if (room < 1) throw tooManyTiles(this.#histogram.name, this.#budget);
    const tiles = Math.min(Math.max(held, FIRST_TILES), LARGEST_BLOCK, room);
    const bytes = tiles * this.#tileBytes;
    const at = this.#heap.alloc(bytes);
    this.#blocks.push({ at, tiles });
    new Uint8Array(this.#heap.memory.buffer, at, bytes).fill(0);
    if (2 * (held + tiles) > this.#slots) this.#makeTable(2 ** Math.ceil(Math.log2(2 * (held + tiles))), at);
    return { table: this.#table, mask: this.#slots - 1, next: at, end: at + bytes };
  }

  /** All tiles, in ascending order. @param next where the event loop would put the next tile */
  contents(next: number): TiledArrays {
    const addresses = this.#addresses(next);
    const view = new DataView(this.#heap.memory.buffer);
    const numbers = Float64Array.from(addresses, (at) => wholeAt(view, at));
    const order = orderOf(numbers);
    const arrays = emptyArrays(this.#histogram.storage, order.length * TILE_BINS);
    const numbersOfBin = listArrays(arrays);
    const doubles = new Float64Array(this.#heap.memory.buffer);
    order.forEach((i, slot) => {
      const from = (addresses[i] + TILE_HEADER) / 8;
      for (let k = 0; k < TILE_BINS; k++) {
        const bin = slot * TILE_BINS + k;
        if (numbersOfBin.length === 1) arrays.values[bin] = wholeAt(view, 8 * (from + k));
        else for (const [n, array] of numbersOfBin.entries()) array[bin] = doubles[from + k * numbersOfBin.length + n];
      }
    });
    return { ...arrays, tiles: { size: TILE_BINS, at: Float64Array.from(order, (i) => numbers[i]) } };
  }

  release(): void {
    for (const { at } of this.#blocks.splice(0)) this.#heap.free(at);
    if (this.#table) this.#heap.free(this.#table);
    this.#table = 0;
  }

  /** A table for all tiles before address `next`, in the place of the one that is there. */
  #makeTable(slots: number, next: number): void {
    if (this.#table) this.#heap.free(this.#table);
    this.#table = 0;
    this.#table = this.#heap.alloc(4 * slots);
    this.#slots = slots;
    const table = new Uint32Array(this.#heap.memory.buffer, this.#table, slots).fill(0);
    const view = new DataView(this.#heap.memory.buffer);
    for (const at of this.#addresses(next)) {
      let place = hashTile(wholeAt(view, at)) & (slots - 1);
      while (table[place] !== 0) place = (place + 1) & (slots - 1);
      table[place] = at;
    }
  }

  /** Where the tiles lie that are filled: all before `next`, which is in the last block or at its end. */
  #addresses(next: number): Uint32Array {
    const ends = this.#blocks.map(({ at, tiles }, i) =>
      i === this.#blocks.length - 1 ? next : at + tiles * this.#tileBytes,
    );
    const counts = this.#blocks.map(({ at }, i) => (ends[i] - at) / this.#tileBytes);
    const addresses = new Uint32Array(counts.reduce((sum, count) => sum + count, 0));
    let n = 0;
    this.#blocks.forEach(({ at }, i) => {
      for (let k = 0; k < counts[i]; k++) addresses[n++] = at + k * this.#tileBytes;
    });
    return addresses;
  }
}

/** A whole number of 64 bits, below 2^53. */
function wholeAt(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
}
