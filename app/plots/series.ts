/**
 * What a plot shows of a histogram: bins in a row with contents and errors, one series for each data
 * set; or a matrix. Everything here derives from the histogram; nothing is stored.
 */
import { type Axis, axisBins, axisExtent, hasOverflow, hasUnderflow } from '../../core/hist/axis.ts';
import { binValues, errors } from '../../core/hist/contents.ts';
import { axisEdges } from '../../core/hist/edges.ts';
import type { Histogram } from '../../core/hist/histogram.ts';
import { formatNumber } from '../numbers.ts';
import type { PlotView } from '../store/plotView.ts';

/** Contents of one data set along one axis, flow bins apart. */
export interface Series {
  name: string;
  /** Bins hold means of a sample: a profile, which is drawn as points. NaN where nothing was filled. */
  mean: boolean;
  contents: Float64Array;
  /** √Σw², √N, or the error of the mean. */
  errors: Float64Array;
  underflow: { content: number; error: number };
  overflow: { content: number; error: number };
}

/** Positions of the bins of an axis on a plot. */
export interface Ruler {
  axis: Axis;
  /** One more than the bins. Categories and booleans stand at whole numbers. */
  edges: number[];
  /** Of categories and booleans. */
  labels?: string[];
  log: boolean;
}

/** Where the bins of an axis stand. */
export function ruler(axis: Axis): Ruler {
  const labels = categoryLabels(axis);
  if (labels) return { axis, edges: Array.from({ length: labels.length + 1 }, (_, i) => i - 0.5), labels, log: false };
  return { axis, edges: Array.from(axisEdges(axis)), log: axis.type === 'regular' && axis.scale === 'log' };
}

/** Contents of a 1-D histogram. */
export function series(name: string, histogram: Histogram): Series {
  const axis = histogram.axes[0] as Axis;
  const bins = axisBins(axis);
  const first = hasUnderflow(axis) ? 1 : 0;
  const contents = binValues(histogram);
  const error = errors(histogram);
  const at = (i: number) => ({ content: contents[i] ?? 0, error: error[i] ?? 0 });
  return {
    name,
    mean: histogram.storage === 'mean',
    contents: contents.slice(first, first + bins),
    errors: error.slice(first, first + bins),
    underflow: first ? at(0) : { content: 0, error: 0 },
    overflow: hasOverflow(axis) ? at(first + bins) : { content: 0, error: 0 },
  };
}

/** Rows (second axis) of columns (first axis) of a 2-D histogram. Empty bins are null, so that they stay blank. */
export function matrix(
  histogram: Histogram,
  columns: readonly { at: number }[],
  rows: readonly { at: number }[],
): { z: (number | null)[][]; errors: number[][] } {
  const [x, y] = histogram.axes as [Axis, Axis];
  const width = axisExtent(y);
  const x0 = hasUnderflow(x) ? 1 : 0;
  const y0 = hasUnderflow(y) ? 1 : 0;
  const contents = binValues(histogram);
  const error = errors(histogram);
  // No mean is 0 for want of fills.
  const shown = (value: number) =>
    histogram.storage === 'mean' ? (Number.isFinite(value) ? value : null) : value || null;
  const places = rows.map((row) => columns.map((column) => (column.at + x0) * width + row.at + y0));
  return {
    z: places.map((row) => row.map((at) => shown(contents[at]!))),
    errors: places.map((row) => row.map((at) => error[at]!)),
  };
}

/** The part of an axis that a view shows, as far as it lies on what is drawn; all of that where nothing does. */
export function rangeShown({ range }: PlotView, r: Ruler, whole: [number, number]): [number, number] {
  if (range === 'all' || r.labels) return whole;
  const from = Math.max(range[0], whole[0]);
  const to = Math.min(range[1], whole[1]);
  return from < to ? [from, to] : whole;
}

/** `60 – 62` in the axis's unit, or the category. */
export function binName(r: Ruler, i: number): string {
  if (r.labels) return r.labels[i] as string;
  const unit = r.axis.unit ? ` ${r.axis.unit}` : '';
  return `${formatNumber(r.edges[i] as number, 5)} – ${formatNumber(r.edges[i + 1] as number, 5)}${unit}`;
}

/** The middle of a bin, in log x where the axis is logarithmic. */
export function binCentre(r: Ruler, i: number): number {
  const lo = r.edges[i] as number;
  const hi = r.edges[i + 1] as number;
  return r.log ? Math.sqrt(lo * hi) : (lo + hi) / 2;
}

function categoryLabels(axis: Axis): string[] | undefined {
  switch (axis.type) {
    case 'intCategory':
      return axis.categories.map(String);
    case 'strCategory':
      return axis.categories;
    case 'boolean':
      return ['false', 'true'];
    default:
      return undefined;
  }
}
