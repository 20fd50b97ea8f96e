const BITS = 11;
const DIGITS = 1 << BITS;

/**
 * The order in which whole numbers from 0 to 2^53 ascend: positions in `keys`, smallest first, equals as they stand. A radix sort:
 * what comparing takes for a million tiles is a second.
 */
export function orderOf(keys: Float64Array): Uint32Array {
  let order = Uint32Array.from(keys, (_, i) => i);
  let other = new Uint32Array(keys.length);
  let most = 0;
  for (const key of keys) most = Math.max(most, key);
  const digits = new Uint16Array(keys.length);
  for (let unit = 1; unit <= most; unit *= DIGITS) {
    const starts = new Uint32Array(DIGITS + 1);
    for (let i = 0; i < keys.length; i++) {
      digits[i] = Math.floor(keys[i] / unit) % DIGITS;
      starts[digits[i] + 1]++;
    }
    for (let d = 0; d < DIGITS; d++) starts[d + 1] += starts[d];
    for (const i of order) other[starts[digits[i]]++] = i;
    [order, other] = [other, order];
  }
  return order;
}
