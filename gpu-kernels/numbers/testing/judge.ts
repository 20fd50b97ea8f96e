/** How numbers from the GPU stand to the doubles of the reference. */

import { expect } from 'vitest';
import type { Operand } from './operands.ts';

export interface Verdict {
  /** Of those that are not in doubt: positions where the reference lies outside of the error. */
  wrong: number[];
  /** Share in doubt. */
  doubtful: number;
  /** Median of err over |value|, of those that are neither in doubt nor exact nor 0. */
  median: number;
  /** Largest share of err that was used. */
  used: number;
  /** How many have no error. */
  exact: number;
}

/** Words (hi, lo, err, doubt) against the reference's values. */
export function judge(words: Uint32Array<ArrayBuffer>, reference: readonly number[]): Verdict {
  const floats = new Float32Array(words.buffer);
  const relative: number[] = [];
  const wrong: number[] = [];
  let doubtful = 0;
  let used = 0;
  let exact = 0;
  reference.forEach((value, k) => {
    if (words[4 * k + 3] !== 0) {
      doubtful++;
      return;
    }
    const [hi, lo, err] = [floats[4 * k]!, floats[4 * k + 1]!, floats[4 * k + 2]!];
    const off = Math.abs(value - hi - lo);
    // Written so that NaN is wrong.
    if (!(off <= err)) wrong.push(k);
    if (err === 0) exact++;
    else {
      used = Math.max(used, off / err);
      if (value !== 0) relative.push(err / Math.abs(value));
    }
  });
  relative.sort((x, y) => x - y);
  return {
    wrong,
    doubtful: doubtful / reference.length,
    median: relative[relative.length >> 1] ?? 0,
    used,
    exact,
  };
}

/** Fails, with the first few cases, where the reference lies outside of a number's error; -0 and 0 are one. */
export function expectWithin(
  what: string,
  words: Uint32Array<ArrayBuffer>,
  reference: readonly number[],
  a: readonly Operand[],
  b: readonly Operand[],
): Verdict {
  const verdict = judge(words, reference);
  const floats = new Float32Array(words.buffer);
  const found = (k: number) => `${floats[4 * k]! + floats[4 * k + 1]!} ± ${floats[4 * k + 2]}`;
  const shown = verdict.wrong
    .slice(0, 3)
    .map((k) => `${a[k]!.value}, ${b[k]!.value} → ${reference[k]}, not ${found(k)}`);
  expect(shown, what).toEqual([]);
  return verdict;
}
