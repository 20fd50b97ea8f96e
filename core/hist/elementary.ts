/**
 * exp and log for the edges of log axes. `Math.exp` and `Math.log` differ in the last bit from browser to browser, and
 * edges go into files that must be the same everywhere. Ports of fdlibm's `e_exp.c` and `e_log.c` (Sun Microsystems, 1993; errors
 * below one unit in the last place), which use nothing but exact IEEE operations. Events are never binned with these.
 */

const LN2_HI = 0.6931471803691238;
const LN2_LO = 1.9082149292705877e-10;

/** e to the x, for x between the logarithms of the smallest and the largest double. */
export function exp(x: number): number {
  const k = Math.trunc(Math.LOG2E * x + (x < 0 ? -0.5 : 0.5));
  const hi = x - k * LN2_HI;
  const lo = k * LN2_LO;
  const r = hi - lo;
  const t = r * r;
  const p1 = 0.16666666666666602;
  const p2 = -0.0027777777777015593;
  const p3 = 6.613756321437934e-5;
  const p4 = -1.6533902205465252e-6;
  const p5 = 4.1381367970572385e-8;
  const c = r - t * (p1 + t * (p2 + t * (p3 + t * (p4 + t * p5))));
  const y = 1 - (lo - (r * c) / (2 - c) - hi);
  // in two steps, so that neither factor leaves the range of normal numbers
  const half = Math.trunc(k / 2);
  return y * 2 ** half * 2 ** (k - half);
}

/** Natural logarithm of a positive, finite x. */
export function log(x: number): number {
  // x = 2^k · m with √½ ≤ m < √2
  let k = 0;
  let m = x;
  while (m < 2 ** -32) {
    m *= 2 ** 32;
    k -= 32;
  }
  while (m >= 2 ** 32) {
    m *= 2 ** -32;
    k += 32;
  }
  for (; m < Math.SQRT1_2; k--) m *= 2;
  for (; m >= Math.SQRT2; k++) m /= 2;
  const f = m - 1;
  if (f === 0) return k * LN2_HI + k * LN2_LO;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const t1 = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const t2 = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const half = 0.5 * f * f;
  return k * LN2_HI - (half - (s * (half + t1 + t2) + k * LN2_LO) - f);
}
