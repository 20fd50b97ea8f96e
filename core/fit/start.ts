/** Where a fit begins: the highest point over the sidebands, its width at half height, and what fits best with these. */
import { Matrix, solve } from 'ml-matrix';
import type { FitModel } from './model.ts';

/** A bin that is fitted. */
export interface FitBin {
  lo: number;
  hi: number;
  content: number;
  error: number;
}

/** Mean and width of the peaks that a fit may start from, the likeliest first. */
function peaksOf(bins: readonly FitBin[], flat: boolean): { mean: number; sigma: number }[] {
  const density = smooth(bins.map((b) => b.content / (b.hi - b.lo)));
  const side = Math.max(1, Math.floor(bins.length / 6));
  const centre = (b: FitBin) => (b.lo + b.hi) / 2;
  const level = (part: number[]) => part.reduce((sum, x) => sum + x, 0) / part.length;
  const [left, right] = flat ? [0, 0] : [level(density.slice(0, side)), level(density.slice(-side))];
  const first = centre(bins[0]);
  const span = centre(bins[bins.length - 1]) - first || 1;
  const over = density.map((d, i) => d - left - ((right - left) * (centre(bins[i]) - first)) / span);
  const top = over.reduce((best, d, i) => (d > over[best] ? i : best), 0);
  const walk = (step: number) => {
    let i = top;
    while (bins[i + step] && over[i] > over[top] / 2) i += step;
    return i;
  };
  const width = Math.abs(centre(bins[walk(1)]) - centre(bins[walk(-1)]));
  const sigma = Math.max(width, bins[top].hi - bins[top].lo) / 2.3548;
  return [1, 0.5, 2].map((factor) => ({ mean: centre(bins[top]), sigma: sigma * factor }));
}

function smooth(values: number[]): number[] {
  return values.map((_, i) => {
    const near = values.slice(Math.max(0, i - 1), i + 2);
    return near.reduce((sum, x) => sum + x, 0) / near.length;
  });
}

/** Parameters to start from, one set for each try. What the model is linear in is solved for. */
export function startsOf(model: FitModel, bins: readonly FitBin[]): number[][] {
  if (model.peak === 0) return [linear(model, bins, new Array(model.names.length).fill(0))];
  const tails = model.peak > 3 ? [[1.5, 3]] : [[]];
  return peaksOf(bins, model.names.length === model.peak).flatMap(({ mean, sigma }) =>
    tails.map((tail) => {
      const fixed = [1, mean, sigma, ...tail, ...new Array(model.names.length - model.peak).fill(0)];
      return linear(model, bins, fixed);
    }),
  );
}

/** The same parameters with the yield and the coefficients of the background at their best for them. */
function linear(model: FitModel, bins: readonly FitBin[], parameters: number[]): number[] {
  const free = model.names.map((_, i) => i).filter((i) => i === 0 || i >= model.peak);
  const shape = (i: number) => {
    const unit = parameters.map((p, k) => (free.includes(k) ? Number(k === i) : p));
    const below = model.cumulative(unit);
    return bins.map((b) => (below(b.hi) - below(b.lo)) / b.error);
  };
  const columns = new Matrix(free.map(shape)).transpose();
  const contents = Matrix.columnVector(bins.map((b) => b.content / b.error));
  const solved = solve(columns, contents, true).to1DArray();
  const result = [...parameters];
  free.forEach((i, k) => {
    result[i] = Number.isFinite(solved[k]) ? solved[k] : 0;
  });
  return result;
}
