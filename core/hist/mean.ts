/**
 * The mean and spread of a sample, bin by bin: boost-histogram's `accumulators::weighted_mean` (West's incremental algorithm),
 * formula by formula. With no weights it is the same as its `accumulators::mean`, to the last bit.
 *
 * One difference: a weight of 0 changes nothing. There it makes a bin NaN for good that has nothing in it yet, so that results
 * would depend on where chunks begin.
 */

/** The arrays of a `mean` storage: Σw, Σw², the mean, and Σw(s − mean)². */
export interface MeanArrays {
  values: Float64Array;
  variances: Float64Array;
  means: Float64Array;
  deltas: Float64Array;
}

/** Adds the sample `s` with weight `w` to a bin. */
export function fillMean({ values, variances, means, deltas }: MeanArrays, bin: number, w: number, s: number): void {
  if (w === 0) return;
  values[bin] += w;
  variances[bin] += w * w;
  const delta = s - means[bin];
  means[bin] += (w * delta) / values[bin];
  deltas[bin] += w * delta * (s - means[bin]);
}

/**
 * Adds bin `from` of `more` to bin `at` of `sum` (`operator+=`): nothing where its Σw is 0. To an empty bin it is a copy, where there
 * a multiplication and a division may change the last bit.
 */
export function addMean(sum: MeanArrays, at: number, more: MeanArrays, from: number): void {
  const n2 = more.values[from];
  if (n2 === 0) return;
  const n1 = sum.values[at];
  if (n1 === 0 && sum.variances[at] === 0) {
    sum.values[at] = n2;
    sum.variances[at] = more.variances[from];
    sum.means[at] = more.means[from];
    sum.deltas[at] = more.deltas[from];
    return;
  }
  const mean1 = sum.means[at];
  const mean2 = more.means[from];
  sum.values[at] += n2;
  sum.variances[at] += more.variances[from];
  const mean = (n1 * mean1 + n2 * mean2) / sum.values[at];
  sum.means[at] = mean;
  sum.deltas[at] += more.deltas[from];
  sum.deltas[at] += n1 * (mean - mean1) * (mean - mean1) + n2 * (mean - mean2) * (mean - mean2);
}

/** Σw − Σw² / Σw, which for n fills without weights is n − 1; 0 for a single fill, whatever its weight, and where Σw is 0. */
export function degreesOfFreedom(sum: number, sum2: number): number {
  return sum === 0 || sum * sum === sum2 ? 0 : sum - sum2 / sum;
}

/** Variance of the sample: Σw(s − mean)² over the degrees of freedom; NaN where the bin holds too little to tell. */
export function sampleVariance(sum: number, sum2: number, deltas: number): number {
  const degrees = degreesOfFreedom(sum, sum2);
  return degrees > 0 ? deltas / degrees : Number.NaN;
}

/**
 * Error of the mean: √(variance / n) with n = (Σw)² / Σw², the effective number of fills. Without weights this is √`variances()` of
 * boost-histogram, and ROOT's `TProfile` error times √(n / (n − 1)): ROOT takes the spread of what is there for that of the sample.
 */
export function errorOfMean(sum: number, sum2: number, deltas: number): number {
  return Math.sqrt((sampleVariance(sum, sum2, deltas) * sum2) / (sum * sum));
}
