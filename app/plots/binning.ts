/** Bins that were chosen on a plot, for the document. */
import type { AxisSpec } from '../../core/analysis/document.ts';
import { type Axis, axisBins } from '../../core/hist/axis.ts';
import { axisEdges } from '../../core/hist/edges.ts';
import type { PlotView } from '../store/plotView.ts';

/** The bins of an axis that a view draws: those merged bins that begin and end nearest to its range. */
export function binsShown(axis: Axis, { rebin, range }: Pick<PlotView, 'rebin' | 'range'>): number[] {
  const edges = Array.from(axisEdges(axis));
  const factor = rebin > axisBins(axis) ? 1 : rebin;
  const merged = edges.filter((_, i) => i % factor === 0);
  if (range === 'all') return merged;
  const nearest = (x: number) =>
    merged.reduce((best, edge, i) => (Math.abs(edge - x) < Math.abs(merged[best]! - x) ? i : best), 0);
  const first = Math.min(nearest(range[0]), merged.length - 2);
  return merged.slice(first, Math.max(nearest(range[1]), first + 1) + 1);
}

/**
 * The axis as the document states it, with other bins: so many between two numbers on its scale; the listed edges where the
 * document lists edges and nothing else was asked for.
 */
export function withBins(spec: AxisSpec, edges: readonly number[], bins: number): AxisSpec {
  if (spec.edges && bins === edges.length - 1) return { ...spec, edges: [...edges] };
  const { edges: _, ...rest } = spec;
  return { ...rest, bins, range: [exact(edges[0]!), exact(edges.at(-1)!)] };
}

/** A range as it was drawn with the pointer, to about a thousandth of its width. */
export function roundedRange([lo, hi]: readonly [number, number], log: boolean): [number, number] {
  if (log) return [Number(lo.toPrecision(4)), Number(hi.toPrecision(4))];
  const step = 10 ** Math.floor(Math.log10((hi - lo) / 100));
  const round = (x: number) => exact(Math.round(x / step) * step);
  return [round(lo), round(hi)];
}

/** Without the last digits, in which computed edges differ from those that people write. */
function exact(x: number): number {
  return Number(x.toPrecision(12));
}
