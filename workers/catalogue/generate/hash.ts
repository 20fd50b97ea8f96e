/**
 * Random numbers by their index: what an event has is a function of its number in the run and of a key, so that every data type made from it, in whatever
 * order and thread, sees the same event, and nothing is kept.
 */

/** A key from texts and numbers, for `hash32`. */
export function keyOf(...parts: readonly (string | number | bigint)[]): number {
  let key = 0x811c9dc5;
  for (const part of parts) {
    for (const char of `${part}\u0000`) key = Math.imul(key ^ char.charCodeAt(0), 0x01000193);
  }
  return hash32(key, 0x5bd1e995) | 0;
}

/** 32 bits, evenly spread: two rounds of multiplication and shift, as in Wang and Ellis' search for low bias (https://nullprogram.com/blog/2018/07/31/). */
export function hash32(key: number, index: number): number {
  let bits = index ^ key;
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d);
  bits = (bits ^ (bits >>> 15)) + ((key << 13) | (key >>> 19));
  bits = Math.imul(bits ^ (bits >>> 14), 0x846ca68b);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** What `hash32` has to stay below with such a probability. */
export function below(probability: number): number {
  return Math.round(Math.min(1, Math.max(0, probability)) * 2 ** 32);
}
