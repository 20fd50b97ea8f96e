/** Operands for tests of numbers: doubles, and what the GPU is told of them. */
import { splitConstant } from '../split.ts';

/** A double of the reference, and the words (hi, lo, err) of a number within whose error it lies. */
export interface Operand {
  value: number;
  words: Uint32Array<ArrayBuffer>;
}

/** Numbers in [0, 1), the same in every run (mulberry32). */
export function repeatable(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A single, without error. */
export const single = (value: number): Operand => ({
  value: Math.fround(value),
  words: splitConstant(Math.fround(value)),
});

/** A double as exact as two singles hold it. */
export const double = (value: number): Operand => ({ value, words: splitConstant(value) });

/** A double of which the GPU knows a neighbour `off` · err away, |off| < 1; `relative` is the error. */
export function blurred(value: number, relative: number, off: number): Operand {
  const err = Math.fround(Math.abs(value) * relative);
  const words = splitConstant(value + err * off * 0.99);
  new Float32Array(words.buffer)[2]! += err;
  return { value, words };
}

/**
 * `count` operands whose sizes are spread evenly over the powers of two of [least, most], of both signs unless `positive`: singles, doubles, small
 * integers and halves, and ones with errors, in turn.
 */
export function spread(seed: number, count: number, least: number, most: number, positive = false): Operand[] {
  const random = repeatable(seed);
  return Array.from({ length: count }, (_, k) => {
    const size = least * (most / least) ** random();
    const value = positive || random() < 0.5 ? size : -size;
    if (k % 4 === 0) return single(value);
    if (k % 4 === 1) return double(value);
    if (k % 4 === 2) return blurred(value, 2 ** -(30 + 16 * random()), 2 * random() - 1);
    const half = Math.round(value * 2) / 2;
    return single(half === 0 && least > 0 ? least : half);
  });
}

/** Words of `evaluate.ts`: two operands each. */
export function operandWords(a: readonly Operand[], b: readonly Operand[] = a): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(6 * a.length);
  a.forEach((one, k) => {
    words.set(one.words, 6 * k);
    words.set(b[k]!.words, 6 * k + 3);
  });
  return words;
}
