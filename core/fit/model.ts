/**
 * What is fitted: a peak, a polynomial under it, or their sum. A bin is compared with the integral of the function over it, which is
 * in closed form, so that the numbers don't depend on how wide the bins are.
 */
import type { FitSpec } from '../analysis/document.ts';
import { erf } from './special.ts';

/** The names of parameters: of the peak, and the coefficients of the background. */
export type ParameterName = 'N' | 'μ' | 'σ' | 'α' | 'n' | `b${number}`;

export interface FitModel {
  names: ParameterName[];
  /** The integral up to x of everything, or of the background alone, from a place that is the same for all x. */
  cumulative(parameters: readonly number[], part?: 'background'): (x: number) => number;
  /** Number of the peak's parameters, which come first. */
  peak: number;
}

/** The fraction of a peak of area 1 that lies below x; x in units of σ from μ. */
type Shape = (parameters: readonly number[]) => (t: number) => number;

const PEAKS: Record<NonNullable<FitSpec['peak']>, { names: ParameterName[]; below: Shape }> = {
  gaussian: { names: ['N', 'μ', 'σ'], below: () => (t) => 0.5 * (1 + erf(t / Math.SQRT2)) },
  'crystal-ball': { names: ['N', 'μ', 'σ', 'α', 'n'], below: (p) => crystalBall(p[3], p[4]) },
};

/**
 * The model of a fit over `[from, to]`.
 *
 * - Peak: N events, over all x, of a Gaussian (μ, σ), or of a Crystal Ball function, the same with a tail A·(B − t)⁻ⁿ below
 *   t = (x − μ)/σ = −α.
 * - Background: Σ bₖ·uᵏ events per unit of x, with u = −1 … 1 from one end of the range to the other.
 */
export function fitModel({ peak, background }: FitSpec, [from, to]: readonly [number, number]): FitModel {
  const shape = peak && PEAKS[peak];
  const first = shape?.names.length ?? 0;
  const degree = background ?? -1;
  const middle = (from + to) / 2;
  const half = (to - from) / 2;
  return {
    names: [...(shape?.names ?? []), ...Array.from({ length: degree + 1 }, (_, k): ParameterName => `b${k}`)],
    peak: first,
    cumulative(p, part) {
      const below = part === 'background' ? undefined : shape?.below(p);
      return (x) => {
        const u = (x - middle) / half;
        let sum = below ? p[0] * below((x - p[1]) / p[2]) : 0;
        for (let k = 0, power = u; k <= degree; k++, power *= u) sum += (p[first + k] * half * power) / (k + 1);
        return sum;
      };
    },
  };
}

function crystalBall(alpha: number, n: number): (t: number) => number {
  const half = Math.sqrt(Math.PI / 2);
  const tail = (n / (alpha * (n - 1))) * Math.exp((-alpha * alpha) / 2);
  const left = half * erf(alpha / Math.SQRT2);
  const whole = tail + half + left;
  // In logarithms, since (n/α)ⁿ overflows for a steep tail.
  const logTail = n * Math.log(n / alpha) - (alpha * alpha) / 2 - Math.log((n - 1) * whole);
  return (t) =>
    t > -alpha
      ? (tail + left + half * erf(t / Math.SQRT2)) / whole
      : Math.exp(logTail + (1 - n) * Math.log(n / alpha - alpha - t));
}
