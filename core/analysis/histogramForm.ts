import * as z from 'zod';
import type { AxisSpec, FitSpec, HistogramSpec } from './document.ts';
import { expression, finite, flag, interval, LIMITS, list, mapping, must, name, type Path, text } from './formParts.ts';

/** The form of a histogram in a document: its axes, fits and first look. */

export const axisShape = {
  value: expression,
  bins: z
    .int(must('a whole number'))
    .min(1, 'must be at least 1')
    .max(LIMITS.bins, `must be at most ${LIMITS.bins}`)
    .optional(),
  range: z.tuple([finite, finite], must('a list of two numbers')).optional(),
  scale: z.enum(['linear', 'log', 'sqrt'], must('linear, log or sqrt')).optional(),
  edges: list(finite, LIMITS.bins + 1)
    .min(2, 'must have at least two numbers')
    .optional(),
  categories: list(z.union([z.int(), z.string()], must('a whole number or text')), LIMITS.categories)
    .min(1, 'must not be empty')
    .optional(),
  boolean: z.literal(true, must('true')).optional(),
  label: text().optional(),
  unit: text(LIMITS.name).optional(),
};

/** What types can't say of an axis: exactly one kind, ascending edges, a range that its scale allows. */
function checkAxis(axis: AxisSpec, ctx: z.RefinementCtx): void {
  const fail = (message: string, ...path: Path) => ctx.addIssue({ code: 'custom', path, message });
  const kinds = [axis.bins !== undefined || axis.range !== undefined, axis.edges, axis.categories, axis.boolean].filter(
    Boolean,
  );
  if (kinds.length !== 1) {
    fail(
      `must have exactly one of bins with range, edges, categories, boolean: true${kinds.length ? ', but has several' : ''}`,
    );
    return;
  }
  const { bins, range, scale, edges, categories } = axis;
  if (bins !== undefined && !range) fail('has bins but no range: add range: [low, high]');
  if (range && bins === undefined) fail('has a range but no bins: add bins');
  if (range && !(range[0] < range[1])) fail('must go from a lower to a higher number', 'range');
  else if (range && scale === 'log' && !(range[0] > 0)) fail('must start above 0 on a log scale', 'range');
  else if (range && scale === 'sqrt' && !(range[0] >= 0)) fail('must not start below 0 on a sqrt scale', 'range');
  else if (range && !Number.isFinite(range[1] - range[0])) fail('is too wide', 'range');
  if (scale && !range) fail('goes with bins and range only', 'scale');
  const descent = edges?.findIndex((edge, i) => i > 0 && !(edges[i - 1] < edge)) ?? -1;
  if (descent >= 0) fail('must be greater than the edge before it', 'edges', descent);
  if (categories?.some((c) => typeof c !== typeof categories[0]))
    fail('must be all whole numbers or all text', 'categories');
  if (categories && new Set(categories).size < categories.length) fail('must differ from one another', 'categories');
}

export const fitShape = {
  peak: z.enum(['gaussian', 'crystal-ball'], must('gaussian or crystal-ball')).optional(),
  background: z
    .int(must('a whole number: the degree of a polynomial'))
    .min(0, 'must be from 0 to 5')
    .max(5, 'must be from 0 to 5')
    .optional(),
  range: interval.optional(),
};

function checkFit({ peak, background }: FitSpec, ctx: z.RefinementCtx): void {
  if (peak === undefined && background === undefined) ctx.addIssue('must have a peak, a background or both');
}

export const viewShape = {
  log: flag.optional(),
  flow: flag.optional(),
  stack: flag.optional(),
  normalise: flag.optional(),
  ratio: z.enum(['ratio', 'efficiency'], must('ratio or efficiency')).optional(),
  overlay: list(name, LIMITS.axes).optional(),
  rebin: z.int(must('a whole number')).min(1, 'must be at least 1').max(LIMITS.bins, 'is too large').optional(),
  range: interval.optional(),
};

export const histogramShape = {
  title: text().optional(),
  axes: list(mapping(axisShape).superRefine(checkAxis), LIMITS.axes).min(1, 'must have at least one axis'),
  select: expression.optional(),
  weight: expression.optional(),
  storage: z.enum(['count', 'weighted', 'mean'], must('count, weighted or mean')).optional(),
  sample: expression.optional(),
  per: expression.optional(),
  fits: list(mapping(fitShape).superRefine(checkFit), LIMITS.fits).optional(),
  view: mapping(viewShape).optional(),
};

/** Bins of an axis, flow included. */
function extentOf({ bins, edges, categories }: AxisSpec): number {
  return edges ? edges.length + 1 : categories ? categories.length + 1 : bins ? bins + 2 : 2;
}

/** A mean needs what it is the mean of; no other storage has a use for it. Bins have numbers that a double can hold. */
export function checkHistogram(
  { axes, storage, sample }: Pick<HistogramSpec, 'axes' | 'storage' | 'sample'>,
  ctx: z.RefinementCtx,
): void {
  const bins = axes.reduce((product, axis) => product * extentOf(axis), 1);
  if (bins > 2 ** 53)
    ctx.addIssue(`has about ${bins.toPrecision(2)} bins, more than 2^53: take fewer axes, or fewer bins on each`);
  const fail = (message: string, ...path: Path) => ctx.addIssue({ code: 'custom', path, message });
  if (storage === 'mean' && sample === undefined) fail('is mean, so the histogram needs a sample', 'storage');
  if (storage !== 'mean' && sample !== undefined) fail('goes with storage: mean only', 'sample');
}
