import { mapArrays, storageOf } from '../../core/hist/arrays.ts';
import { addInto, type Contents, contentBytes } from '../../core/hist/contents.ts';
import { type TiledArrays, TileSum } from '../../core/hist/tiles.ts';
import type { PartialResult } from '../engine/engine.ts';

/**
 * Adds everything of `more` but its histograms to `sum`, in place. Of a program that was cut short it has fewer rows and no
 * histograms: no event passed more, and none that did has no weight.
 */
function addNumbers(sum: PartialResult, more: PartialResult): void {
  sum.events += more.events;
  if (more.cutflow.length === sum.cutflow.length) sum.missingWeight += more.missingWeight;
  more.cutflow.forEach((number, index) => {
    sum.cutflow[index]! += number;
  });
}

function copyOf(result: PartialResult): PartialResult {
  return {
    ...result,
    cutflow: result.cutflow.slice(),
    histograms: result.histograms.map((histogram) => ({
      ...histogram,
      ...mapArrays(histogram, (array) => array.slice()),
    })),
  };
}

/**
 * Adds partial results strictly in the order of their index, whatever the order in which they come, so that
 * floating-point sums are the same bits for any number of workers.
 */
export class OrderedMerge {
  /** Undefined for what will never come. */
  readonly #waiting = new Map<number, PartialResult | undefined>();
  readonly #sum: PartialResult;
  /** Sums of the histograms in tiles, by their place; made contents of when somebody asks. */
  readonly #tiles: (TileSum | undefined)[];
  #stale = false;
  #next = 0;

  /** @param empty the result of no event, which all others are added to */
  constructor(empty: PartialResult) {
    this.#sum = empty;
    this.#tiles = empty.histograms.map((one) => (one.tiles ? new TileSum(storageOf(one)) : undefined));
  }

  /** How many results are in the sum: the next index that it waits for. */
  get merged(): number {
    return this.#next;
  }

  /** @param result undefined where it can't be had: the sum goes on without it, and is only good to look at */
  add(index: number, result: PartialResult | undefined): void {
    this.#waiting.set(index, result);
    for (; this.#waiting.has(this.#next); this.#waiting.delete(this.#next++)) {
      const next = this.#waiting.get(this.#next);
      if (next) this.#addNext(next);
    }
  }

  /** Bytes that each histogram in tiles holds, those that wait for their turn included; 0 for dense ones. */
  tileBytes(): number[] {
    return this.#tiles.map((tiles, k) => {
      if (!tiles) return 0;
      let bytes = tiles.bytes;
      for (const one of this.#waiting.values()) bytes += one?.histograms[k] ? contentBytes(one.histograms[k]) : 0;
      return bytes;
    });
  }

  /** The sum of all results up to the first that is not there. */
  sum(): PartialResult {
    if (this.#stale) {
      this.#tiles.forEach((tiles, k) => {
        if (tiles) Object.assign(this.#sum.histograms[k]!, tiles.sorted());
      });
      this.#stale = false;
    }
    return this.#sum;
  }

  /** For display: everything that is there, in a copy. */
  snapshot(): PartialResult {
    const all = copyOf(this.sum());
    for (const index of [...this.#waiting.keys()].sort((a, b) => a - b)) {
      const more = this.#waiting.get(index);
      if (!more) continue;
      addNumbers(all, more);
      for (const [k, histogram] of more.histograms.entries()) addInto(all.histograms[k]!, histogram);
    }
    return all;
  }

  #addNext(more: PartialResult): void {
    addNumbers(this.#sum, more);
    for (const [k, histogram] of more.histograms.entries()) {
      const tiles = this.#tiles[k];
      if (tiles) addTiles(tiles, this.#sum.histograms[k]!, histogram);
      else addInto(this.#sum.histograms[k]!, histogram);
    }
    this.#stale = true;
  }
}

function addTiles(sum: TileSum, target: Contents, more: Contents): void {
  sum.add(more as TiledArrays);
  target.entries += more.entries;
  target.missing += more.missing;
}
