/** What is fitted of a plot, and how a fit is drawn over it. */
import type { FitSpec } from '../../core/analysis/document.ts';
import type { FitResult, NoFit } from '../../core/fit/fit.ts';
import { add } from '../../core/hist/arithmetic.ts';
import { hasUnderflow } from '../../core/hist/axis.ts';
import { axisEdges } from '../../core/hist/edges.ts';
import type { Histogram } from '../../core/hist/histogram.ts';
import { rebin } from '../../core/hist/rebin.ts';
import { effectiveView, type PlotView } from '../store/plotView.ts';
import { curvesOf, isStacked } from './curves.ts';
import type { SmoothLine } from './figure1d.ts';
import { PETROFF } from './palette.ts';
import { dimensions } from './shown.ts';

/** A curve that is fitted, as it was filled: how bins are merged on the plot changes no result. */
export interface FitTarget {
  /** Empty where there is only one. */
  name: string;
  colour: string;
  histogram: Histogram;
}

/** A fit of one curve. */
export interface DoneFit {
  /** Position in the list of fits. */
  index: number;
  target: FitTarget;
  result: FitResult | NoFit;
}

/** What the fits of a histogram are made to: each data set; of a stack, the points and the sum of the rest. */
export function fitTargets(histogram: Histogram, stack: boolean): FitTarget[] {
  if (dimensions(histogram) !== 1 || !hasUnderflow(histogram.axes.at(-1)!)) return [];
  const plain = effectiveView(undefined, { stack });
  const curves = curvesOf({ title: '', histogram }, [], plain);
  const target = ({ name, look, histogram }: (typeof curves)[0]): FitTarget => ({
    name,
    colour: curves.length > 1 ? look.colour : PETROFF[6],
    histogram,
  });
  if (!isStacked(curves, plain)) return curves.map(target);
  const parts = curves.filter((c) => !c.look.points).map((c) => c.histogram);
  const sum = { name: 'sum', colour: PETROFF[6], histogram: parts.reduce(add) };
  return [...curves.filter((c) => c.look.points).map(target), sum];
}

/** A fit as lines over the bins that a view draws: the whole, and the background below a peak in dashes. */
export function fitLines({ target, result }: DoneFit, view: PlotView): SmoothLine[] {
  if (!result.parameters) return [];
  const { x, y } = heights(result, target, view);
  const line = { name: [target.name, fitName(result.spec)].filter(Boolean).join(': '), x, colour: target.colour };
  const parts: SmoothLine[] = [{ ...line, y: y(), dash: 'solid' }];
  if (result.spec.peak && result.spec.background !== undefined)
    parts.push({ ...line, name: 'background', y: y('background'), dash: 'dash' });
  return parts;
}

function heights(
  { range: [lo, hi], expected }: FitResult,
  { histogram }: FitTarget,
  view: PlotView,
): { x: number[]; y: (part?: 'background') => number[] } {
  const { axes } = rebin(histogram, 0, view.rebin);
  const axis = axes[0]!;
  const scale = view.normalise ? 1 / histogram.values.slice(1, -1).reduce((sum, v) => sum + v, 0) : 1;
  if (axis.type === 'regular' && axis.scale === 'linear') {
    const half = (axis.hi - axis.lo) / axis.bins / 2;
    const x = Array.from({ length: 301 }, (_, i) => lo + ((hi - lo) * i) / 300);
    return { x, y: (part) => x.map((at) => scale * expected(at - half, at + half, part)) };
  }
  // Bins differ in width: what is expected in them is no smooth line, but its points are.
  const edges = axisEdges(axis);
  const bins = Array.from(edges.slice(0, -1), (from, i) => [from, edges[i + 1]!] as const).filter(
    ([from, to]) => from >= lo && to <= hi,
  );
  const log = axis.type === 'regular' && axis.scale === 'log';
  return {
    x: bins.map(([from, to]) => (log ? Math.sqrt(from * to) : (from + to) / 2)),
    y: (part) => bins.map(([from, to]) => scale * expected(from, to, part)),
  };
}

const DEGREES = ['constant', 'line', 'parabola'];

/** `Gaussian + line`. */
export function fitName({ peak, background }: FitSpec): string {
  const parts = [
    peak && (peak === 'gaussian' ? 'Gaussian' : 'Crystal Ball'),
    background !== undefined && (DEGREES[background] ?? `polynomial of degree ${background}`),
  ].filter(Boolean);
  return parts.join(' + ');
}
