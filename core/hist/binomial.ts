/**
 * Intervals for counts that are a part of other counts. `binomial.test.ts` holds them against SciPy.
 */

/** Probability in either tail of a central interval of one standard deviation: Φ(−1). */
const TAIL = 0.15865525393145707;

/**
 * The Clopper–Pearson interval of a binomial efficiency, central, of one standard deviation (68.27 %): as
 * `clopper_pearson_interval` of Python's `hist`, with Beta(k, n − k + 1) and Beta(k + 1, n − k). Counts may be effective
 * ones, not whole.
 *
 * @returns the ends; NaN unless 0 ≤ passed ≤ all and 0 < all < ∞
 */
export function clopperPearson(passed: number, all: number): [low: number, high: number] {
  if (!(passed >= 0 && passed <= all && all > 0 && all < Number.POSITIVE_INFINITY)) return [Number.NaN, Number.NaN];
  return [
    passed === 0 ? 0 : betaQuantile(TAIL, passed, all - passed + 1),
    passed === all ? 1 : betaQuantile(1 - TAIL, passed + 1, all - passed),
  ];
}

/** The x below which a share p of the beta distribution lies; by bisection and Newton steps that stay in its bracket. */
function betaQuantile(p: number, a: number, b: number): number {
  let lo = 0;
  let hi = 1;
  let x = a / (a + b);
  for (let i = 0; i < 200; i++) {
    const excess = betaShare(x, a, b) - p;
    if (excess > 0) hi = x;
    else lo = x;
    const density = Math.exp(logBetaTerm(x, a, b)) / (x * (1 - x));
    const next = x - excess / density;
    const inside = next > lo && next < hi ? next : lo + (hi - lo) / 2;
    if (Math.abs(inside - x) <= 1e-15 * x || inside === lo || inside === hi) return inside;
    x = inside;
  }
  return x;
}

/**
 * The regularised incomplete beta function I_x(a, b). Above the mean the fraction of the complement is the better one, but it
 * knows x by 1 − x only: where x is small, the fraction itself is good enough for a little longer.
 */
function betaShare(x: number, a: number, b: number): number {
  if (x > 0.5) return 1 - betaShare(1 - x, b, a);
  const term = Math.exp(logBetaTerm(x, a, b));
  const above = x * (a + b + 2) - (a + 1);
  return above > (a > 100 ? 0 : 12) ? 1 - (term * betaFraction(1 - x, b, a)) / b : (term * betaFraction(x, a, b)) / a;
}

/** The continued fraction of I_x(a, b) (NIST DLMF 8.17.22), by Lentz's method; converges fast below the mean. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1), tiny);
  let result = d;
  // About √max(a, b) turns are needed.
  const most = 100 + 10 * Math.sqrt(Math.max(a, b));
  for (let m = 1; m < most; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d, tiny);
    c = nonZero(1 + even / c, tiny);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d, tiny);
    c = nonZero(1 + odd / c, tiny);
    result *= d * c;
    // A NaN ends it, too.
    if (!(Math.abs(d * c - 1) >= 1e-15)) break;
  }
  return result;
}

function nonZero(x: number, instead: number): number {
  return Math.abs(x) < instead ? instead : x;
}

/**
 * log(xᵃ (1 − x)ᵇ / B(a, b)), with the large parts of the logarithms of the gamma functions taken out before they cancel
 * (C. Loader, "Fast and accurate computation of binomial probabilities", 2000).
 */
function logBetaTerm(x: number, a: number, b: number): number {
  const n = a + b;
  const off = x * n - a;
  return (
    a * (off < -a / 2 ? Math.log((x * n) / a) : Math.log1p(off / a)) +
    b * (off > b / 2 ? Math.log(((1 - x) * n) / b) : Math.log1p(-off / b)) +
    0.5 * Math.log((a * b) / (2 * Math.PI * n)) +
    stirlingError(n) -
    stirlingError(a) -
    stirlingError(b)
  );
}

/** log Γ(z) − ((z − ½) log z − z + ½ log 2π), by Stirling's series (NIST DLMF 5.11.1) and, for small z, its recurrence. */
function stirlingError(z: number): number {
  if (z < 16) return stirlingError(z + 1) + (z + 0.5) * Math.log1p(1 / z) - 1;
  const w = 1 / (z * z);
  return (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w * (1 / 1188 - (w * 691) / 360360))))) / z;
}
