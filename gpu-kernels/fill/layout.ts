import type { Program } from '../../core/expr/typedForm.ts';
import { axisExtent } from '../../core/hist/axis.ts';
import { binCount, isTiled } from '../../core/hist/contents.ts';
import type { HistogramLayout, Refusal, ResultLayout } from '../types.ts';
import { QUEUE_FILLS } from './plan.ts';
import { documentWeight, ownWeight, weightNumbers } from './weights.ts';

/** Words of Σw and Σw², 64 bits each: they lie at multiples of this, so that no window cuts one in two. */
export const SUM_WORDS = 4;

/** Bins of one axis: each is a constant of the program or three. */
const MOST_AXIS_BINS = 2 ** 20;

/** Why a program's histograms can't be filled on the GPU. */
export function refuseFills(program: Program): Refusal | undefined {
  for (const { name, storage, axes } of program.histograms) {
    if (storage === 'mean') return { reason: `histogram "${name}" has the storage mean` };
    if (axes.some(({ axis }) => axisExtent(axis) > MOST_AXIS_BINS))
      return { reason: `histogram "${name}" has an axis of more than a million bins` };
    if (isTiled(axes.map(({ axis }) => axis)))
      return { reason: `histogram "${name}" is too large to be held bin by bin` };
  }
  return undefined;
}

/** Where the numbers of a program's run lie: counters first, then sums of the cutflow, the probe, and bins. */
export function resultLayout(program: Program): ResultLayout {
  const { weights, of } = weightNumbers(program);
  const cuts = program.cuts.length;
  let words = 0;
  const take = (count: number, align = 1) => {
    const at = Math.ceil(words / align) * align;
    words = at + count;
    return at;
  };
  const cutflow = take(cuts + 1);
  const missingWeight = take(1);
  const counters = program.histograms.map((_, k) => ({
    ...(of[k] !== undefined && { entries: take(1) }),
    missing: take(1),
  }));
  const cutflowSums = documentWeight(program) && take(SUM_WORDS * (cuts + 1), SUM_WORDS);
  const probe = take(weights);
  const histograms = program.histograms.map((histogram, k): HistogramLayout => {
    const bins = binCount(histogram.axes.map(({ axis }) => axis));
    const weight = of[k];
    const binWords = weight === undefined ? 1 : SUM_WORDS;
    return {
      ...counters[k],
      bins: take(bins * binWords, SUM_WORDS),
      binCount: bins,
      binWords,
      ...(weight !== undefined && { weight }),
      ...(ownWeight(histogram) && { ownWeight: true }),
      storage: histogram.storage as 'count' | 'weighted',
      fillsAtMost: histogram.per ? QUEUE_FILLS : 1,
    };
  });
  return {
    cutflow,
    cuts,
    ...(cutflowSums !== undefined && { cutflowSums }),
    missingWeight,
    probe,
    histograms,
    words,
  };
}

/** Whether anything but counts is added. */
export function hasSums({ cutflowSums, histograms }: ResultLayout): boolean {
  return cutflowSums !== undefined || histograms.some(({ weight }) => weight !== undefined);
}
