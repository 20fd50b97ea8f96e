import { HLT_BITS, L1_BITS } from '../catalogue/triggerMask.ts';

const SET = -2;
const VALUES = new Int8Array(256).fill(-1);
for (const [value, letter] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  VALUES[letter.charCodeAt(0)] = value;
VALUES['!'.charCodeAt(0)] = SET;
const SEMICOLON = ';'.charCodeAt(0);
/** What reconstruction fills lists of the high-level trigger up to, with zeros. */
const HLT_PADDED = 8192;

/**
 * Reads trigger masks as bytes, by the rules of core/catalogue/triggerMask.ts, but stricter: no blanks, and all three lists. A level-1 mask's lists are thirds of what the text
 * stands for, zeros at its end included: the EventIndex writes lists that end with the highest item of the menu, and always their zeros.
 * @see https://gitlab.cern.ch/atlas/athena/-/blob/main/Database/EventIndex/EventIndexProducer/python/POOL2EI_Lib.py (`trigL1X`)
 */
export class LegacyMaskReader {
  /** How many bits are set in each list. */
  readonly counts = new Uint16Array(3);
  /** What is wrong with the mask that was read last, and where. */
  problem = '';
  at = 0;
  /** Lists of the mask of the high-level trigger that was read last. */
  lists = 0;
  #length = 0;

  /** @param bits gets those that are set, list after list, from `put` on @returns whether it is a mask */
  level1(line: Uint8Array, from: number, to: number, bits: Uint16Array, put: number): boolean {
    const { counts } = this;
    const most = 3 * L1_BITS;
    const count = this.#list(line, from, to, bits, put, most, most);
    if (count < 0) return false;
    counts.fill(0);
    if (count === 0) return true;
    const width = this.#length / 3;
    if (!Number.isInteger(width)) {
      this.at = from;
      this.problem = `stands for ${this.#length} bits, which are no three lists`;
      return false;
    }
    let next = put;
    for (let list = 0; list < 3; list++) {
      const begin = next;
      const first = list * width;
      for (; next < put + count && bits[next]! < first + width; next++) bits[next] = bits[next]! - first;
      counts[list] = next - begin;
    }
    return true;
  }

  /** As `level1`. Where it has one list alone, that is in `counts[0]`, and `lists` is 1. */
  highLevel(line: Uint8Array, from: number, to: number, bits: Uint16Array, put: number): boolean {
    const { counts } = this;
    counts.fill(0);
    this.lists = 0;
    let begin = from;
    let total = 0;
    for (let i = from; i <= to; i++) {
      if (i < to && line[i] !== SEMICOLON) continue;
      if (this.lists === 3) return this.#wrong(begin - 1, 'has more than three lists');
      const count = this.#list(line, begin, i, bits, put + total, HLT_BITS, HLT_PADDED);
      if (count < 0) return false;
      counts[this.lists++] = count;
      total += count;
      begin = i + 1;
    }
    return this.lists !== 2 || this.#wrong(from, 'has two lists, not three');
  }

  /** @returns how many bits were put at `put` and behind; −1 where the text is wrong */
  #list(
    line: Uint8Array,
    from: number,
    to: number,
    bits: Uint16Array,
    put: number,
    most: number,
    padded: number,
  ): number {
    let length = 0;
    let zeros = 0;
    let next = put;
    for (let i = from; i < to; i++) {
      const value = VALUES[line[i]!]!;
      if (value >= 0) {
        zeros = zeros * 64 + value;
        if (length + zeros > padded) return this.#bad(i, `stands for more than ${padded} bits`);
      } else if (value === SET) {
        length += zeros;
        zeros = 0;
        if (length >= most) return this.#bad(i, `has bit ${length}, of at most ${most}`);
        bits[next++] = length++;
      } else return this.#bad(i, 'has a letter that is none of A–Z a–z 0–9 + / and !');
    }
    this.#length = length + zeros;
    if (this.#length > most && this.#length !== padded)
      return this.#bad(from, `stands for ${this.#length} bits, of at most ${most}`);
    return next - put;
  }

  #bad(at: number, problem: string): -1 {
    this.at = at;
    this.problem = problem;
    return -1;
  }

  #wrong(at: number, problem: string): false {
    this.#bad(at, problem);
    return false;
  }
}
