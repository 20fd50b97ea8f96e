import { Corrupt } from '../errors.ts';

/**
 * Offsets of lists within lists, put together from levels, entry by entry. An entry of repetition level `r` goes on with the
 * list of level `r`: below it, new lists begin, each with an item as far down as the definition level reaches.
 * @see https://parquet.apache.org/docs/file-format/nestedencoding/
 */
export class NestedOffsets {
  /** By level: the definition level from which on an entry is an item of its list. */
  readonly #items: readonly number[];
  readonly #offsets: Uint32Array[];
  /** Of rows, then of the items of each level. */
  readonly #counts: Float64Array;

  /** @param rows that are to come */
  constructor(itemDefinitions: readonly number[], rows: number) {
    this.#items = itemDefinitions;
    this.#offsets = itemDefinitions.map((_, level) => new Uint32Array(level === 0 ? rows + 1 : 1024));
    this.#counts = new Float64Array(itemDefinitions.length + 1);
  }

  get rows(): number {
    return this.#counts[0]!;
  }

  /** Items of the innermost lists. */
  get values(): number {
    return this.#counts[this.#items.length]!;
  }

  /** Takes the levels of the next entries. @throws Corrupt */
  take(repetition: Uint8Array, definition: Uint8Array, entries: number): void {
    const items = this.#items;
    const counts = this.#counts;
    const depth = items.length;
    this.#reserve(entries);
    const offsets = this.#offsets;
    for (let i = 0; i < entries; i++) {
      const from = repetition[i]!;
      const defined = definition[i]!;
      if (from > depth || (from > 0 && (counts[from] === 0 || defined < items[from - 1]!)))
        throw new Corrupt('levels of nested lists contradict one another');
      if (from === 0) {
        if (counts[0]! + 1 >= offsets[0]!.length) throw new Corrupt('pages hold more events than the column');
        offsets[0]![counts[0]!++] = counts[1]!;
      }
      for (let level = Math.max(1, from); level <= depth && defined >= items[level - 1]!; level++) {
        if (level < depth) offsets[level]![counts[level]!] = counts[level + 1]!;
        counts[level]!++;
      }
    }
  }

  /** Offsets of the rows `[from, to)`, outermost first, and the values that are theirs. */
  slice(from: number, to: number): { offsets: Uint32Array[]; begin: number; end: number } {
    let [begin, end] = [from, to];
    const sliced = this.#offsets.map((offsets, level) => {
      offsets[this.#counts[level]!] = this.#counts[level + 1]!;
      const own = offsets.slice(begin, end + 1);
      [begin, end] = [offsets[begin]!, offsets[end]!];
      for (let i = 0; i < own.length; i++) own[i]! -= begin;
      return own;
    });
    return { offsets: sliced, begin, end };
  }

  /** Each entry adds at most one item a level; one place more closes the last list. */
  #reserve(entries: number): void {
    for (let level = 1; level < this.#offsets.length; level++) {
      const needed = this.#counts[level]! + entries + 1;
      const held = this.#offsets[level]!;
      if (needed <= held.length) continue;
      const longer = new Uint32Array(Math.max(needed, 2 * held.length));
      longer.set(held);
      this.#offsets[level] = longer;
    }
  }
}
