/** Events that each pair of rows shares: popcounts of ANDs. */

/** Bytes of a row that are taken at a time: two blocks of rows stay in the processor's first cache. */
const BLOCK: usize = 2048;
/** Counts of bytes that are added up in bytes: 31 of at most 8. */
const STEPS: usize = 31 * 16;

// @ts-ignore: decorator
@inline
function widen(bytes: v128): v128 {
  return i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes));
}

// @ts-ignore: decorator
@inline
function total(sums: v128): u32 {
  return i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
}

function isEmpty(from: usize, bytes: usize): bool {
  const end = from + bytes;
  for (; from < end; from += 16) if (v128.any_true(v128.load(from))) return false;
  return true;
}

// @ts-ignore: decorator
@inline
function add(out: usize, sums: v128): void {
  store<u32>(out, load<u32>(out) + total(sums));
}

/** Of one row with four others. */
function one4(a: usize, b: usize, c: usize, d: usize, e: usize, bytes: usize, ab: usize, ac: usize, ad: usize, ae: usize): void {
  let sb = i32x4.splat(0);
  let sc = i32x4.splat(0);
  let sd = i32x4.splat(0);
  let se = i32x4.splat(0);
  for (let begin: usize = 0; begin < bytes; begin += STEPS) {
    const end = min(begin + STEPS, bytes);
    let tb = i8x16.splat(0);
    let tc = i8x16.splat(0);
    let td = i8x16.splat(0);
    let te = i8x16.splat(0);
    for (let at = begin; at < end; at += 16) {
      const own = v128.load(a + at);
      tb = i8x16.add(tb, i8x16.popcnt(v128.and(own, v128.load(b + at))));
      tc = i8x16.add(tc, i8x16.popcnt(v128.and(own, v128.load(c + at))));
      td = i8x16.add(td, i8x16.popcnt(v128.and(own, v128.load(d + at))));
      te = i8x16.add(te, i8x16.popcnt(v128.and(own, v128.load(e + at))));
    }
    sb = i32x4.add(sb, widen(tb));
    sc = i32x4.add(sc, widen(tc));
    sd = i32x4.add(sd, widen(td));
    se = i32x4.add(se, widen(te));
  }
  add(ab, sb);
  add(ac, sc);
  add(ad, sd);
  add(ae, se);
}

function one1(a: usize, b: usize, bytes: usize, ab: usize): void {
  let sum = i32x4.splat(0);
  for (let begin: usize = 0; begin < bytes; begin += STEPS) {
    const end = min(begin + STEPS, bytes);
    let part = i8x16.splat(0);
    for (let at = begin; at < end; at += 16) part = i8x16.add(part, i8x16.popcnt(v128.and(v128.load(a + at), v128.load(b + at))));
    sum = i32x4.add(sum, widen(part));
  }
  add(ab, sum);
}

/**
 * Adds to `both[i * count + j]`, 32 bits, for i < j, how many bits rows i and j share.
 * @param bytes of a row, a multiple of 16
 * @param filled room for `count` numbers of 32 bits
 */
export function countPairs(rows: usize, count: usize, stride: usize, bytes: usize, both: usize, filled: usize): void {
  for (let begin: usize = 0; begin < bytes; begin += BLOCK) {
    const length = min(BLOCK, bytes - begin);
    const from = rows + begin;
    let some: usize = 0;
    for (let i: usize = 0; i < count; i++) {
      if (isEmpty(from + i * stride, length)) continue;
      store<u32>(filled + (some << 2), <u32>i);
      some++;
    }
    for (let p: usize = 0; p < some; p++) {
      const i = <usize>load<u32>(filled + (p << 2));
      const a = from + i * stride;
      const out = both + ((i * count) << 2);
      let q = p + 1;
      for (; q + 4 <= some; q += 4) {
        const others = filled + (q << 2);
        const b = <usize>load<u32>(others);
        const c = <usize>load<u32>(others, 4);
        const d = <usize>load<u32>(others, 8);
        const e = <usize>load<u32>(others, 12);
        one4(
          a, from + b * stride, from + c * stride, from + d * stride, from + e * stride, length,
          out + (b << 2), out + (c << 2), out + (d << 2), out + (e << 2),
        );
      }
      for (; q < some; q++) {
        const b = <usize>load<u32>(filled + (q << 2));
        one1(a, from + b * stride, length, out + (b << 2));
      }
    }
  }
}

/** Adds to `own[i]`, 32 bits, how many bits row i has. */
export function countRows(rows: usize, count: usize, stride: usize, bytes: usize, own: usize): void {
  for (let i: usize = 0; i < count; i++) one1(rows + i * stride, rows + i * stride, bytes, own + (i << 2));
}
