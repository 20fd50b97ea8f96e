/**
 * Comparisons that are decided, or in doubt: where a and b differ by no more than their errors, unless both have none. Without errors the pairs
 * compare like words of a dictionary, since hi is hi + lo rounded.
 *
 * `apart` works out |a − b| in singles. Where hi − hi is rounded it is far larger than what the low parts add, else it is exact: the result is off
 * by u of itself and by 2u of the low parts' difference. Floats that may not be finite are compared by their bits, as integers.
 */
export const COMPARISONS = /* wgsl */ `
fn apart(a: Num, b: Num) {
  let e = a.err + b.err;
  let low = a.lo - b.lo;
  let far = opaque(a.hi - b.hi) + low;
  doubt_if((size_bits(e) != 0u) & (size_bits(far) <= size_bits(e * 1.001 + abs(low) * 0x1p-21f + 0x1p-120f)));
}

fn num_lt(a: Num, b: Num) -> bool {
  apart(a, b);
  return (a.hi < b.hi) | ((a.hi == b.hi) & (a.lo < b.lo));
}

fn num_le(a: Num, b: Num) -> bool {
  apart(a, b);
  return (a.hi < b.hi) | ((a.hi == b.hi) & (a.lo <= b.lo));
}

fn num_eq(a: Num, b: Num) -> bool {
  apart(a, b);
  return (a.hi == b.hi) & (a.lo == b.lo);
}
`;
