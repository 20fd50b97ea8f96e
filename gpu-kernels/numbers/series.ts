/**
 * Pairs of singles without errors, for series whose error is known as a whole; u = 2⁻²⁴.
 *
 * `ds_mul` is off by 5u² (see `num_mul`). `ds_step` is one of Horner's: acc · x + c with |acc · x| ≤ |c|/2, off by 4u² of c and by what acc is off.
 *
 * `within_ulps` is for what the reference's libm is off: 2 units in the last place of a double at most.
 */
export const SERIES = /* wgsl */ `
fn ds_mul(a: vec2f, b: vec2f) -> vec2f {
  let p = two_prod(a.x, b.x);
  return fast_two_sum(p.x, opaque(p.y + opaque(a.x * b.y + a.y * b.x)));
}

fn ds_step(acc: vec2f, x: vec2f, c: vec2f) -> vec2f {
  let p = two_prod(acc.x, x.x);
  let s = fast_two_sum(c.x, p.x);
  return fast_two_sum(s.x, opaque(s.y + (c.y + (p.y + opaque(acc.x * x.y + acc.y * x.x)))));
}

fn within_ulps(a: Num) -> Num { return Num(a.hi, a.lo, a.err + abs(a.hi) * 0x1p-51f); }

fn scaled(a: Num, power: f32) -> Num { return Num(a.hi * power, a.lo * power, a.err * abs(power)); }
`;
