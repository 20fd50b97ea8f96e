/**
 * The one libm of every engine: fixed code, so that every browser and Node give the same bits.
 * AssemblyScript's `NativeMath` is a port of musl's; what musl lacks, or is slow at, is written here.
 */
import { sinhOf } from './sinh';
import { cosine, sincos, sine } from './trig';

/** First free byte after the static tables. */
export const heapBase: usize = __heap_base;

export function exp(x: f64): f64 { return NativeMath.exp(x); }
export function log(x: f64): f64 { return NativeMath.log(x); }
export function log10(x: f64): f64 { return NativeMath.log10(x); }
export function sin(x: f64): f64 { sincos(x); return sine; }
export function cos(x: f64): f64 { sincos(x); return cosine; }
export function tan(x: f64): f64 { return NativeMath.tan(x); }
export function asin(x: f64): f64 { return NativeMath.asin(x); }
export function acos(x: f64): f64 { return NativeMath.acos(x); }
export function atan(x: f64): f64 { return NativeMath.atan(x); }
export function atan2(y: f64, x: f64): f64 { return NativeMath.atan2(y, x); }
export function sinh(x: f64): f64 { return sinhOf(x); }
export function cosh(x: f64): f64 { return NativeMath.cosh(x); }
export function tanh(x: f64): f64 { return NativeMath.tanh(x); }
export function asinh(x: f64): f64 { return NativeMath.asinh(x); }
export function hypot(x: f64, y: f64): f64 { return NativeMath.hypot(x, y); }
export function pow(x: f64, y: f64): f64 { return NativeMath.pow(x, y); }

/** Python's `a % b` (CPython's `float_rem`): the sign of `b`, zeros included. The caller sees to b = 0. */
export function mod(a: f64, b: f64): f64 {
  const m = NativeMath.mod(a, b);
  if (m == 0) return copysign<f64>(0, b);
  return (b < 0) != (m < 0) ? m + b : m;
}

/** Python's `a // b` (CPython's `float_floor_div`). The caller sees to b = 0. */
export function floordiv(a: f64, b: f64): f64 {
  const m = NativeMath.mod(a, b);
  let div = (a - m) / b;
  // NaN counts as non-zero here, as it does in C.
  if (m != 0 && (b < 0) != (m < 0)) div -= 1;
  if (div == 0) return copysign<f64>(0, a / b);
  const whole = floor<f64>(div);
  return div - whole > 0.5 ? whole + 1 : whole;
}

/**
 * Stores px, py, pz, E at `out`: bit for bit what op `vector` of the typed form says, composed of
 * the functions above.
 */
export function polar(pt: f64, eta: f64, phi: f64, m: f64, out: usize): void {
  sincos(phi);
  const px = pt * cosine;
  const py = pt * sine;
  const pz = pt * sinhOf(eta);
  const e2 = px * px + py * py + pz * pz + m * abs<f64>(m);
  store<f64>(out, px, 0);
  store<f64>(out, py, 8);
  store<f64>(out, pz, 16);
  store<f64>(out, e2 < 0 ? 0 : sqrt<f64>(e2), 24);
}
