/**
 * To whole numbers. `floor` and WGSL's `round` (halves to even) are exact on singles; a low part matters only where hi is whole, or a half: else the
 * next border is at least a unit of hi's last place away, which is more than it. A number within its error of a border is in doubt; 2⁻²⁴ is for
 * a distance that is 1 minus something.
 *
 * Python's a // b is the floor of the quotient before it is rounded; `num_div` bounds that as well. a % b is then a − b·(a // b): where the reference
 * adds b to its remainder, that sum is rounded as the last one here.
 */
export const ROUNDING = /* wgsl */ `
fn settled(a: Num, below: f32, above: f32) {
  doubt_if((a.err != 0.0) & ((a.err * 1.001 >= below) | (a.err + 0x1p-24f >= above)));
}

fn num_floor(a: Num) -> Num {
  let whole = floor(a.hi);
  let r = fast_two_sum(whole, select(0.0, floor(a.lo), whole == a.hi));
  let above = opaque(a.hi - r.x) + (a.lo - r.y);
  settled(a, above, 1.0 - above);
  return Num(r.x, r.y, 0.0);
}

fn num_ceil(a: Num) -> Num { return num_neg(num_floor(num_neg(a))); }

fn num_round(a: Num) -> Num {
  let half = (abs(opaque(a.hi - round(a.hi))) == 0.5) & (a.lo != 0.0);
  let whole = select(round(a.hi), select(floor(a.hi), ceil(a.hi), a.lo > 0.0), half);
  let r = fast_two_sum(whole, select(0.0, round(a.lo), whole == a.hi));
  let border = 0.5 - abs(opaque(a.hi - r.x) + (a.lo - r.y));
  settled(a, border - 0x1p-24f, border);
  return Num(r.x, r.y, 0.0);
}

fn num_sign(a: Num) -> Num {
  doubt_if((a.err != 0.0) & (size_bits(a.err * 1.001) >= size_bits(a.hi)));
  return Num(sign(a.hi), 0.0, 0.0);
}

fn num_floordiv(a: Num, b: Num) -> Num { return num_floor(num_div(a, b)); }

fn num_mod(a: Num, b: Num) -> Num { return num_sub(a, num_mul(num_floordiv(a, b), b)); }
`;
