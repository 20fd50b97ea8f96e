import type { ColumnData } from '../../../core/schema/column.ts';

/** Booleans that come in any order, column by column, as lists of ascending bits: a word of 32 bits an event for each 32 of them is kept. */
export class BitLists {
  readonly #events: number;
  readonly #words: Uint32Array[];

  /** @param bits how many there can be */
  constructor(events: number, bits: number) {
    this.#events = events;
    this.#words = Array.from({ length: Math.ceil(bits / 32) }, () => new Uint32Array(events));
  }

  /** Sets a bit for the events where a column is true: a missing value is not. */
  set(bit: number, { values, valid }: ColumnData): void {
    const words = this.#words[bit >>> 5]!;
    const flag = 1 << (bit & 31);
    const flags = values as Uint8Array;
    if (valid) for (let i = 0; i < words.length; i++) words[i]! |= flags[i] !== 0 && valid[i] === 1 ? flag : 0;
    else for (let i = 0; i < words.length; i++) words[i]! |= flags[i] !== 0 ? flag : 0;
  }

  /** A list an event. */
  finish(): ColumnData {
    const events = this.#events;
    const offsets = new Uint32Array(events + 1);
    for (const words of this.#words) for (let i = 0; i < events; i++) offsets[i + 1]! += bitsOf(words[i]!);
    for (let i = 0; i < events; i++) offsets[i + 1]! += offsets[i]!;
    const next = offsets.slice();
    const values = new Uint16Array(offsets[events]!);
    this.#words.forEach((words, k) => {
      for (let i = 0; i < events; i++) {
        for (let left = words[i]!; left !== 0; left &= left - 1)
          values[next[i]!++] = 32 * k + 31 - Math.clz32(left & -left);
      }
    });
    return { type: 'uint16', length: events, offsets: [offsets], values };
  }
}

/** How many bits of a word are set. @see https://graphics.stanford.edu/~seander/bithacks.html#CountBitsSetParallel */
function bitsOf(word: number): number {
  let sum = word - ((word >>> 1) & 0x55555555);
  sum = (sum & 0x33333333) + ((sum >>> 2) & 0x33333333);
  return Math.imul((sum + (sum >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
