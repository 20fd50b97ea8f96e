/**
 * + − × ÷ √ on numbers, with bounds of the error: u = 2⁻²⁴, all constants rounded up, and every bound taken 1.001 times for its own rounding.
 *
 * Each bound has three parts: what the operands' errors do; what the pair of singles is off, after Joldes, Muller and Popescu ("Tight and
 * rigorous error bounds for basic building blocks of double-word arithmetic", ACM TOMS 44, 2017); and 2⁻⁵³ of the result, which the reference
 * rounds. A result that both have exactly keeps the error 0.
 *
 * - **+** is their algorithm 5 ("sloppy"), whose low parts t = lo + lo and v = e + t are rounded once each: u(|t| + |v|). `fast_two_sum` may be
 *   used since hi + hi, where it is not 0, is no smaller than a unit of the smaller one's last place. Without low parts hi + hi = s + e exactly; the
 *   reference is exact as well where the last bit of e is within its 53, as it is for |e| ≥ 2⁻²⁸|s| or e = 0.
 * - **×** is algorithm 10: 5u², as shown by Muller and Rideau ("Formalization of double-word arithmetic", ACM TOMS 48, 2022); 6u² with the reference's
 *   rounding. Without low parts it is exact, and has 48 bits at most, which the reference holds.
 * - **÷**: q = hi/hi is off by some units (2.5 in WGSL), whatever these are: the remainder a − q·b is exact up to u of its parts, and c = remainder/hi, off by
 *   5u|c| for its division, u|c| for b's low part and 2u|c| + 5u²|q| for the roundings of the remainder, is added. Exact where c = 0.
 * - **√**: s is near, and (A − s²)/(2s) = c is added, off by c²/s for Newton's step, 8u|c| for roundings, and u²s for a's low part. Exact where c = 0.
 *   An error δ of the operand x is at most δ/√x in √x.
 *
 * Below 2⁻⁶⁰ parts of products may be subnormal and lost: 2⁻¹⁰⁰ is added there. From 2¹⁰⁰ on all is in doubt, before anything overflows: sums can't
 * leave the range of singles from there. NaN has large bits, too.
 */
export const ARITHMETIC = /* wgsl */ `
fn num_neg(a: Num) -> Num { return Num(-a.hi, -a.lo, a.err); }

fn num_abs(a: Num) -> Num { return chosen(a, num_neg(a), a.hi < 0.0); }

fn num_add(a: Num, b: Num) -> Num {
  let s = two_sum(a.hi, b.hi);
  let t = opaque(a.lo + b.lo);
  let v = opaque(s.y + t);
  let r = fast_two_sum(s.x, v);
  let e = a.err + b.err + select(abs(t) + abs(v), 0.0, t == 0.0) * 0x1p-24f;
  let whole = (e == 0.0) & ((r.y == 0.0) | (abs(r.y) >= abs(r.x) * 0x1p-28f));
  return Num(r.x, r.y, select(e * 1.001 + abs(r.x) * 0x1.01p-53f, 0.0, whole));
}

fn num_sub(a: Num, b: Num) -> Num { return num_add(a, num_neg(b)); }

fn is_zero(a: Num) -> bool { return (size_bits(a.hi) | size_bits(a.err)) == 0u; }

fn num_mul(a: Num, b: Num) -> Num {
  let p = two_prod(a.hi, b.hi);
  let r = fast_two_sum(p.x, opaque(p.y + opaque(a.hi * b.lo + a.lo * b.hi)));
  let e = abs(a.hi) * b.err + (abs(b.hi) + b.err) * a.err;
  let small = abs(r.x) < 0x1p-60f;
  let none = select((a.lo == 0.0) & (b.lo == 0.0) & (a.err + b.err == 0.0), is_zero(a) | is_zero(b), small);
  let err = select(e * 1.001 + abs(r.x) * 0x1.8p-46f + select(0.0, 0x1p-100f, small), 0.0, none);
  return limited(Num(r.x, r.y, err));
}

fn num_div(a: Num, b: Num) -> Num {
  doubt_if(size_bits(b.err * 2.0) >= size_bits(b.hi));
  let q = opaque(a.hi / b.hi);
  let p = two_prod(q, b.hi);
  let rest = opaque(opaque(opaque(a.hi - p.x) - p.y) + opaque(a.lo - opaque(q * b.lo)));
  let c = opaque(rest / b.hi);
  let r = fast_two_sum(q, c);
  let e = (a.err + abs(q) * b.err) / (abs(b.hi) - b.err);
  let single = (a.lo == 0.0) & (b.lo == 0.0);
  let small = min(abs(q), abs(a.hi)) < 0x1p-60f;
  let none = select((c == 0.0) & single & (a.err + b.err == 0.0), is_zero(a), small);
  let rounded = abs(c) * 0x1.01p-21f + abs(q) * select(0x1.5p-46f, 0x1.01p-53f, single);
  let err = select(e * 1.001 + rounded + select(0.0, 0x1p-100f + 0x1p-120f / abs(b.hi), small), 0.0, none);
  return limited(Num(r.x, r.y, err));
}

fn num_sqrt(a: Num) -> Num {
  let none = is_zero(a);
  doubt_if(!none & ((a.hi < 0.0) | (size_bits(a.err) >= size_bits(a.hi))));
  let hi = select(a.hi, 1.0, none);
  let s = opaque(sqrt(hi));
  let p = two_prod(s, s);
  let c = opaque(opaque(opaque(opaque(hi - p.x) - p.y) + a.lo) / (2.0 * s));
  let r = fast_two_sum(s, c);
  let rounded = abs(c) * (0x1.01p-21f + abs(c) / s) + s * select(0x1.1p-48f, 0x1.01p-53f, a.lo == 0.0);
  let err = 1.001 * a.err / s + select(rounded, 0.0, (c == 0.0) & (a.lo == 0.0) & (a.err == 0.0));
  return chosen(Num(r.x, r.y, err + select(0.0, 0x1p-120f / s, hi < 0x1p-60f)), a, none);
}
`;
