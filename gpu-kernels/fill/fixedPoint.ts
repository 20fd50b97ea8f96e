/**
 * Sums of weights in fixed point: integers of 64 bits in two words, low word first, so that the order of additions changes nothing.
 *
 * A weight w becomes the integer nearest to w · 2^e, below 2^(63 − b) where 2^b fills come together at most: no sum passes 63 bits. Its
 * square is that integer's, without the last 62 − b bits: below 2^(64 − b).
 */
import { LumiscopeError } from '../../core/errors.ts';

/** Bits that a weight may be larger than the largest one of the probe, before its event is in doubt. */
const HEAD_ROOM = 4;
/** b is kept within these: the square of the integer then fits 86 bits, and what is cut off of it is 32 bits at least. */
const LEAST_FILL_BITS = 20;
export const MOST_FILL_BITS = 30;

/** Scales of a weight: Σw adds w · 2^exponent, Σw² adds w² · 2^(2 · exponent − squareShift). */
export interface Scale {
  exponent: number;
  squareShift: number;
}

/**
 * Chooses scales, the same ones for the same numbers.
 *
 * @param probe bits of the largest |w| that a sample has, one word for each weight: what `MODE` 0 leaves from `ResultLayout.probe` on
 * @param fills fills, at most, of one bin in all that is added up with these scales
 */
export function chooseScales(probe: Uint32Array, fills: number): Scale[] {
  const bits = Math.max(LEAST_FILL_BITS, Math.ceil(Math.log2(Math.max(1, fills))));
  if (bits > MOST_FILL_BITS)
    throw new LumiscopeError(
      'limit',
      `${fills} fills at once are more than 2^${MOST_FILL_BITS}, which sums of weights allow`,
    );
  return Array.from(probe, (word) => {
    const magnitude = (word >>> 23) - 126; // |w| < 2^magnitude
    return { exponent: 63 - bits - ((word ? magnitude : 1) + HEAD_ROOM), squareShift: 62 - bits };
  });
}

/** A scale as its word of `params`. */
export function scaleWord({ exponent, squareShift }: Scale): number {
  return ((squareShift << 16) | (exponent & 0xffff)) >>> 0;
}

/** Σw or Σw² of two words. */
export function decodeSum(low: number, high: number, exponent: number): number {
  return scaled(high * 2 ** 32 + low, -exponent);
}

/** In two steps: neither factor leaves the range of doubles. */
function scaled(value: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return value * 2 ** half * 2 ** (exponent - half);
}

/**
 * WGSL: `to_fixed(w: Num, scale: u32) -> vec2<u32>`, which sets `doubt` where w is past the head-room or not known well enough;
 * `square_fixed(w: vec2<u32>, scale: u32) -> vec2<u32>`; `add_fixed(a, b)`; `note_weight(at: u32, w: Num)` for the probe.
 */
export const FIXED_POINT = `
fn add_fixed(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let low = a.x + b.x;
  return vec2<u32>(low, a.y + b.y + select(0u, 1u, low < b.x));
}
fn negate_fixed(a: vec2<u32>) -> vec2<u32> {
  return vec2<u32>(~a.x + 1u, ~a.y + select(0u, 1u, a.x == 0u));
}
// The integer nearest to x · 2^exponent, for one below 2^63.
fn part_to_fixed(x: f32, exponent: i32) -> vec2<u32> {
  let bits = bitcast<u32>(x);
  let field = i32((bits >> 23u) & 0xffu);
  let shift = field - 150 + exponent;
  let digits = (bits & 0x7fffffu) | 0x800000u;
  var whole = vec2<u32>(0u, 0u);
  if (field == 0 || shift < -24) {
    return whole;
  } else if (shift < 0) {
    let by = u32(-shift);
    whole.x = (digits + (1u << (by - 1u))) >> by;
  } else if (shift < 32) {
    let by = u32(shift);
    whole = vec2<u32>(digits << by, select(digits >> (32u - by), 0u, by == 0u));
  } else {
    whole.y = digits << u32(min(shift - 32, 31));
  }
  if ((bits >> 31u) != 0u) { whole = negate_fixed(whole); }
  return whole;
}
fn to_fixed(w: Num, scale: u32) -> vec2<u32> {
  let exponent = bitcast<i32>(scale << 16u) >> 16u;
  let bits = bitcast<u32>(w.hi);
  let field = i32((bits >> 23u) & 0xffu);
  // Subnormal numbers have no digits here.
  if (field == 0 && (bits << 1u) != 0u) { doubt = true; }
  // w · 2^exponent < 2^(squareShift + 1), which is 2^(63 − b)
  if (field - 126 + exponent > i32(scale >> 16u) + 1) { doubt = true; return vec2<u32>(0u, 0u); }
  // An error of a unit or of 2^-30 of w itself is no more than what sums promise.
  let unit = bitcast<f32>(u32(clamp(127 - exponent, 1, 254)) << 23u);
  if (w.err > max(unit, abs(w.hi) * 0x1p-30f)) { doubt = true; }
  return add_fixed(part_to_fixed(w.hi, exponent), part_to_fixed(w.lo, exponent));
}
fn mul_wide(a: u32, b: u32) -> vec2<u32> {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let first = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
  let second = (a & 0xffffu) * (b >> 16u) + (first & 0xffffu);
  return vec2<u32>((second << 16u) | (low & 0xffffu), (a >> 16u) * (b >> 16u) + (first >> 16u) + (second >> 16u));
}
fn square_fixed(w: vec2<u32>, scale: u32) -> vec2<u32> {
  var a = w;
  if ((w.y >> 31u) != 0u) { a = negate_fixed(w); }
  let low = mul_wide(a.x, a.x);
  let middle = mul_wide(a.x, a.y << 1u);
  // bits 32 to 95 of the square; a.y has 11 bits at most, a.y · a.y 22
  var top = add_fixed(vec2<u32>(low.y, a.y * a.y), middle);
  let by = (scale >> 16u) - 32u;
  if (by == 0u) { return add_fixed(top, vec2<u32>(low.x >> 31u, 0u)); }
  top = add_fixed(top, vec2<u32>(1u << (by - 1u), 0u));
  return vec2<u32>((top.x >> by) | (top.y << (32u - by)), top.y >> by);
}
fn note_weight(at: u32, w: Num) {
  let bits = bitcast<u32>(w.hi) & 0x7fffffffu;
  if (bits < 0x7f800000u) { atomicMax(&results[at], bits); }
}
`;
