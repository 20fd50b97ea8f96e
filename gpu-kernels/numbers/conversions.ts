/**
 * Numbers from words, integers and constants.
 *
 * A `Num` in flight has |hi| < 2¹⁰⁰, |lo| ≤ ½ulp(hi) with hi + lo rounded to hi, and whatever of it is exact (`err` = 0) is a multiple of 2⁻¹²³: sums of
 * such numbers have no subnormal part. Values below 2⁻¹⁰⁰ are read as 0 ± 2⁻¹⁰⁰. NaN and infinities are told by their bits, since compilers may
 * take every float for finite.
 *
 * A double in two words is rounded to odd by `splitDouble`: its last bit is set where it is not all, and then it is off by less than a unit of
 * this bit.
 */
export const CONVERSIONS = /* wgsl */ `
fn num_exact(x: f32) -> Num { return Num(x, 0.0, 0.0); }

fn num_const(hi: f32, lo: f32, err: f32) -> Num { return limited(Num(hi, lo, err)); }

fn num_from_int(i: i32) -> Num {
  let s = fast_two_sum(f32(i & -65536), f32(i & 65535));
  return Num(s.x, s.y, 0.0);
}

fn raw_f32(word: u32) -> f32 {
  let size = word & 0x7fffffffu;
  let none = (size >= 0x7f800000u) | ((size != 0u) & (size < 0x00800000u));
  doubt_if(none);
  return bitcast<f32>(select(word, 0u, none));
}

fn load_f32(word: u32) -> Num { return load_f64(word, 0u); }

fn load_f64(hi: u32, lo: u32) -> Num {
  let size = hi & 0x7fffffffu;
  let rest = lo & 0x7fffffffu;
  let none = size >= 0x71800000u;
  doubt_if(none);
  let has_hi = !none & (size >= 0x0d800000u);
  let has_lo = has_hi & (rest >= 0x0d800000u);
  let low = bitcast<f32>(select(0u, lo, has_lo));
  let lost = select(size, rest, has_hi) != 0u;
  let err = select(select(0.0, 0x1p-100f, lost), abs(low) * f32(lo & 1u) * 0x1p-23f, has_lo);
  return Num(bitcast<f32>(select(0u, hi, has_hi)), low, err);
}
`;
