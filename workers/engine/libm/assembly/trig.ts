/**
 * Sine and cosine together, faster than musl's for arguments below 10⁵ and as exact (under 1 ulp): one reduction without
 * a branch, both of fdlibm's kernels, and the quadrant picked without one, too, because that of a random φ can't be predicted.
 */

/** Up to here the number of quarter turns has 17 bits, and its products with the 33-bit parts of π/2 are exact. */
export const TRIG_LIMIT: f64 = 1e5;

const SHIFT: f64 = 6755399441055744;
const TWO_OVER_PI: f64 = 6.36619772367581382433e-1;
// π/2 in parts of 33, 33 and 53 bits, from fdlibm's e_rem_pio2.c.
const PIO2_1: f64 = 1.57079632673412561417;
const PIO2_2: f64 = 6.07710050630396597660e-11;
const PIO2_2T: f64 = 2.02226624879595063154e-21;

/** Below this, sin x = x in doubles. */
const TINY: f64 = 7.450580596923828e-9; // 2^-27

// fdlibm's k_sin.c and k_cos.c.
const S1: f64 = -1.66666666666666324348e-1;
const S2: f64 = 8.33333333332248946124e-3;
const S3: f64 = -1.98412698298579493134e-4;
const S4: f64 = 2.75573137070700676789e-6;
const S5: f64 = -2.50507602534068634195e-8;
const S6: f64 = 1.58969099521155010221e-10;
const C1: f64 = 4.16666666666666019037e-2;
const C2: f64 = -1.38888888888741095749e-3;
const C3: f64 = 2.48015872894767294178e-5;
const C4: f64 = -2.75573143513906633035e-7;
const C5: f64 = 2.08757232129817482790e-9;
const C6: f64 = -1.13596475577881948265e-11;

/** What `sincos` leaves: globals, since a function has one result. */
export let sine: f64 = 0;
export let cosine: f64 = 0;

/** Sets `sine` and `cosine`; |x| < TRIG_LIMIT. */
// @ts-ignore: decorator
@inline
export function sincosNear(x: f64): void {
  // Adding 1.5·2⁵² rounds to the nearest integer and leaves it in the low bits.
  const shifted = x * TWO_OVER_PI + SHIFT;
  const quadrant = reinterpret<u64>(shifted);
  const n = shifted - SHIFT;
  // x − n·π/2 as y0 + y1: the first difference is exact, the error of the second one goes into the third.
  const r = x - n * PIO2_1;
  const w = n * PIO2_2;
  const t = r - w;
  const rest = n * PIO2_2T - ((r - t) - w);
  const y0 = t - rest;
  const y1 = (t - y0) - rest;

  const z = y0 * y0;
  const z2 = z * z;
  const v = z * y0;
  const ps = S2 + z * (S3 + z * S4) + z * z2 * (S5 + z * S6);
  const s = y0 - ((z * (0.5 * y1 - v * ps) - y1) - v * S1);
  const pc = z * (C1 + z * (C2 + z * C3)) + z2 * z2 * (C4 + z * (C5 + z * C6));
  const half = 0.5 * z;
  const one = 1.0 - half;
  const c = one + (((1.0 - one) - half) + (z * pc - y0 * y1));

  // By integer masks: engines compile a select of floats to a branch.
  const bitsOfS = reinterpret<u64>(s);
  const bitsOfC = reinterpret<u64>(c);
  const swap = (bitsOfS ^ bitsOfC) & (0 - (quadrant & 1));
  sine = reinterpret<f64>(bitsOfS ^ swap ^ ((quadrant & 2) << 62));
  cosine = reinterpret<f64>(bitsOfC ^ swap ^ (((quadrant + 1) & 2) << 62));
  // The reduction loses the sign of −0.
  if (abs<f64>(x) < TINY) sine = x;
}

/** Sets `sine` and `cosine` of any number. */
// @ts-ignore: decorator
@inline
export function sincos(x: f64): void {
  if (abs<f64>(x) < TRIG_LIMIT) {
    sincosNear(x);
  } else {
    sine = NativeMath.sin(x);
    cosine = NativeMath.cos(x);
  }
}
