/**
 * Sine and cosine, and what is made of them.
 *
 * **Reduction**: r = a − k·π/2 with |r| ≤ 0.786, for |a| ≤ 6000, where k has 12 bits. So have the first three parts of π/2: their products are exact, a.hi less the first
 * is, too, and the others are taken off by `two_sum`. What is rounded are sums of low parts, by 4u of their sizes. Beyond 6000, and where a is not finite, it is in doubt.
 *
 * **Series** (`wave`): sin r = r + r·z·F(z) and cos r = (1 − z/2) + z²·F(z) with z = r², sinh r and cosh r the same with z = −r², F's first three terms in pairs, four in singles. These are off by 4u of their sum, which is 2⁻¹⁸ of
 * F at most; the Taylor series is cut at 2⁻⁵⁰. So F is off by less than 2⁻³⁹·⁵ of it, with roundings of the pairs; z by 5u² = 2⁻⁴⁵·⁶ of it; a low part in the sum by 2u.
 *
 * **atan2**: of the angle in the first eighth, whose tangent is short/long, atan(n/8) is taken off, n/8 being near it: what is left has the tangent (short − c·long)/(long + c·short),
 * at most 0.064 whatever the rounding of n, and atan d = d + d³·P(d²), P's first two terms in pairs, three in singles: off by 2⁻³⁷ of P, and cut at 2⁻⁴⁸. Errors of d are no larger in
 * its angle. Constants are off by 2⁻⁴⁸ of them. On the cut (y = 0 and x < 0), where the sign of a zero would tell, and at 0, it is in doubt. Inverses are atan2 of two sides of a triangle.
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
struct Reduced { r: vec2f, err: f32, steps: i32 }

fn turned(a: Num) -> Reduced {
  doubt_if(abs(a.hi) > 6000.0);
  let k = round(a.hi * ${f32(2 / Math.PI)});
  let s = two_sum(opaque(a.hi - k * ${f32(HALF_PI[0]!)}), -k * ${f32(HALF_PI[1]!)});
  let t = two_sum(s.x, -k * ${f32(HALF_PI[2]!)});
  let last = k * ${f32(HALF_PI[3]!)};
  let low = (s.y + t.y) + (a.lo - last);
  let rounded = abs(s.y) + abs(t.y) + abs(a.lo) + abs(last);
  return Reduced(fast_two_sum(t.x, opaque(low)), a.err + rounded * 0x1p-22f, i32(k));
}

fn wave(t: Reduced, odd: bool, curve: f32) -> Num {
  let z = ds_mul(t.r, t.r) * curve;
  var tail = ${singles(6)};
${[5, 4, 3].map((k) => `  tail = tail * z.x + ${singles(k)};`).join('\n')}
  var f = vec2f(tail, 0.0);
${[2, 1, 0].map((k) => `  f = ds_step(f, z, ${pairs(k)});`).join('\n')}
  let one = fast_two_sum(1.0, -0.5 * z.x);
  let base = select(vec2f(one.x, one.y - 0.5 * z.y), t.r, odd);
  let w = ds_mul(ds_mul(select(z, t.r, odd), z), f);
  let s = fast_two_sum(base.x, w.x);
  let r = fast_two_sum(s.x, opaque(s.y + (base.y + w.y)));
  let low = (abs(s.y) + abs(base.y) + abs(w.y)) * 0x1p-23f;
  let known = select(select(abs(z.x) * 0x1p-46f, 0.0, odd) + abs(r.x) * 0x1p-51f, 0.0, z.x == 0.0);
  let err = t.err + abs(w.x) * 0x1.8p-40f + low + known;
  return Num(r.x, r.y, err * 1.001);
}

fn trig_series(t: Reduced, shift: i32) -> Num {
  let quarters = t.steps + shift;
  return scaled(wave(t, (quarters & 1) == 0, 1.0), select(1.0, -1.0, (quarters & 2) != 0));
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

const ATAN_OF_EIGHTHS = array<vec2f, 9>(${Array.from({ length: 9 }, (_, k) => pair(Math.atan(k / 8))).join(', ')});

fn num_atan2(y: Num, x: Num) -> Num {
  doubt_if((x.hi <= x.err) & (size_bits(y.err) >= size_bits(y.hi)));
  let steep = abs(y.hi) > abs(x.hi);
  let long = num_abs(chosen(x, y, steep));
  let short = num_abs(chosen(y, x, steep));
  let step = round(short.hi / long.hi * 8.0);
  let c = num_exact(step * 0.125);
  let d = num_div(num_sub(short, num_mul(c, long)), num_add(long, num_mul(c, short)));
  let q = vec2f(d.hi, d.lo);
  let t = ds_mul(q, q);
  var p = vec2f(((-t.x * ${f32(1 / 11)} + ${f32(1 / 9)}) * t.x - ${f32(1 / 7)}), 0.0);
  p = ds_step(p, t, ${pair(1 / 5)});
  p = ds_step(p, t, ${pair(-1 / 3)});
  p = ds_mul(ds_mul(t, q), p);
  let eighths = ATAN_OF_EIGHTHS[u32(clamp(step, 0.0, 8.0))];
  let rest = num_add(d, Num(p.x, p.y, abs(p.x) * 0x1p-37f));
  let angle = num_add(Num(eighths.x, eighths.y, eighths.x * 0x1p-48f), rest);
  let back = x.hi < 0.0;
  let quarters = select(select(0.0, 2.0, back), 1.0, steep);
  let half_pi = ${pair(Math.PI / 2)} * quarters;
  let folded = num_add(Num(half_pi.x, half_pi.y, half_pi.x * 0x1p-48f), scaled(angle, select(1.0, -1.0, steep != back)));
  return within_ulps(scaled(folded, select(1.0, -1.0, y.hi < 0.0)));
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
