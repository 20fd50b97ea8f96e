/**
 * Exponentials, logarithms and hyperbolic functions.
 *
 * **`expm1_small`**: e^r − 1 = r + r²·P(r) for |r| ≤ 0.35, P's first five terms in pairs of singles, six more in singles. These six are off by less than 4u of
 * their sum, which is 2⁻¹⁹ of P at most; the Taylor series of P is cut at 2⁻⁵¹. So P is off by 2⁻⁴⁰·⁹, r²·P ≤ 0.2·r adds 2⁻⁴³·², and roundings of pairs add 6u² at
 * most: the result is off by less than 2⁻⁴³ of it.
 *
 * **`exp_reduced`**: r = a − k·ln 2, with which e^a = 2^k·e^r. The first two parts of ln 2 have 17 bits, so their products with k (7 bits) are exact, and a.hi less the
 * first is. What is rounded are sums of low parts, by u of each. From −69 down the value is below 2⁻⁹⁹.
 *
 * **sinh, cosh**: of k·ln 2 + r by the addition theorem: (2^k ∓ 2^−k)/2 is exact as a pair of singles, and sinh r and cosh r are `wave` (`trigonometry.ts`) of −r². An error of r up to ½ is at most 1.4
 * times as large in them.
 *
 * **log**: x = 2^k·m with m within √½ … √2, and log m = 2·artanh s with s = (m − 1)/(m + 1), |s| < 0.172: s + s³·P(s²), P's first three terms in pairs, five in singles. These are
 * off by 4u of their sum, which is 2⁻¹⁶·⁸ of P at most, and the series is cut at 2⁻⁴⁸: P is off by 2⁻³⁸ of it. An error of s is at most 1.06 times as large in artanh s up to
 * 1/16; beyond, it is in doubt. Near 1, m − 1 is what the caller knows (\`less\`), so the result keeps its precision. k·ln 2 is off by 2⁻⁴⁷ of it.
 *
 * **pow** multiplies for whole exponents up to 16, where the reference is exact if the result is a double; else it is e^(b·log a).
 */
import { f32, pair, parts } from './literals.ts';

const LN2 = parts(Math.LN2, 2.3190468138462996e-17, 17, 3);
const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

