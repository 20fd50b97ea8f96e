/** Checksums that ROOT's writers leave with packed bytes. */

/** Sums of this many bytes fit in 32 bits. */
const ADLER_BLOCK: usize = 5552;
const ADLER_BASE: u32 = 65521;

/** Adler-32 (RFC 1950, section 9): sixteen bytes a step. */
export function adler32(from: usize, length: usize): u32 {
  let a: u32 = 1;
  let b: u32 = 0;
  const end = from + length;
  const high = i16x8(16, 15, 14, 13, 12, 11, 10, 9);
  const low = i16x8(8, 7, 6, 5, 4, 3, 2, 1);
  while (from < end) {
    const stop = min(from + ADLER_BLOCK, end);
    let plain = i32x4.splat(0);
    let weighted = i32x4.splat(0);
    // What the sums of all steps before add to the second sum, for each byte of this step.
    let before = i32x4.splat(0);
    const steps = (stop - from) >> 4;
    for (let i: usize = 0; i < steps; i++, from += 16) {
      const bytes = v128.load(from);
      before = i32x4.add(before, plain);
      plain = i32x4.add(plain, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes)));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(bytes), high));
      weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(bytes), low));
    }
    b += a * <u32>(steps << 4) + (lanes(before) << 4) + lanes(weighted);
    a += lanes(plain);
    for (; from < stop; from++) {
      a += load<u8>(from);
      b += a;
    }
    a %= ADLER_BASE;
    b %= ADLER_BASE;
  }
  return (b << 16) | a;
}

function lanes(sums: v128): u32 {
  return i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
}

const P1: u64 = 0x9e3779b185ebca87;
const P2: u64 = 0xc2b2ae3d27d4eb4f;
const P3: u64 = 0x165667b19e3779f9;
const P4: u64 = 0x85ebca77c2b2ae63;
const P5: u64 = 0x27d4eb2f165667c5;

// @ts-ignore: decorator
@inline
function round(sum: u64, word: u64): u64 {
  return rotl<u64>(sum + word * P2, 31) * P1;
}

// @ts-ignore: decorator
@inline
function merge(hash: u64, sum: u64): u64 {
  return (hash ^ round(0, sum)) * P1 + P4;
}

/** xxHash's XXH64 with seed 0. @see https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md */
export function xxh64(from: usize, length: usize): u64 {
  const end = from + length;
  let hash = P5;
  if (length >= 32) {
    let a = P1 + P2;
    let b = P2;
    let c: u64 = 0;
    let d: u64 = 0 - P1;
    for (; from + 32 <= end; from += 32) {
      a = round(a, load<u64>(from));
      b = round(b, load<u64>(from, 8));
      c = round(c, load<u64>(from, 16));
      d = round(d, load<u64>(from, 24));
    }
    hash = rotl<u64>(a, 1) + rotl<u64>(b, 7) + rotl<u64>(c, 12) + rotl<u64>(d, 18);
    hash = merge(merge(merge(merge(hash, a), b), c), d);
  }
  hash += <u64>length;
  for (; from + 8 <= end; from += 8) hash = rotl<u64>(hash ^ round(0, load<u64>(from)), 27) * P1 + P4;
  if (from + 4 <= end) {
    hash = rotl<u64>(hash ^ (<u64>load<u32>(from) * P1), 23) * P2 + P3;
    from += 4;
  }
  for (; from < end; from++) hash = rotl<u64>(hash ^ (<u64>load<u8>(from) * P5), 11) * P1;
  hash = (hash ^ (hash >> 33)) * P2;
  hash = (hash ^ (hash >> 29)) * P3;
  return hash ^ (hash >> 32);
}
