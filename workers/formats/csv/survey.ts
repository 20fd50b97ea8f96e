import type { ValueType } from '../../../core/schema/column.ts';
import type { CellPlaces } from './cells.ts';
import { found, readNumber } from './decimalNumber.ts';

/** Integers of fewer digits than these bounds are compared as doubles, others as they are. */
const NEARLY_WIDE = 9e18;

/** What the cells of one column look like, over a whole file. */
export class ColumnSurvey {
  #empty = 0;
  #quotedEmpty = 0;
  #integers = 0;
  #floats = 0;
  #bools = 0;
  #texts = 0;
  #lo = Infinity;
  #hi = -Infinity;
  /** Of the chunk that is gone through, infinities included. */
  #chunkLo = Infinity;
  #chunkHi = -Infinity;
  #chunkNumbers = 0;
  #chunkOthers = 0;
  readonly #bounds: number[] = [];
  #fitsSigned = true;
  #fitsUnsigned = true;
  /** Bytes of its cells. */
  bytes = 0;

  /** Takes cells of column `k`. */
  add(bytes: Uint8Array, { begins, ends, width, rows }: CellPlaces, k: number): void {
    for (let row = 0, at = k; row < rows; row++, at += width) {
      const begin = begins[at]!;
      const stored = ends[at]!;
      const end = stored < 0 ? ~stored : stored;
      this.bytes += end - begin + 1;
      if (end === begin) {
        if (stored < 0) this.#quotedEmpty++;
        else this.#empty++;
        continue;
      }
      const value = readNumber(bytes, begin, end);
      if (!found.isNumber) {
        if (boolOf(bytes, begin, end) >= 0) this.#bools++;
        else this.#texts++;
        this.#chunkOthers++;
        continue;
      }
      this.#chunkNumbers++;
      if (value < this.#chunkLo) this.#chunkLo = value;
      if (value > this.#chunkHi) this.#chunkHi = value;
      if (value < this.#lo && value !== -Infinity) this.#lo = value;
      if (value > this.#hi && value !== Infinity) this.#hi = value;
      if (!found.isInteger) {
        this.#floats++;
        continue;
      }
      this.#integers++;
      if (value < 0) this.#fitsUnsigned = false;
      if (value >= NEARLY_WIDE || value <= -NEARLY_WIDE) this.#wide(BigInt(asciiOf(bytes, begin, end)));
    }
  }

  /**
   * The type of a column whose header says none: that of most of its cells, so that a stray cell is an error with its place
   * when it is read, and does not turn numbers into texts.
   */
  type(): ValueType {
    const numbers = this.#integers + this.#floats;
    if (numbers + this.#bools + this.#texts === 0) return this.#quotedEmpty > 0 ? 'string' : 'float64';
    if (this.#bools > numbers + this.#texts) return 'bool';
    if (numbers <= this.#bools + this.#texts) return 'string';
    if (this.#floats > 0) return 'float64';
    if (this.#lo >= -(2 ** 31) && this.#hi < 2 ** 31) return 'int32';
    if (this.#fitsSigned) return 'int64';
    return this.#fitsUnsigned ? 'uint64' : 'float64';
  }

  /** Whether values are missing, in a column of this type: an empty text in quotes is a text. */
  nullable(type: ValueType): boolean {
    return this.#empty > 0 || (type !== 'string' && this.#quotedEmpty > 0);
  }

  /** The cells from here on are of the next chunk. */
  endChunk(): void {
    const [lo, hi] = [this.#chunkLo, this.#chunkHi];
    // A cell that is no number is an error when it is read: such a chunk must not be left out, nor one of NaN alone.
    const known = this.#chunkOthers === 0 && (lo <= hi || this.#chunkNumbers === 0);
    this.#bounds.push(...(known ? [outwards(lo, -1), outwards(hi, 1)] : [Number.NaN, Number.NaN]));
    this.#chunkLo = Infinity;
    this.#chunkHi = -Infinity;
    this.#chunkNumbers = 0;
    this.#chunkOthers = 0;
  }

  /** Of each chunk, as `FileSummary` has them; undefined for what is not compared as numbers. */
  bounds(type: ValueType): Float64Array | undefined {
    if (type === 'string' || type === 'bool') return undefined;
    return Float64Array.from(this.#bounds, type === 'float32' ? Math.fround : (value) => value);
  }

  /** Smallest and largest number; NaN where there are none. */
  range(): [number, number] {
    return this.#lo <= this.#hi ? [this.#lo, this.#hi] : [Number.NaN, Number.NaN];
  }

  #wide(value: bigint): void {
    if (BigInt.asIntN(64, value) !== value) this.#fitsSigned = false;
    if (BigInt.asUintN(64, value) !== value) this.#fitsUnsigned = false;
  }
}

/** Integers past 2^53 were rounded to a double. */
function outwards(value: number, sign: number): number {
  return Number.isFinite(value) && Math.abs(value) >= 2 ** 53 ? value + sign * Math.abs(value) * 2 ** -52 : value;
}

/** 1 for `true`, 0 for `false` in any case, -1 for others. */
export function boolOf(bytes: Uint8Array, begin: number, end: number): number {
  const length = end - begin;
  if (length === 4 && matches(bytes, begin, 'true')) return 1;
  return length === 5 && matches(bytes, begin, 'false') ? 0 : -1;
}

function matches(bytes: Uint8Array, begin: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if ((bytes[begin + i]! | 32) !== word.charCodeAt(i)) return false;
  return true;
}

/** Of a number's bytes, without the plus that `BigInt` does not take. */
export function asciiOf(bytes: Uint8Array, begin: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(bytes[begin] === 43 ? begin + 1 : begin, end));
}
