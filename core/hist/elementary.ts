/**
 * exp and log for the edges of log axes. `Math.exp` and `Math.log` differ in the last bit from browser to browser, and
 * edges go into files that must be the same everywhere. Ports of fdlibm's `e_exp.c` and `e_log.c` (Sun Microsystems, 1993; errors
 * below one unit in the last place), which use nothing but exact IEEE operations. Events are never binned with these.
 */

const LN2_HI = 6.93147180369123816490e-1;
const LN2_LO = 1.90821492927058770002e-10;
const INV_LN2 = 1.4426950408889634;

/** e to the x, for x between the logarithms of the smallest and the largest double. */
export function exp(x: number): number {
  const k = Math.trunc(INV_LN2 * x + (x < 0 ? -0.5 : 0.5));
  const hi = x - k * LN2_HI;
  const lo = k * LN2_LO;
  const r = hi - lo;
  const t = r * r;
  const p1 = 1.66666666666666019037e-1;
  const p2 = -2.77777777770155933842e-3;
  const p3 = 6.61375632143793436117e-5;
  const p4 = -1.65339022054652515390e-6;
  const p5 = 4.13813679705723846039e-8;
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
  const t1 = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const t2 = z * (6.666666666666735130e-1 + w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const half = 0.5 * f * f;
  return k * LN2_HI - (half - (s * (half + t1 + t2) + k * LN2_LO) - f);
}
