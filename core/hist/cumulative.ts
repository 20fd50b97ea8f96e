/**
 * Sums of bins from the first one up to each: what lies between two edges is a difference of two of them, whatever the number of bins.
 *
 * Counts are exact. Other numbers are split into two parts, each a multiple of a power of two so large that no sum of the parts is rounded
 * (the error-free extraction of Rump, Ogita and Oishi, doi 10.1137/050645671, §3): differences are exact as well, and those of empty bins are 0.
 * Where a bin is so small beside the others that this would take more than its last digits, or where sums are not finite, bins are added one by one.
 */

/** How the numbers lie: those of `inner` fastest, then the bins of one or two leading axes, then `outer`. */
export interface CumulativeShape {
  outer: number;
  /** Bins of the leading axes as they are stored. */
  stored: readonly number[];
  /** The first one of each that counts, and how many do. */
  first: readonly number[];
  bins: readonly number[];
  inner: number;
}

/** From one edge of a leading axis up to another. */
export type EdgeRange = readonly [from: number, to: number];

export class Cumulative {
  readonly #shape: CumulativeShape;
  /** Sums up to each edge; the bins themselves, where they are added one by one. */
  readonly #planes: Float64Array[];
  readonly #isDirect: boolean;
  /** Numbers of one row of edges, or of bins. */
  readonly #row: number;

  /** @param counts whether the numbers are whole and their sums below 2⁵³ */
  constructor(stored: Float64Array, shape: CumulativeShape, counts: boolean) {
    const cells = counted(stored, shape);
    const parts = counts ? [cells] : split(cells, shape);
    const columns = shape.bins[1] ?? 1;
    this.#shape = shape;
    this.#isDirect = parts === undefined;
    this.#planes = parts ? parts.map((part) => summed(part, shape)) : [cells];
    this.#row = (parts && shape.bins.length > 1 ? columns + 1 : columns) * shape.inner;
  }

  /** Adds what lies between edges of each leading axis to numbers of `outer` × `inner`. */
  add(into: Float64Array, ranges: readonly EdgeRange[]): void {
    const { outer, inner, bins } = this.#shape;
    const [a, b] = ranges[0];
    const [c, d] = ranges[1] ?? [0, 0];
    const rows = this.#isDirect ? bins[0] : bins[0] + 1;
    for (let o = 0; o < outer; o++) {
      const at = (row: number, column: number) => (o * rows + row) * this.#row + column * inner;
      if (this.#isDirect) this.#addBins(into, o * inner, a, b, bins.length > 1 ? c : 0, bins.length > 1 ? d : 1, at);
      else if (bins.length > 1) this.#addBox(into, o * inner, at(b, d), at(a, d), at(b, c), at(a, c));
      else this.#addDifference(into, o * inner, at(b, 0), at(a, 0));
    }
  }

  #addDifference(into: Float64Array, at: number, to: number, from: number): void {
    const { inner } = this.#shape;
    const [high, low] = this.#planes;
    if (!low) for (let k = 0; k < inner; k++) into[at + k] += high[to + k] - high[from + k];
    else for (let k = 0; k < inner; k++) into[at + k] += high[to + k] - high[from + k] + (low[to + k] - low[from + k]);
  }

  #addBox(into: Float64Array, at: number, bd: number, ad: number, bc: number, ac: number): void {
    const { inner } = this.#shape;
    const [high, low] = this.#planes;
    for (let k = 0; k < inner; k++) {
      const rest = low ? low[bd + k] - low[ad + k] - (low[bc + k] - low[ac + k]) : 0;
      into[at + k] += high[bd + k] - high[ad + k] - (high[bc + k] - high[ac + k]) + rest;
    }
  }

  #addBins(
    into: Float64Array,
    at: number,
    a: number,
    b: number,
    c: number,
    d: number,
    place: (row: number, column: number) => number,
  ): void {
    const [cells] = this.#planes;
    for (let row = a; row < b; row++)
      for (let column = c; column < d; column++)
        for (let k = 0, from = place(row, column); k < this.#shape.inner; k++) into[at + k] += cells[from + k];
  }
}

/** The bins that count, one after the other. */
function counted(cells: Float64Array, { outer, stored, first, bins, inner }: CumulativeShape): Float64Array {
  const length = (bins[1] ?? 1) * inner;
  const kept = new Float64Array(outer * bins[0] * length);
  for (let o = 0; o < outer; o++)
    for (let row = 0; row < bins[0]; row++) {
      const from = ((o * stored[0] + first[0] + row) * (stored[1] ?? 1) + (first[1] ?? 0)) * inner;
      kept.set(cells.subarray(from, from + length), (o * bins[0] + row) * length);
    }
  return kept;
}

/** What may be lost of a bin. */
const LOSS = 2 ** -45;

/** The two parts of each number; undefined where a sum of them is not finite, or they lack more than the last digits of a number. */
function split(cells: Float64Array, { outer, bins, inner }: CumulativeShape): [Float64Array, Float64Array] | undefined {
  const count = bins[0] * (bins[1] ?? 1);
  const high = new Float64Array(cells.length);
  const low = new Float64Array(cells.length);
  // No sum of high parts of a column reaches the first, none of low parts the second: then adding and subtracting it rounds a part to what sums keep.
  const first = new Float64Array(inner);
  const second = new Float64Array(inner);
  for (let o = 0; o < outer; o++) {
    const start = o * count * inner;
    first.fill(0);
    for (let cell = 0; cell < count; cell++)
      for (let k = 0, at = start + cell * inner; k < inner; k++, at++) first[k] += Math.abs(cells[at]);
    for (let k = 0; k < inner; k++) {
      const total = first[k];
      first[k] = total === 0 ? 0 : 2 ** (Math.floor(Math.log2(total)) + 3);
      if (!Number.isFinite(first[k])) return undefined;
      second[k] = first[k] * 2 ** (Math.ceil(Math.log2(count)) - 49);
    }
    for (let cell = 0; cell < count; cell++)
      for (let k = 0, at = start + cell * inner; k < inner; k++, at++) {
        const x = cells[at];
        if (x === 0) continue;
        high[at] = x + first[k] - first[k];
        low[at] = x - high[at] + second[k] - second[k];
        if (Math.abs(x - high[at] - low[at]) > LOSS * Math.abs(x)) return undefined;
      }
  }
  return [high, low];
}

/** The sum of all bins that lie before each edge. */
function summed(cells: Float64Array, { outer, bins, inner }: CumulativeShape): Float64Array {
  const columns = bins[1] ?? 1;
  const padding = bins.length > 1 ? 1 : 0;
  const row = (columns + padding) * inner;
  const sums = new Float64Array(outer * (bins[0] + 1) * row);
  const line = new Float64Array(inner);
  for (let o = 0; o < outer; o++)
    for (let r = 0; r < bins[0]; r++) {
      const above = (o * (bins[0] + 1) + r) * row;
      line.fill(0);
      for (let c = 0; c < columns; c++) {
        const from = ((o * bins[0] + r) * columns + c) * inner;
        const to = above + row + (c + padding) * inner;
        for (let k = 0; k < inner; k++) {
          line[k] = padding * line[k] + cells[from + k];
          sums[to + k] = sums[to - row + k] + line[k];
        }
      }
    }
  return sums;
}
