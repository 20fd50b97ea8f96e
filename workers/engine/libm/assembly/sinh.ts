/** Hyperbolic sine under 1 ulp for the pseudorapidities that there are, by addition theorem and a table. */
import { SINH_TABLE, SINH_TABLE_END, SINH_TABLE_STEPS } from './sinhTable.generated';

/** Taylor series of sinh; its remainder is below 2⁻⁶⁴ for |x| < ½. */
// @ts-ignore: decorator
@inline
function near(x: f64): f64 {
  const z = x * x;
  const z2 = z * z;
  const low = 1.0 / 6 + z * (1.0 / 120) + z2 * (1.0 / 5040 + z * (1.0 / 362880));
  const high = 1.0 / 39916800 + z * (1.0 / 6227020800) + z2 * (1.0 / 1307674368000);
  return x + x * (z * (low + z2 * z2 * high));
}

/** sinh(a + r) = sinh a + (sinh a · (cosh r − 1) + cosh a · sinh r) with a in the table and |r| ≤ 1/32. */
// @ts-ignore: decorator
@inline
function tabulated(x: f64): f64 {
  const n = nearest<f64>(x * SINH_TABLE_STEPS);
  const r = x - n * (1.0 / SINH_TABLE_STEPS);
  const entry = SINH_TABLE + (<usize>(<i32>n)) * 24;
  const s = load<f64>(entry);
  const z = r * r;
  const sinhR = r + r * (z * (1.0 / 6 + z * (1.0 / 120 + z * (1.0 / 5040))));
  const coshR1 = z * (0.5 + z * (1.0 / 24) + z * z * (1.0 / 720 + z * (1.0 / 40320)));
  return s + (load<f64>(entry, 8) + (s * coshR1 + load<f64>(entry, 16) * sinhR));
}

/** Beyond the table. */
function far(x: f64): f64 {
  if (x > 709.0) return NativeMath.sinh(x);
  const e = NativeMath.exp(x);
  return 0.5 * (e - 1.0 / e);
}

// @ts-ignore: decorator
@inline
export function sinhOf(x: f64): f64 {
  const a = abs<f64>(x);
  if (a < 0.5) return near(x);
  // NaN goes the far way, too.
  return copysign<f64>(a <= SINH_TABLE_END ? tabulated(a) : far(a), x);
}
