/**
 * What all numbers are made of: error-free sums and products of singles, u = 2⁻²⁴.
 *
 * `two_sum` is Knuth's (TAOCP 4.2.2), `fast_two_sum` and `two_prod` are Dekker's ("A floating-point technique for extending the available
 * precision", 1971), the latter split by masks: the upper 12 bits of a factor, and the other 12, whose products have 24 bits at most, so
 * that a compiler's fused operations change nothing. `fast_two_sum` needs |a| ≥ |b|, equal exponents, or a = 0. All are exact where no part is
 * subnormal; there, a GPU may flush it to zero (see `num_mul`).
 *
 * WGSL lets compilers reorder sums as if they were exact, and Metal's does by default: (a + b) − a would be b. `opaque` is a value that no
 * compiler knows: `main` sets `zero` to a word of `params` that is 0 before it calls anything. Each rounded value that is used
 * more than once goes through it, so that all its uses see one rounding, fused with nothing.
 *
 * Nothing branches, or returns early, that need not: compilers put all functions into one, and the time they take grows faster than the number of its
 * blocks.
 *
 * The private variables are declared here: `doubt` is set by whatever can't be decided, and cleared by `main` for each event.
 */
export const PRIMITIVES = /* wgsl */ `
struct Num { hi: f32, lo: f32, err: f32 }
var<private> doubt: bool;
var<private> zero: u32;

fn opaque(x: f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) ^ zero); }

fn two_sum(a: f32, b: f32) -> vec2f {
  let s = opaque(a + b);
  let t = opaque(s - a);
  let rest_a = opaque(a - opaque(s - t));
  return vec2f(s, opaque(rest_a + opaque(b - t)));
}

fn fast_two_sum(a: f32, b: f32) -> vec2f {
  let s = opaque(a + b);
  return vec2f(s, opaque(b - opaque(s - a)));
}

fn upper(x: f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) & 0xfffff000u); }

fn two_prod(a: f32, b: f32) -> vec2f {
  let p = opaque(a * b);
  let ah = upper(a);
  let bh = upper(b);
  let al = opaque(a - ah);
  let bl = opaque(b - bh);
  let e = opaque(opaque(opaque(ah * bh - p) + ah * bl) + al * bh);
  return vec2f(p, opaque(e + al * bl));
}

fn size_bits(x: f32) -> u32 { return bitcast<u32>(x) & 0x7fffffffu; }

fn doubt_if(c: bool) { doubt = doubt | c; }

fn limited(a: Num) -> Num {
  doubt_if(max(size_bits(a.hi), size_bits(a.err)) >= 0x71800000u);
  return a;
}

fn chosen(a: Num, b: Num, c: bool) -> Num { return Num(select(a.hi, b.hi, c), select(a.lo, b.lo, c), select(a.err, b.err, c)); }
`;
