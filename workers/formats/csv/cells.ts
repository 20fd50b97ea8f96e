import type { RowReader } from './rows.ts';

/** Places of the cells of some columns, row by row: cell `k` of row `i` is at `[i * width + k]`. */
export class CellPlaces {
  /** Which cells of each row. */
  readonly #wanted: Int32Array;
  readonly width: number;
  rows = 0;
  begins: Int32Array;
  /** `~end` where the cell is quoted. */
  ends: Int32Array;

  constructor(wanted: readonly number[], rows: number) {
    this.#wanted = Int32Array.from(wanted);
    this.width = wanted.length;
    this.begins = new Int32Array(rows * this.width);
    this.ends = new Int32Array(rows * this.width);
  }

  /** Whether no row has room any more. */
  get full(): boolean {
    return (this.rows + 1) * this.width > this.begins.length;
  }

  clear(): void {
    this.rows = 0;
  }

  add({ begins, ends }: RowReader): void {
    const wanted = this.#wanted;
    let at = this.rows++ * this.width;
    for (let k = 0; k < wanted.length; k++, at++) {
      this.begins[at] = begins[wanted[k]!]!;
      this.ends[at] = ends[wanted[k]!]!;
    }
  }
}