export const EXPONENTIALS = /* wgsl */ `
fn expm1_small(r: vec2f) -> vec2f {
  var tail = ${f32(1 / factorial(12))};
${[11, 10, 9, 8, 7].map((n) => `  tail = tail * r.x + ${f32(1 / factorial(n))};`).join('\n')}
  var p = vec2f(tail, 0.0);
${[6, 5, 4, 3, 2].map((n) => `  p = ds_step(p, r, ${pair(1 / factorial(n))});`).join('\n')}
  p = ds_mul(p, ds_mul(r, r));
  let s = fast_two_sum(r.x, p.x);
  return fast_two_sum(s.x, opaque(s.y + (r.y + p.y)));
}

struct Exponential { m: Num, power: f32 }

fn exp_reduced(a: Num) -> Reduced {
  let k = clamp(round(a.hi * ${f32(1 / Math.LN2)}), -101.0, 101.0);
  doubt_if(abs(k) > 100.0);
  let s = two_sum(opaque(a.hi - k * ${f32(LN2[0]!)}), -k * ${f32(LN2[1]!)});
  let low = opaque(s.y + (a.lo - k * ${f32(LN2[2]!)}));
  let off = a.err + (abs(a.lo) + abs(low) + abs(k) * 0x1p-34f) * 0x1p-22f;
  return Reduced(fast_two_sum(s.x, low), off, i32(k));
}

fn exp_parts(a: Num) -> Exponential {
  let e = exp_reduced(a);
  let m = expm1_small(e.r);
  doubt_if(e.err > 1.0);
  let err = abs(m.x) * 0x1p-43f + e.err * (1.0 + e.err) * (1.0 + abs(m.x)) * 1.001;
  return Exponential(Num(m.x, m.y, err), bitcast<f32>(u32(e.steps + 127) << 23u));
}

fn num_exp(a: Num) -> Num {
  let none = a.hi + a.err < -69.0;
  let e = exp_parts(chosen(a, Num(), none));
  let r = within_ulps(scaled(num_add(num_exact(1.0), e.m), e.power));
  return chosen(Num(r.hi, r.lo, r.err + select(0.0, 0x1p-100f, e.power < 0x1p-60f)), Num(0.0, 0.0, 0x1p-99f), none);
}

fn expm1(a: Num) -> Num {
  let e = exp_parts(a);
  let less = two_sum(e.power, -1.0);
  return num_add(Num(less.x, less.y, 0.0), scaled(e.m, e.power));
}

fn log_parts(x: Num, less: Num) -> Num {
  doubt_if((x.hi <= 0.0) | (size_bits(x.err) >= size_bits(x.hi)));
  let k = (bitcast<i32>(x.hi) - 0x3f3504f3) >> 23u;
  let m = scaled(x, bitcast<f32>(u32(127 - k) << 23u));
  let one = num_exact(1.0);
  let s = num_div(chosen(num_sub(m, one), less, k == 0), num_add(one, m));
  doubt_if(s.err > 0.0625);
  let q = vec2f(s.hi, s.lo);
  let t = ds_mul(q, q);
  var tail = ${f32(1 / 17)};
${[15, 13, 11, 9].map((n) => `  tail = tail * t.x + ${f32(1 / n)};`).join('\n')}
  var p = vec2f(tail, 0.0);
${[7, 5, 3].map((n) => `  p = ds_step(p, t, ${pair(1 / n)});`).join('\n')}
  p = ds_mul(ds_mul(t, q), p);
  let w = num_add(Num(s.hi, s.lo, s.err * 1.06), Num(p.x, p.y, abs(p.x) * 0x1p-38f));
  let turns = f32(k);
  let l = fast_two_sum(turns * ${f32(LN2[0]!)}, turns * ${f32(LN2[1]!)});
  let r = num_add(Num(l.x, l.y + turns * ${f32(LN2[2]!)}, abs(l.x) * 0x1p-47f), scaled(w, 2.0));
  return within_ulps(r);
}

fn num_log(a: Num) -> Num { return log_parts(a, num_sub(a, num_exact(1.0))); }

fn num_log10(a: Num) -> Num {
  let scale = ${pair(Math.LOG10E)};
  return within_ulps(num_mul(num_log(a), Num(scale.x, scale.y, 0x1p-50f)));
}

fn num_pow(a: Num, b: Num) -> Num {
  let n = i32(clamp(b.hi, -20.0, 20.0));
  if (b.lo == 0.0 && b.err == 0.0 && f32(n) == b.hi && abs(n) <= 16) {
    var r = num_exact(1.0);
    var square = a;
    var left = abs(n);
    while (true) {
      if ((left & 1) == 1) { r = num_mul(r, square); }
      left >>= 1u;
      if (left == 0) { break; }
      square = num_mul(square, square);
    }
    if (n < 0) { r = num_div(num_exact(1.0), r); }
    return Num(r.hi, r.lo, select(r.err + abs(r.hi) * 0x1p-51f, 0.0, r.err == 0.0));
  }
  if (is_zero(a) && b.hi > b.err) { return a; }
  return num_exp(num_mul(b, num_log(a)));
}

fn stretched(a: Num) -> Reduced {
  let e = exp_reduced(a);
  doubt_if(e.err > 0.5);
  return Reduced(e.r, e.err * 1.4, e.steps);
}

fn stretch(steps: i32, sign: f32) -> Num {
  let s = two_sum(bitcast<f32>(u32(126 + steps) << 23u), sign * bitcast<f32>(u32(126 - steps) << 23u));
  return Num(s.x, s.y, 0.0);
}

fn num_sinh(a: Num) -> Num {
  let e = stretched(a);
  let sinh_r = num_mul(wave(e, true, -1.0), stretch(e.steps, 1.0));
  return within_ulps(num_add(sinh_r, num_mul(wave(e, false, -1.0), stretch(e.steps, -1.0))));
}

fn num_cosh(a: Num) -> Num {
  let e = stretched(a);
  let cosh_r = num_mul(wave(e, false, -1.0), stretch(e.steps, 1.0));
  return within_ulps(num_add(cosh_r, num_mul(wave(e, true, -1.0), stretch(e.steps, -1.0))));
}

fn num_tanh(a: Num) -> Num {
  let sign = select(1.0, -1.0, a.hi < 0.0);
  if (abs(a.hi) > 20.0 + a.err) { return Num(sign, 0.0, 0x1p-51f); }
  let e = expm1(scaled(num_abs(a), 2.0));
  return within_ulps(scaled(num_div(e, num_add(e, num_exact(2.0))), sign));
}

fn num_asinh(a: Num) -> Num {
  let x = num_abs(a);
  let one = num_exact(1.0);
  let square = num_mul(x, x);
  let more = num_add(x, num_div(square, num_add(one, num_sqrt(num_add(one, square)))));
  return scaled(log_parts(num_add(one, more), more), select(1.0, -1.0, a.hi < 0.0));
}
`;
