/** Words at which arrays begin: 256 bytes, so that the loads of neighbouring threads are whole lines. */
const ALIGN = 64;

/** Words that an array takes. */
export const aligned = (words: number) => Math.ceil(words / ALIGN) * ALIGN;

/** Free places of a buffer, in words; the first that is large enough is taken. */
export class FreeList {
  readonly words: number;
  /** Ascending, never adjacent. */
  #gaps: { at: number; words: number }[];

  constructor(words: number) {
    this.words = words;
    this.#gaps = [{ at: 0, words }];
  }

  get isEmpty(): boolean {
    return this.#gaps.length === 1 && this.#gaps[0]!.words === this.words;
  }

  /** Places for all of these, or undefined and none. */
  takeAll(sizes: readonly number[]): number[] | undefined {
    const places: number[] = [];
    for (const size of sizes) {
      const place = this.#take(aligned(size));
      if (place === undefined) {
        places.forEach((at, i) => {
          this.give(at, sizes[i]!);
        });
        return undefined;
      }
      places.push(place);
    }
    return places;
  }

  give(at: number, size: number): void {
    const words = aligned(size);
    if (words === 0) return;
    const next = this.#gaps.findIndex((gap) => gap.at > at);
    const i = next < 0 ? this.#gaps.length : next;
    const [before, after] = [this.#gaps[i - 1], this.#gaps[i]];
    const joinsBefore = before !== undefined && before.at + before.words === at;
    const joinsAfter = after !== undefined && at + words === after.at;
    const gap = {
      at: joinsBefore ? before.at : at,
      words: words + (joinsBefore ? before.words : 0) + (joinsAfter ? after.words : 0),
    };
    this.#gaps.splice(i - Number(joinsBefore), Number(joinsBefore) + Number(joinsAfter), gap);
  }

  #take(words: number): number | undefined {
    if (words === 0) return 0;
    const i = this.#gaps.findIndex((gap) => gap.words >= words);
    if (i < 0) return undefined;
    const gap = this.#gaps[i]!;
    if (gap.words === words) this.#gaps.splice(i, 1);
    else this.#gaps[i] = { at: gap.at + words, words: gap.words - words };
    return gap.at;
  }
}

/** A buffer that arrays of many chunks lie in, so that one dispatch goes over all of them. */
export interface Segment {
  buffer: GPUBuffer;
  free: FreeList;
}
