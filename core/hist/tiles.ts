import { addBins, type BinArrays, emptyArrays, isEmpty, listArrays, mapArrays } from './arrays.ts';
import type { StorageType, Tiles } from './histogram.ts';
import { orderOf } from './radix.ts';

/**
 * Bins of a tile; a power of two. Fills of many axes lie far apart: of nine axes of 30 bins nearly every event fills a bin that nothing
 * else does, for which tiles of 1, 2, 4, 8 and 16 bins hold 16, 24, 40, 71 and 134 bytes (bench/nine.ts); filled to the last bin,
 * they would take 16, 12, 10, 9 and 8.5 bytes a bin. Times differ little.
 */
export const TILE_BINS = 2;

/** A place for a tile's number in a table of open addressing: the same in the engine's own table (`wasm/tileFill.ts`). */
export function hashTile(tile: number): number {
  const low = tile | 0;
  const high = Math.floor(tile / 2 ** 32) | 0;
  const mixed = Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/** Contents in tiles, and the tiles. */
export type TiledArrays = BinArrays & { tiles: Tiles };

/** No tile at all. */
export function noTiles(storage: StorageType): TiledArrays {
  return { ...emptyArrays(storage, 0), tiles: { size: TILE_BINS, at: new Float64Array(0) } };
}

/** Tiles that are being filled or added to: any tile is found at once, and there is room for more. */
export class TileSum {
  /** Entry `slot * TILE_BINS + k` is bin `k` of the tile in that slot. Made anew as tiles come: ask again after `slotOf`. */
  arrays: BinArrays;
  #tiles = new Float64Array(16);
  #count = 0;
  /** Slot + 1 by hash, 0 where free; a power of two, at most half full. */
  #table = new Int32Array(64);

  constructor(storage: StorageType) {
    this.arrays = emptyArrays(storage, this.#tiles.length * TILE_BINS);
  }

  /** Bytes that the tiles take when they are done. */
  get bytes(): number {
    return this.#count * 8 * (1 + TILE_BINS * listArrays(this.arrays).length);
  }

  /** Where a tile stands; a new one is empty. */
  slotOf(tile: number): number {
    const mask = this.#table.length - 1;
    let place = hashTile(tile) & mask;
    for (let entry = this.#table[place]; entry !== 0; entry = this.#table[place]) {
      if (this.#tiles[entry - 1] === tile) return entry - 1;
      place = (place + 1) & mask;
    }
    if (this.#count === this.#tiles.length) {
      this.#grow();
      return this.slotOf(tile);
    }
    this.#tiles[this.#count] = tile;
    this.#table[place] = ++this.#count;
    return this.#count - 1;
  }

  /** Entry of a bin in the arrays. */
  indexOf(bin: number): number {
    const tile = Math.floor(bin / TILE_BINS);
    return this.slotOf(tile) * TILE_BINS + (bin - tile * TILE_BINS);
  }

  /** Adds contents of the same storage, tile by tile. */
  add({ tiles, ...more }: TiledArrays): void {
    if (tiles.size !== TILE_BINS) throw new Error(`tiles of ${tiles.size} bins can not be added`);
    tiles.at.forEach((tile, i) => {
      const slot = this.slotOf(tile);
      addBins(this.arrays, slot * TILE_BINS, more, i * TILE_BINS, TILE_BINS);
    });
  }

  /** A copy of all tiles, in ascending order. */
  sorted(): TiledArrays {
    const order = orderOf(this.#tiles.subarray(0, this.#count));
    const arrays = mapArrays(this.arrays, (from) => {
      const to = new Float64Array(order.length * TILE_BINS);
      order.forEach((slot, i) => {
        for (let k = 0; k < TILE_BINS; k++) to[i * TILE_BINS + k] = from[slot * TILE_BINS + k];
      });
      return to;
    });
    return { ...arrays, tiles: { size: TILE_BINS, at: Float64Array.from(order, (slot) => this.#tiles[slot]) } };
  }

  #grow(): void {
    const room = 2 * this.#tiles.length;
    const longer = (array: Float64Array, length: number) => {
      const copy = new Float64Array(length);
      copy.set(array);
      return copy;
    };
    this.#tiles = longer(this.#tiles, room);
    this.arrays = mapArrays(this.arrays, (array) => longer(array, room * TILE_BINS));
    this.#table = new Int32Array(4 * room);
    const mask = this.#table.length - 1;
    for (let slot = 0; slot < this.#count; slot++) {
      let place = hashTile(this.#tiles[slot]) & mask;
      while (this.#table[place] !== 0) place = (place + 1) & mask;
      this.#table[place] = slot + 1;
    }
  }
}

/** Visits the bins in which something was filled, in ascending order: the bin's number, and its entry in the arrays. */
export function forEachFilled(
  contents: BinArrays & { tiles?: Tiles },
  visit: (bin: number, index: number) => void,
): void {
  const { tiles, values } = contents;
  if (!tiles) {
    for (let i = 0; i < values.length; i++) if (!isEmpty(contents, i)) visit(i, i);
    return;
  }
  tiles.at.forEach((tile, slot) => {
    for (let k = 0; k < tiles.size; k++) {
      const index = slot * tiles.size + k;
      if (!isEmpty(contents, index)) visit(tile * tiles.size + k, index);
    }
  });
}
