/**
 * Integers of 32 bits for the 64 bits of the typed form: exact, or in doubt. The caller sees to divisors of 0, for which the result is missing.
 *
 * `int_mul` bounds the product by one of singles, which is off by less than 2⁻²² of it.
 */
export const INTEGERS = /* wgsl */ `
fn int_add(a: i32, b: i32) -> i32 {
  let s = a + b;
  doubt_if(((a ^ s) & (b ^ s)) < 0);
  return s;
}

fn int_sub(a: i32, b: i32) -> i32 {
  let d = a - b;
  doubt_if(((a ^ b) & (a ^ d)) < 0);
  return d;
}

fn int_mul(a: i32, b: i32) -> i32 {
  doubt_if(abs(f32(a) * f32(b)) >= 0x7ffff0p8f);
  return a * b;
}

fn int_floordiv(a: i32, b: i32) -> i32 {
  doubt_if((b == -1) & (a == -0x7fffffff - 1));
  let q = a / b;
  return select(q, q - 1, (a != q * b) & ((a ^ b) < 0));
}

fn int_mod(a: i32, b: i32) -> i32 {
  let r = a % b;
  return select(r, r + b, (r != 0) & ((r ^ b) < 0));
}

fn int_neg(a: i32) -> i32 { return int_sub(0, a); }

fn int_abs(a: i32) -> i32 { return select(a, int_neg(a), a < 0); }

fn int_shl(a: i32, b: i32) -> i32 {
  let none = (b < 0) | (b >= 64) | (a == 0);
  let s = a << u32(b & 31);
  doubt_if(!none & ((b >= 32) | ((s >> u32(b & 31)) != a)));
  return select(s, 0, none);
}

fn int_shr(a: i32, b: i32) -> i32 { return a >> u32(select(b, 31, (b < 0) | (b > 31))); }
`;
