/** The plots of a document together with saved results: histograms of the same name are drawn over one another, or added up. */
import type { HistogramSpec } from '../../core/analysis/document.ts';
import { toPlain } from '../../core/errors.ts';
import { add } from '../../core/hist/arithmetic.ts';
import type { NamedHistogram } from '../../core/hist/datasets.ts';
import type { Histogram } from '../../core/hist/histogram.ts';
import type { NamedResult } from '../../core/hist/merge.ts';
import type { ExplorerState } from '../store/state.ts';
import { fitsOver, type Named } from './curves.ts';

/** What a card shows. */
export interface SavedPlot {
  spec: HistogramSpec;
  histogram?: Histogram;
  over: readonly Named[];
  /** It is in saved results only. */
  elsewhere: boolean;
  /** Why a saved histogram is not in it. */
  problem?: string;
}

/** A plot for each histogram of the document, then for those that only saved results have. */
export function plotsWithSaved(
  specs: readonly HistogramSpec[],
  results: readonly NamedHistogram[],
  saved: readonly NamedResult[],
  use: 'over' | 'add',
): SavedPlot[] {
  const own = specs.map((spec) => {
    const histogram = results.find(({ name }) => name === spec.name)?.histogram;
    const parts = partsOf(saved, spec.name);
    return { spec, elsewhere: false, ...(histogram ? joined(histogram, parts, use) : { histogram, over: [] }) };
  });
  const names = new Set(saved.flatMap(({ histograms }) => histograms.map(({ name }) => name)));
  for (const { name } of specs) names.delete(name);
  const others = [...names].map((name) => {
    const [first, ...parts] = partsOf(saved, name);
    return { spec: specOf(name, first!.histogram), elsewhere: true, ...joined(first!.histogram, parts, use) };
  });
  return [...own, ...others];
}

/** What the card of a histogram shows, with what saved results add to it. */
export function shownHistogram(
  { document, result, saved, savedUse }: Pick<ExplorerState, 'document' | 'result' | 'saved' | 'savedUse'>,
  name: string,
): Histogram | undefined {
  const plots = plotsWithSaved(document?.histograms ?? [], result?.histograms ?? [], saved, savedUse);
  return plots.find(({ spec }) => spec.name === name)?.histogram;
}

function partsOf(saved: readonly NamedResult[], wanted: string): Named[] {
  return saved.flatMap(({ name: title, histograms }) =>
    histograms.filter(({ name }) => name === wanted).map(({ histogram }) => ({ title, histogram })),
  );
}

function joined(
  histogram: Histogram,
  parts: readonly Named[],
  use: 'over' | 'add',
): { histogram: Histogram; over: readonly Named[]; problem?: string } {
  if (use === 'over') {
    const over = parts.filter((part) => fitsOver(histogram, part.histogram));
    const out = parts.find((part) => !over.includes(part));
    const problem = out && `${out.title} can't be drawn over it: that takes one axis with the same bins`;
    return { histogram, over, ...(problem && { problem }) };
  }
  let sum = histogram;
  for (const part of parts) {
    try {
      sum = add(sum, part.histogram);
    } catch (error) {
      return { histogram, over: [], problem: `${part.title}: ${toPlain(error).message}` };
    }
  }
  return { histogram: sum, over: [] };
}

/** What the document would say of a histogram. */
function specOf(name: string, { axes, metadata }: Histogram): HistogramSpec {
  const { title, sample } = metadata;
  return {
    name,
    ...(typeof title === 'string' && { title }),
    ...(typeof sample === 'string' && { sample }),
    axes: axes.map(({ name: value = '', label, unit }) => ({ value, label, unit })),
  };
}
