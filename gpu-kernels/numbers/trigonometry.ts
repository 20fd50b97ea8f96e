/**
 * Sine and cosine, and what is made of them.
 *
 * **Reduction**: r = a − k·π/2 with |r| ≤ 0.786, for |a| ≤ 6000, where k has 12 bits. So have the first three parts of π/2: their products are exact, a.hi less the first
 * is, too, and the others are taken off by `two_sum`. What is rounded are sums of low parts, by 4u of their sizes. Beyond 6000, and where a is not finite, it is in doubt.
 *
 * **Series**: sin r = r + r·z·F(z) and cos r = (1 − z/2) + z²·F(z) with z = r², F's first three terms in pairs, four in singles. These are off by 4u of their sum, which is 2⁻¹⁸ of
 * F at most; the Taylor series is cut at 2⁻⁵⁰. So F is off by less than 2⁻³⁹·⁵ of it, with roundings of the pairs; z by 5u² = 2⁻⁴⁵·⁶ of it; a low part in the sum by 2u.
 *
 * **atan2**: φ = the built-in one, whatever it is worth; then x·cos φ + y·sin φ and y·cos φ − x·sin φ have the angle δ that is missing, and atan δ = δ − δ³/3 + δ⁵/5, off by δ⁷
 * and 4u·δ³. The built-in one is too far off where |δ| > 2⁻⁸. On the cut (y = 0 and x < 0) the sign of a zero would tell: in doubt. The other inverses are atan2 of
 * two sides of a triangle.
 */
import { f32, pair, parts } from './literals.ts';

const HALF_PI = parts(Math.PI / 2, 6.123233995736766e-17, 12, 4);
const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

/** Term k of F in sin r, then in cos r. */
const terms = (k: number): [number, number] => [
  (k % 2 === 0 ? -1 : 1) / factorial(2 * k + 3),
  (k % 2 === 0 ? 1 : -1) / factorial(2 * k + 4),
];
const singles = (k: number): string => `select(${f32(terms(k)[1])}, ${f32(terms(k)[0])}, odd)`;
const pairs = (k: number): string => `select(${pair(terms(k)[1])}, ${pair(terms(k)[0])}, odd)`;

export const TRIGONOMETRY = /* wgsl */ `
struct Turned { r: vec2f, err: f32, quarters: i32 }

fn turned(a: Num) -> Turned {
  if (abs(a.hi) > 6000.0) { doubt = true; return Turned(vec2f(), 0.0, 0); }
  let k = round(a.hi * ${f32(2 / Math.PI)});
  let s = two_sum(opaque(a.hi - k * ${f32(HALF_PI[0]!)}), -k * ${f32(HALF_PI[1]!)});
  let t = two_sum(s.x, -k * ${f32(HALF_PI[2]!)});
  let last = k * ${f32(HALF_PI[3]!)};
  let low = (s.y + t.y) + (a.lo - last);
  let rounded = abs(s.y) + abs(t.y) + abs(a.lo) + abs(last);
  return Turned(fast_two_sum(t.x, opaque(low)), a.err + rounded * 0x1p-22f, i32(k));
}

fn trig_series(t: Turned, shift: i32) -> Num {
  let quarters = t.quarters + shift;
  let odd = (quarters & 1) == 0;
  let z = ds_mul(t.r, t.r);
  var tail = ${singles(6)};
${[5, 4, 3].map((k) => `  tail = tail * z.x + ${singles(k)};`).join('\n')}
  var f = vec2f(tail, 0.0);
${[2, 1, 0].map((k) => `  f = ds_step(f, z, ${pairs(k)});`).join('\n')}
  var base = t.r;
  var m = t.r;
  if (!odd) {
    base = fast_two_sum(1.0, -0.5 * z.x);
    base.y -= 0.5 * z.y;
    m = z;
  }
  let w = ds_mul(ds_mul(m, z), f);
  let s = fast_two_sum(base.x, w.x);
  let r = fast_two_sum(s.x, opaque(s.y + (base.y + w.y)));
  var err = t.err + abs(w.x) * 0x1.8p-40f + (abs(s.y) + abs(base.y) + abs(w.y)) * 0x1p-23f;
  if (z.x != 0.0) { err += select(z.x * 0x1p-46f, 0.0, odd) + abs(r.x) * 0x1p-51f; }
  let sign = select(1.0, -1.0, (quarters & 2) != 0);
  return Num(r.x * sign, r.y * sign, err * 1.001);
}

fn num_sin(a: Num) -> Num { return trig_series(turned(a), 0); }

fn num_cos(a: Num) -> Num { return trig_series(turned(a), 1); }

struct SinCos { sin: Num, cos: Num }

fn num_sincos(a: Num) -> SinCos {
  let t = turned(a);
  return SinCos(trig_series(t, 0), trig_series(t, 1));
}

fn num_tan(a: Num) -> Num {
  let sc = num_sincos(a);
  return within_ulps(num_div(sc.sin, sc.cos));
}

fn num_atan2(y: Num, x: Num) -> Num {
  if (x.hi <= x.err && size_bits(y.err) >= size_bits(y.hi)) { doubt = true; }
  let phi = num_exact(opaque(atan2(y.hi, x.hi)));
  let sc = num_sincos(phi);
  let d = num_div(num_sub(num_mul(y, sc.cos), num_mul(x, sc.sin)), num_add(num_mul(x, sc.cos), num_mul(y, sc.sin)));
  if (abs(d.hi) > 0x1p-8f) { doubt = true; }
  let square = d.hi * d.hi;
  let cube = square * d.hi;
  let c = Num(cube * (square * 0.2 - ${f32(1 / 3)}), 0.0, abs(cube) * (0x1p-22f + square * square));
  return within_ulps(num_add(phi, num_add(d, c)));
}

fn num_atan(a: Num) -> Num { return num_atan2(a, num_exact(1.0)); }

fn other_side(a: Num) -> Num {
  let one = num_exact(1.0);
  return num_sqrt(num_mul(num_sub(one, a), num_add(one, a)));
}

fn num_asin(a: Num) -> Num { return num_atan2(a, other_side(a)); }

fn num_acos(a: Num) -> Num { return num_atan2(other_side(a), a); }

fn num_hypot(a: Num, b: Num) -> Num { return within_ulps(num_sqrt(num_add(num_mul(a, a), num_mul(b, b)))); }
`;
