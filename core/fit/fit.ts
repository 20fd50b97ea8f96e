/**
 * Functions fitted to histograms of one axis, by least squares: χ² = Σ (content − ∫ f over the bin)² / error², with √Σw² errors. Bins of
 * no error are left out, as ROOT and iminuit's `LeastSquares` do; so a fit to few events is biased low, as theirs is.
 */
import type { FitSpec } from '../analysis/document.ts';
import { hasUnderflow } from '../hist/axis.ts';
import { errors } from '../hist/contents.ts';
import { axisEdges } from '../hist/edges.ts';
import type { Histogram } from '../hist/histogram.ts';
import { type Minimum, minimise } from './minimise.ts';
import { type FitModel, fitModel, type ParameterName } from './model.ts';
import { chiSquareProbability } from './special.ts';
import { type FitBin, startsOf } from './start.ts';

export interface FitParameter {
  name: ParameterName;
  value: number;
  /** One standard deviation, from (JᵀWJ)⁻¹; NaN where the data don't tell, or at a limit. */
  error: number;
}

export interface FitResult {
  spec: FitSpec;
  parameters: FitParameter[];
  /** Covariances of the parameters, in their order. */
  covariance: number[][];
  chi2: number;
  /** Bins minus parameters. */
  ndf: number;
  pValue: number;
  /** The range that was fitted: from the first to the last bin. */
  range: [number, number];
  /** What is wrong with it, for people; absent where the fit converged. */
  failure?: string;
  /** Events expected between two places, of everything or of the background alone. */
  expected: (lo: number, hi: number, part?: 'background') => number;
}

/** A fit that has no numbers at all. */
export interface NoFit {
  spec: FitSpec;
  parameters?: undefined;
  failure: string;
}

/** A fit whose χ² may be so far from its minimum has converged: 100 times closer than MINUIT asks for. */
const CONVERGED = 1e-6;

/** Fits a function to a histogram of one numeric axis. */
export function fitHistogram(histogram: Histogram, spec: FitSpec): FitResult | NoFit {
  const none = (failure: string): NoFit => ({ spec, failure });
  const axis = histogram.axes[0];
  if (histogram.axes.length !== 1 || !hasUnderflow(axis)) return none('a fit needs one axis of numbers');
  if (histogram.storage === 'mean') return none('a profile of means is not fitted');
  const all = binsOf(histogram);
  const [from, to] = spec.range ?? [all[0].lo, all[all.length - 1].hi];
  const inside = all.filter((b) => (b.lo + b.hi) / 2 >= from && (b.lo + b.hi) / 2 <= to);
  const bins = inside.filter((b) => b.error > 0);
  if (inside.length === 0) return none('no bin lies in the range of the fit');
  const range: [number, number] = [inside[0].lo, inside[inside.length - 1].hi];
  const model = fitModel(spec, range);
  if (bins.length < model.names.length)
    return none(`${bins.length} filled bins are too few for ${model.names.length} parameters`);
  const minimum = best(model, bins, range);
  if (!minimum || !Number.isFinite(minimum.chi2)) return none('the fit did not find a minimum: take another range');
  const ndf = bins.length - model.names.length;
  return {
    spec,
    parameters: model.names.map((name, i) => ({
      name,
      value: minimum.parameters[i],
      error: minimum.atLimit[i] ? Number.NaN : Math.sqrt(minimum.covariance[i][i]),
    })),
    covariance: minimum.covariance,
    chi2: minimum.chi2,
    ndf,
    pValue: ndf > 0 ? chiSquareProbability(minimum.chi2, ndf) : Number.NaN,
    range,
    ...failureOf(model, minimum),
    expected(lo, hi, part) {
      const below = model.cumulative(minimum.parameters, part);
      return below(hi) - below(lo);
    },
  };
}

function binsOf(histogram: Histogram): FitBin[] {
  const edges = axisEdges(histogram.axes[0]);
  const error = errors(histogram);
  return Array.from({ length: edges.length - 1 }, (_, i) => ({
    lo: edges[i],
    hi: edges[i + 1],
    content: histogram.values[i + 1],
    error: error[i + 1],
  }));
}

/** The lowest minimum from all starts. */
function best(model: FitModel, bins: readonly FitBin[], range: readonly [number, number]): Minimum | undefined {
  const width = Math.min(...bins.map((b) => b.hi - b.lo));
  const total = bins.reduce((sum, b) => sum + Math.abs(b.content), 0);
  const span = range[1] - range[0];
  let lowest: Minimum | undefined;
  for (const start of startsOf(model, bins)) {
    const found = minimise(
      {
        residuals: residualsOf(model, bins),
        scales: model.names.map((name, i) => scaleOf(name, start, i, total, span)),
        limits: model.names.map((name) => limitsOf(name, range, width)),
      },
      start,
    );
    if (Number.isFinite(found.chi2) && !(lowest && lowest.chi2 <= found.chi2)) lowest = found;
    // A good fit from a likely start: others would only find it again.
    if (lowest && lowest.distance < CONVERGED && lowest.chi2 < 2 * bins.length) break;
  }
  return lowest;
}

/** (model − content) / error; what lies below the edge between two bins is computed once. */
function residualsOf(model: FitModel, bins: readonly FitBin[]): (p: readonly number[]) => Float64Array {
  return (p) => {
    const below = model.cumulative(p);
    let edge = Number.NaN;
    let atEdge = 0;
    return Float64Array.from(bins, ({ lo, hi, content, error }) => {
      const from = lo === edge ? atEdge : below(lo);
      edge = hi;
      atEdge = below(hi);
      return (atEdge - from - content) / error;
    });
  };
}

function scaleOf(name: ParameterName, start: readonly number[], i: number, total: number, span: number): number {
  if (name === 'N') return Math.max(Math.sqrt(Math.abs(start[i])), 1e-3 * Math.abs(start[i]), 1e-9 * total);
  if (name === 'μ' || name === 'σ') return 0.1 * start[2];
  if (name === 'α') return 0.2;
  if (name === 'n') return 0.5;
  return Math.max(Math.abs(start[i]) * 0.05, (1e-3 * total) / span);
}

function limitsOf(name: ParameterName, [from, to]: readonly [number, number], width: number): [number, number] {
  const span = to - from;
  if (name === 'μ') return [from - span, to + span];
  if (name === 'σ') return [1e-3 * width, 2 * span];
  if (name === 'α') return [0.05, 8];
  if (name === 'n') return [1.01, 150];
  return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
}

function failureOf({ names }: FitModel, { covariance, distance, atLimit }: Minimum): { failure?: string } {
  const limited = names.filter((_, i) => atLimit[i]);
  if (covariance.some((row, i) => !atLimit[i] && !(row[i] > 0)))
    return { failure: 'the data do not tell the parameters apart, so they have no errors: take fewer' };
  if (!(distance < CONVERGED)) return { failure: 'the fit did not converge: take another range or another function' };
  if (limited.length > 0) return { failure: `${limited.join(' and ')} went to the limit of what is allowed` };
  return {};
}
