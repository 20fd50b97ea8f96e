/** What a 1-D plot draws: the histogram's data sets, and the histograms that are laid over it. */
import { axisDifference } from '../../core/hist/arithmetic.ts';
import { byDataset } from '../../core/hist/datasets.ts';
import type { Histogram } from '../../core/hist/histogram.ts';
import { rebin } from '../../core/hist/rebin.ts';
import type { PlotView } from '../store/plotView.ts';
import type { FilledBin } from './bins.ts';
import { type CurveLook, curveLook } from './palette.ts';
import { type Series, series } from './series.ts';
import { dimensions, shown } from './shown.ts';

/** A histogram with what people call it. */
export interface Named {
  title: string;
  histogram: Histogram;
}

/** One curve: a histogram of one axis, and how it looks. */
export interface Curve {
  /** Empty where it is the only one. */
  name: string;
  histogram: Histogram;
  look: CurveLook;
  /** Empty where data sets are not kept apart. */
  dataset: string;
  /** Of a histogram that is laid over the plot's own. */
  over: boolean;
}

/** Whether a histogram can be drawn over the curves of another one: one axis with the same bins, of whatever quantity. */
export function fitsOver(own: Histogram, other: Histogram): boolean {
  const axis = (histogram: Histogram) => ({ ...histogram.axes.at(-1)!, name: undefined });
  const means = [own, other].filter(({ storage }) => storage === 'mean').length;
  return means !== 1 && dimensions(own) === 1 && dimensions(other) === 1 && !axisDifference(axis(own), axis(other));
}

/**
 * The curves of a plot, its own first, then those of overlays; bins that the view draws as one are added. A data set whose
 * name starts with `data` is drawn as points where there are other curves.
 */
export function curvesOf(own: Named, overlays: readonly Named[], view: PlotView): Curve[] {
  const fitting = overlays.filter((other) => fitsOver(own.histogram, other.histogram));
  const all = [{ ...own, histogram: shown(own.histogram, view) }, ...fitting];
  const parts = all.flatMap(({ title, histogram }, i) =>
    byDataset(histogram).map((set) => ({
      dataset: set.name,
      over: i > 0,
      name: all.length === 1 ? set.name : [title, set.name].filter(Boolean).join(', '),
      histogram: rebin(set.histogram, 0, view.rebin),
    })),
  );
  return parts.map((part, i) => ({
    ...part,
    look: curveLook(i, parts.length > 1 && !part.over && /^data/i.test(part.dataset)),
  }));
}

/** Whether curves lie one on top of the other: those that are not drawn as points, be it one alone under points. */
export function isStacked(curves: readonly Curve[], view: PlotView): boolean {
  return view.stack && curves.length > 1 && curves.some((c) => !c.look.points && c.histogram.storage !== 'mean');
}

/** Contents of curves as they are drawn: each of them, or the whole stack, scaled to an integral of 1 where the view says so. */
export function drawnSeries(curves: readonly Curve[], view: PlotView): Series[] {
  const plain = curves.map(({ name, histogram }) => series(name, histogram));
  if (!view.normalise || curves.some((c) => c.histogram.storage === 'mean')) return plain;
  const integral = plain.map(({ contents }) => contents.reduce((sum, x) => sum + x, 0));
  const stacked = isStacked(curves, view);
  const whole = integral.reduce((sum, x, i) => sum + (curves[i]!.look.points ? 0 : x), 0);
  return plain.map((one, i) => scaled(one, stacked && !curves[i]!.look.points ? whole : integral[i]!));
}

function scaled({ name, mean, contents, errors, underflow, overflow }: Series, integral: number): Series {
  const factor = integral > 0 ? 1 / integral : 1;
  const flow = ({ content, error }: Series['underflow']) => ({ content: content * factor, error: error * factor });
  const scale = (values: Float64Array) => values.map((x) => x * factor);
  return {
    name,
    mean,
    contents: scale(contents),
    errors: scale(errors),
    underflow: flow(underflow),
    overflow: flow(overflow),
  };
}

/** Curves that are no points, each with those before it under it: the last one is the sum, with its error. */
export function piled(curves: readonly Curve[], bins: FilledBin[][]): { curve: Curve; bins: FilledBin[] }[] {
  let below: FilledBin[] | undefined;
  return curves.flatMap((curve, i) => {
    if (curve.look.points) return [];
    below = bins[i]!.map((bin, k) => ({
      ...bin,
      content: bin.content + (below?.[k]?.content ?? 0),
      error: Math.hypot(bin.error, below?.[k]?.error ?? 0),
    }));
    return [{ curve, bins: below }];
  });
}
