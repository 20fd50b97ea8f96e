/** Least squares: ml-levenberg-marquardt for the way to the minimum, the covariance from the Jacobian there. */
import { levenbergMarquardt } from 'ml-levenberg-marquardt';
import { inverse, Matrix } from 'ml-matrix';

export interface Problem {
  /** (model − content) / error of every point. */
  residuals(parameters: readonly number[]): Float64Array;
  /** How far each parameter has to go to change something. */
  scales: readonly number[];
  limits: readonly (readonly [lo: number, hi: number])[];
}

export interface Minimum {
  parameters: number[];
  chi2: number;
  /** (JᵀJ)⁻¹; rows and columns of parameters at a limit are 0. */
  covariance: number[][];
  atLimit: boolean[];
  /** Expected distance of χ² to its minimum, as MINUIT's EDM. */
  distance: number;
}

/** Distances below this count as the minimum. */
const CLOSE = 1e-8;
const ROUNDS = 15;

/** The way from a start to the nearest minimum; NaN in `chi2` where there is none. */
export function minimise(problem: Problem, start: readonly number[]): Minimum {
  const at = (parameters: number[]) => state(problem, parameters, problem.scales);
  let best = at(marquardt(problem, clamped(problem, start)));
  for (let round = 0; round < ROUNDS && best.distance > CLOSE; round++) {
    const straight = at(newtonStep(problem, best));
    const next = straight.chi2 < best.chi2 ? straight : at(marquardt(problem, best.parameters));
    if (!(next.chi2 < best.chi2)) break;
    best = next;
  }
  // Once more with steps that fit the errors that were found.
  const errors = best.covariance.map((row, i) => Math.sqrt(row[i]) || problem.scales[i]);
  const fine = errors.map((error, i) => Math.min(error, problem.scales[i]));
  const polished = state(problem, newtonStep(problem, state(problem, best.parameters, fine)), fine);
  return polished.chi2 <= best.chi2 ? polished : state(problem, best.parameters, fine);
}

interface State extends Minimum {
  gradient: number[];
}

/** Everything at one point. */
function state(problem: Problem, parameters: number[], scales: readonly number[]): State {
  const residuals = problem.residuals(parameters);
  const chi2 = residuals.reduce((sum, r) => sum + r * r, 0);
  const atLimit = parameters.map((p, i) => {
    const [lo, hi] = problem.limits[i];
    return p <= lo || p >= hi;
  });
  const free = parameters.map((_, i) => i).filter((i) => !atLimit[i]);
  const jacobian = jacobianOf(problem, parameters, scales);
  const gradient = jacobian.map((column) => column.reduce((sum, d, i) => sum + d * residuals[i], 0));
  const covariance = parameters.map(() => parameters.map(() => 0));
  const part = covarianceOf(free.map((i) => jacobian[i].map((d) => d * scales[i])));
  free.forEach((i, a) => {
    free.forEach((j, b) => {
      covariance[i][j] = (part?.[a][b] ?? Number.NaN) * scales[i] * scales[j];
    });
  });
  const distance = free.reduce(
    (sum, i) => sum + free.reduce((row, j) => row + gradient[i] * covariance[i][j] * gradient[j], 0),
    0,
  );
  return { parameters, chi2, covariance, atLimit, distance, gradient };
}

/** (JᵀJ)⁻¹ of scaled columns, or undefined where they don't tell the parameters apart. */
function covarianceOf(columns: Float64Array[]): number[][] | undefined {
  if (columns.length === 0) return [];
  const jacobian = new Matrix(columns.map((column) => Array.from(column)));
  const product = jacobian.mmul(jacobian.transpose());
  try {
    const result = inverse(product).to2DArray();
    return result.every((row, i) => row[i] > 0) ? result : undefined;
  } catch {
    return undefined;
  }
}

/** Derivatives of the residuals by each parameter, from central differences. */
function jacobianOf(problem: Problem, parameters: readonly number[], scales: readonly number[]): Float64Array[] {
  return parameters.map((p, i) => {
    const step = 1e-4 * scales[i];
    const at = (value: number) => problem.residuals(parameters.map((q, j) => (i === j ? value : q)));
    const low = at(p - step);
    return at(p + step).map((r, k) => (r - low[k]) / (2 * step));
  });
}

function newtonStep(problem: Problem, { parameters, covariance, gradient }: State): number[] {
  const moved = parameters.map((p, i) => p - gradient.reduce((sum, g, j) => sum + covariance[i][j] * g, 0));
  return clamped(problem, moved.every(Number.isFinite) ? moved : parameters);
}

/** Some steps of Levenberg and Marquardt, in units of the scales. */
function marquardt(problem: Problem, parameters: readonly number[]): number[] {
  const { residuals, scales, limits } = problem;
  const real = (u: readonly number[]) => u.map((x, i) => x * scales[i]);
  const points = residuals(parameters).length;
  const fit = levenbergMarquardt(
    { x: Array.from({ length: points }, (_, i) => i), y: new Float64Array(points) },
    (u) => {
      const r = residuals(real(u));
      return (i) => r[i];
    },
    {
      initialValues: parameters.map((p, i) => p / scales[i]),
      minValues: limits.map(([lo], i) => lo / scales[i]),
      maxValues: limits.map(([, hi], i) => hi / scales[i]),
      damping: 1,
      maxIterations: 8,
      errorTolerance: 1e-12,
      jacobianFunction: (u) => {
        const columns = jacobianOf(problem, real(u), scales);
        return (i) => columns.map((column, k) => column[i] * scales[k]);
      },
    },
  );
  return clamped(problem, real(fit.parameterValues));
}

function clamped({ limits }: Problem, parameters: readonly number[]): number[] {
  return parameters.map((p, i) => Math.min(Math.max(p, limits[i][0]), limits[i][1]));
}
