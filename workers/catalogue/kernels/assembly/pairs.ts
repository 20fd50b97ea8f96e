/**
 * Events that each pair of rows shares. Rows with many bits: popcounts of ANDs. Rows with few: for each of their events, all rows that have it, which costs as many steps as
 * there are such pairs; of thousands of trigger chains, most fire in one event of thousands.
 */

/** Counts of bytes that are added up in bytes: 31 of at most 8. */
const STEPS: usize = 31 * 16;
/** Bytes of a row that are taken at a time: two blocks of rows stay in the processor's first cache. */
const BLOCK: usize = 4 * STEPS;
const BLOCK_EVENTS: usize = 8 * BLOCK;
/** Rows of a block's events, altogether, that lists are made of. */
const MOST_LISTED: usize = 1 << 21;
/** Measured, in steps of a list: what each bit takes beside them, and half of what popcounts of a pair of rows take. */
const BIT_STEPS: usize = 22;
const PAIR_STEPS: usize = 37;

const MOST_ROWS: usize = 65536;
/** Where the list of each event begins, and where it ends so far. */
const listBegins: usize = memory.data(<i32>((BLOCK_EVENTS + 1) << 2), 16);
const listEnds: usize = memory.data(<i32>((BLOCK_EVENTS + 1) << 2), 16);
const lists: usize = memory.data(<i32>(MOST_LISTED << 1), 16);
/** Bits of each row in a block. */
const rowBits: usize = memory.data(<i32>(MOST_ROWS << 2), 16);
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

/** How many bits a row has within so many bytes. */
function bitsOf(from: usize, bytes: usize): u32 {
  let sum = i32x4.splat(0);
  for (let begin: usize = 0; begin < bytes; begin += STEPS) {
    const end = min(begin + STEPS, bytes);
    let part = i8x16.splat(0);
    for (let at = begin; at < end; at += 16) part = i8x16.add(part, i8x16.popcnt(v128.load(from + at)));
    sum = i32x4.add(sum, widen(part));
  }
  return total(sum);
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

/** Makes room for the list of each event: as many as the rows of `filled` have bits there. */
function beginLists(from: usize, stride: usize, bytes: usize, filled: usize, some: usize): void {
  const events = bytes << 3;
  memory.fill(listBegins, 0, (events + 1) << 2);
  for (let p: usize = 0; p < some; p++) {
    const row = from + <usize>load<u32>(filled + (p << 2)) * stride;
    for (let at: usize = 0; at < bytes; at += 8) {
      for (let word = load<u64>(row + at); word != 0; word &= word - 1) {
        const place = listBegins + ((((at << 3) + <usize>ctz<u64>(word))) << 2);
        store<u32>(place, load<u32>(place) + 1);
      }
    }
  }
  let sum: u32 = 0;
  for (let event: usize = 0; event <= events; event++) {
    const own = load<u32>(listBegins + (event << 2));
    store<u32>(listBegins + (event << 2), sum);
    store<u32>(listEnds + (event << 2), sum);
    sum += own;
  }
}

/** Adds to `own[i]`, for each event of row `number`, one for each row i in the list of the event (where `own` is not 0), and puts the row into these lists. */
function enlist(from: usize, stride: usize, bytes: usize, number: usize, own: usize): void {
  const row = from + number * stride;
  for (let at: usize = 0; at < bytes; at += 8) {
    for (let word = load<u64>(row + at); word != 0; word &= word - 1) {
      const event = ((at << 3) + <usize>ctz<u64>(word)) << 2;
      const end = <usize>load<u32>(listEnds + event);
      if (own != 0) {
        const last = lists + (end << 1);
        for (let other = lists + (<usize>load<u32>(listBegins + event) << 1); other < last; other += 2) {
          const place = own + (<usize>load<u16>(other) << 2);
          store<u32>(place, load<u32>(place) + 1);
        }
      }
      store<u16>(lists + (end << 1), <u16>number);
      store<u32>(listEnds + event, <u32>end + 1);
    }
  }
}

/** Popcounts of the ANDs of all pairs of rows of `filled`. */
function countDense(from: usize, count: usize, stride: usize, bytes: usize, both: usize, filled: usize, some: usize): void {
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
        a, from + b * stride, from + c * stride, from + d * stride, from + e * stride, bytes,
        out + (b << 2), out + (c << 2), out + (d << 2), out + (e << 2),
      );
    }
    for (; q < some; q++) {
      const b = <usize>load<u32>(filled + (q << 2));
      one1(a, from + b * stride, bytes, out + (b << 2));
    }
  }
}

/**
 * Counts how many bits rows i and j share, i ≠ j: what `both[i * count + j]` and `both[j * count + i]`, 32 bits each, grow by, together.
 * @param count 65,536 at most
 * @param bytes of a row, a multiple of 16
 * @param filled room for `count` numbers of 32 bits
 */
export function countPairs(rows: usize, count: usize, stride: usize, bytes: usize, both: usize, filled: usize): void {
  for (let begin: usize = 0; begin < bytes; begin += BLOCK) {
    const length = min(BLOCK, bytes - begin);
    const from = rows + begin;
    let some: usize = 0;
    let bits: usize = 0;
    for (let i: usize = 0; i < count; i++) {
      const own = bitsOf(from + i * stride, length);
      store<u32>(rowBits + (i << 2), own);
      bits += <usize>own;
      if (own == 0) continue;
      store<u32>(filled + (some << 2), <u32>i);
      some++;
    }
    if (bits > MOST_LISTED) {
      countDense(from, count, stride, length, both, filled, some);
      continue;
    }
    // Popcounts take as long for a row of few bits: it costs least by its lists then.
    const few = (PAIR_STEPS * some * length) / BLOCK / (bits / (length << 3) + BIT_STEPS);
    let dense: usize = 0;
    for (let p: usize = 0; p < some; p++) {
      const i = load<u32>(filled + (p << 2));
      if (<usize>load<u32>(rowBits + (<usize>i << 2)) <= few) continue;
      // Those with many bits come first, those with few after them.
      store<u32>(filled + (p << 2), load<u32>(filled + (dense << 2)));
      store<u32>(filled + (dense << 2), i);
      dense++;
    }
    countDense(from, count, stride, length, both, filled, dense);
    if (dense == some) continue;
    beginLists(from, stride, length, filled, some);
    for (let p: usize = 0; p < some; p++) {
      const i = <usize>load<u32>(filled + (p << 2));
      enlist(from, stride, length, i, p < dense ? 0 : both + ((i * count) << 2));
    }
  }
}
