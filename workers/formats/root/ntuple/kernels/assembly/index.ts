/**
 * Elements of RNTuple's pages, put together with 16 bytes at a time. All work on blocks of one memory that the host lays out, with 128 bytes
 * of slack after each: reads and writes go up to there.
 */

/** First free byte. */
export const heapBase: usize = __heap_base;

// @ts-ignore: decorator
@inline
function low8(a: v128, b: v128): v128 {
  return v128.shuffle<i8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

// @ts-ignore: decorator
@inline
function high8(a: v128, b: v128): v128 {
  return v128.shuffle<i8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

// @ts-ignore: decorator
@inline
function low16(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}

// @ts-ignore: decorator
@inline
function high16(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

// @ts-ignore: decorator
@inline
function store32(to: usize, a: v128, b: v128): void {
  v128.store(to, v128.shuffle<i32>(a, b, 0, 4, 1, 5));
  v128.store(to, v128.shuffle<i32>(a, b, 2, 6, 3, 7), 16);
}

/** Numbers of 16 bits whose first bytes lie at `from`, whose second ones `stride` after. */
export function join16(from: usize, stride: usize, out: usize, count: usize): void {
  for (let i: usize = 0; i < count; i += 16) {
    const a = v128.load(from + i);
    const b = v128.load(from + stride + i);
    v128.store(out + 2 * i, low8(a, b));
    v128.store(out + 2 * i, high8(a, b), 16);
  }
}

/** The same of 32 bits. */
export function join32(from: usize, stride: usize, out: usize, count: usize): void {
  for (let i: usize = 0; i < count; i += 16) {
    const a = v128.load(from + i);
    const b = v128.load(from + stride + i);
    const c = v128.load(from + 2 * stride + i);
    const d = v128.load(from + 3 * stride + i);
    const ab = low8(a, b);
    const cd = low8(c, d);
    const to = out + 4 * i;
    v128.store(to, low16(ab, cd));
    v128.store(to, high16(ab, cd), 16);
    const upperAb = high8(a, b);
    const upperCd = high8(c, d);
    v128.store(to, low16(upperAb, upperCd), 32);
    v128.store(to, high16(upperAb, upperCd), 48);
  }
}

/** The same of 64 bits. */
export function join64(from: usize, stride: usize, out: usize, count: usize): void {
  for (let i: usize = 0; i < count; i += 16) {
    const a = v128.load(from + i);
    const b = v128.load(from + stride + i);
    const c = v128.load(from + 2 * stride + i);
    const d = v128.load(from + 3 * stride + i);
    const e = v128.load(from + 4 * stride + i);
    const f = v128.load(from + 5 * stride + i);
    const g = v128.load(from + 6 * stride + i);
    const h = v128.load(from + 7 * stride + i);
    const to = out + 8 * i;
    let first = low8(a, b);
    let second = low8(c, d);
    let third = low8(e, f);
    let fourth = low8(g, h);
    store32(to, low16(first, second), low16(third, fourth));
    store32(to + 32, high16(first, second), high16(third, fourth));
    first = high8(a, b);
    second = high8(c, d);
    third = high8(e, f);
    fourth = high8(g, h);
    store32(to + 64, low16(first, second), low16(third, fourth));
    store32(to + 96, high16(first, second), high16(third, fourth));
  }
}

/** Undoes the zigzag code of `bytes` bytes of integers, in place. */
export function zigzag16(at: usize, bytes: usize): void {
  const one = i16x8.splat(1);
  for (const end = at + bytes; at < end; at += 16) {
    const x = v128.load(at);
    v128.store(at, v128.xor(i16x8.shr_u(x, 1), i16x8.neg(v128.and(x, one))));
  }
}

export function zigzag32(at: usize, bytes: usize): void {
  const one = i32x4.splat(1);
  for (const end = at + bytes; at < end; at += 16) {
    const x = v128.load(at);
    v128.store(at, v128.xor(i32x4.shr_u(x, 1), i32x4.neg(v128.and(x, one))));
  }
}

export function zigzag64(at: usize, bytes: usize): void {
  const one = i64x2.splat(1);
  for (const end = at + bytes; at < end; at += 16) {
    const x = v128.load(at);
    v128.store(at, v128.xor(i64x2.shr_u(x, 1), i64x2.neg(v128.and(x, one))));
  }
}

/** Running sums of differences, in place, on top of `sum`. @returns the last one, not cut to 32 bits */
export function sums(at: usize, count: usize, sum: f64): f64 {
  let total = <u64>sum;
  for (const end = at + 4 * count; at < end; at += 4) {
    total += load<u32>(at);
    store<u32>(at, <u32>total);
  }
  return <f64>total;
}

/** The lower halves of numbers of 64 bits. @returns whether any upper half is not 0 */
export function narrow(from: usize, out: usize, count: usize): bool {
  const end = from + 8 * count;
  let set: u32 = 0;
  let upper = i32x4.splat(0);
  for (; from + 32 <= end; from += 32, out += 16) {
    const a = v128.load(from);
    const b = v128.load(from, 16);
    v128.store(out, v128.shuffle<i32>(a, b, 0, 2, 4, 6));
    upper = v128.or(upper, v128.shuffle<i32>(a, b, 1, 3, 5, 7));
  }
  for (; from < end; from += 8, out += 4) {
    store<u32>(out, load<u32>(from));
    set |= load<u32>(from, 4);
  }
  return set != 0 || v128.any_true(upper);
}

/** A byte for each bit of `bytes` bytes, the lowest bit first. */
export function spreadBits(from: usize, out: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i++) {
    let x: u64 = load<u8>(from + i);
    x = (x | (x << 28)) & 0x0000000f0000000f;
    x = (x | (x << 14)) & 0x0003000300030003;
    x = (x | (x << 7)) & 0x0101010101010101;
    store<u64>(out + 8 * i, x);
  }
}

/** Integers of `bits` bits that are packed without gaps, the lowest bits first. */
export function unpack(from: usize, out: usize, count: usize, bits: u32): void {
  const mask = (<u64>1 << bits) - 1;
  let at: usize = 0;
  for (let i: usize = 0; i < count; i++, at += bits) {
    store<u32>(out + 4 * i, <u32>((load<u64>(from + (at >> 3)) >> (at & 7)) & mask));
  }
}

/** Whether any of some bytes, a multiple of 16, is not 0. */
export function isSet(at: usize, bytes: usize): bool {
  let all = i32x4.splat(0);
  for (const end = at + bytes; at < end; at += 16) all = v128.or(all, v128.load(at));
  return v128.any_true(all);
}
