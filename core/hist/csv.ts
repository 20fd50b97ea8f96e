import { csvCell } from '../csv.ts';
import { hasMeans } from './arrays.ts';
import { type Axis, axisBins, axisExtent, hasUnderflow } from './axis.ts';
import { binValues, errors } from './contents.ts';
import { axisEdges } from './edges.ts';
import type { Histogram } from './histogram.ts';
import { sampleVariance } from './mean.ts';
import { forEachFilled } from './tiles.ts';

/**
 * A histogram as CSV (RFC 4180, lines end in LF): a row for each bin, of one in tiles for each bin that is filled, last axis fastest; for each numeric axis the
 * lower and upper edge, for others the category; then value and error (mean, its error, Σw, Σw² and the sample's variance), and `flow`, which names what a flow bin is: `underflow`, `overflow`,
 * and with several axes both of these as `x underflow; y overflow`. Edges of flow bins are `-inf` and `inf`, the overflow category is `other`.
 */
export function toCsv(histogram: Histogram): string {
  const columns = histogram.axes.map(axisColumns);
  const contents = contentColumns(histogram);
  const rows = [[...columns.flatMap((c) => c.header), ...Object.keys(contents), 'flow']];
  const addRow = (bin: number, flat: number) => {
    const bins = indicesOf(histogram.axes, bin).map((index, k) => columns[k].bins[index]);
    const flow = bins.map((bin, k) => bin.flow && (columns.length > 1 ? `${columns[k].title} ${bin.flow}` : bin.flow));
    rows.push([
      ...bins.flatMap((bin) => bin.cells),
      ...Object.values(contents).map((array) => number(array[flat])),
      flow.filter(Boolean).join('; '),
    ]);
  };
  if (histogram.tiles) forEachFilled(histogram, addRow);
  else for (let bin = 0; bin < histogram.values.length; bin++) addRow(bin, bin);
  return `${rows.map((row) => row.map(csvCell).join(',')).join('\n')}\n`;
}

/** What stands in a row beside the bin's place, by the column's title. */
function contentColumns(histogram: Histogram): Record<string, Float64Array> {
  const error = errors(histogram);
  if (!hasMeans(histogram)) return { value: histogram.values, error };
  const { values, variances, deltas } = histogram;
  const variance = deltas.map((sum, bin) => sampleVariance(values[bin], variances[bin], sum));
  return { mean: binValues(histogram), error, sumw: values, sumw2: variances, variance };
}

interface AxisColumns {
  title: string;
  header: string[];
  bins: { cells: string[]; flow?: 'underflow' | 'overflow' }[];
}

function axisColumns(axis: Axis, position: number): AxisColumns {
  const title = axis.label ?? axis.name ?? `axis ${position + 1}`;
  const withUnit = axis.unit ? `${title} [${axis.unit}]` : title;
  if (axis.type === 'boolean') return { title, header: [withUnit], bins: [{ cells: ['false'] }, { cells: ['true'] }] };
  if (!hasUnderflow(axis)) {
    const categories = (axis as { categories: (bigint | string)[] }).categories;
    const bins: AxisColumns['bins'] = categories.map((category) => ({ cells: [String(category)] }));
    return { title, header: [withUnit], bins: [...bins, { cells: ['other'], flow: 'overflow' }] };
  }
  const edges = [Number.NEGATIVE_INFINITY, ...axisEdges(axis), Number.POSITIVE_INFINITY];
  const last = axisBins(axis) + 1;
  const bins = edges.slice(1).map((high, i) => ({
    cells: [number(edges[i]), number(high)],
    flow: i === 0 ? ('underflow' as const) : i === last ? ('overflow' as const) : undefined,
  }));
  return { title, header: [`${withUnit} low`, `${withUnit} high`], bins };
}

function indicesOf(axes: readonly Axis[], flat: number): number[] {
  const indices: number[] = [];
  let rest = flat;
  for (const axis of [...axes].reverse()) {
    const extent = axisExtent(axis);
    indices.unshift(rest % extent);
    rest = Math.floor(rest / extent);
  }
  return indices;
}

/** The shortest digits that read back as the same double. */
function number(x: number): string {
  if (Number.isFinite(x)) return String(x);
  return Number.isNaN(x) ? 'nan' : x > 0 ? 'inf' : '-inf';
}
