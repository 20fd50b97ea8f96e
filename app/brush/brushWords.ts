/** Brushes in words: `80 ≤ m(μμ) < 100 GeV`. */
import type { Brush, BrushRange } from '../../core/analysis/brush.ts';
import { axisOf } from '../../core/analysis/compile.ts';
import type { HistogramSpec } from '../../core/analysis/document.ts';
import type { Axis } from '../../core/hist/axis.ts';
import { formatNumber } from '../numbers.ts';
import { flat } from '../plots/labels.ts';
import { ruler } from '../plots/series.ts';

/** What a brush asks of events, a part for each axis. @param axes of the histogram */
export function brushWords({ ranges }: Brush, axes: readonly Axis[]): string[] {
  return ranges.map((range) => rangeWords(range, axes[range.axis]!));
}

/** Brushes in words; of those only that the document has a place for. @param specs the document's histograms */
export function brushNames(brushes: readonly Brush[], specs: readonly HistogramSpec[]): string[] {
  return brushes.flatMap((brush) => {
    const axes = specs.find(({ name }) => name === brush.histogram)?.axes;
    if (!axes || brush.ranges.some(({ axis }) => !axes[axis])) return [];
    return brushWords(brush, axes.map(axisOf)).join(' and ');
  });
}

/** `80 ≤ m(μμ) < 100 GeV`; `charge: −1`; `channel: ee, eμ`. */
export function rangeWords(range: BrushRange, axis: Axis): string {
  const name = flat(axis.label ?? axis.name ?? '');
  const { labels } = ruler(axis);
  if (labels) return `${name}: ${labels.slice(range.from, range.to).join(', ')}`;
  return `${endWords(axis, range, 'from')} ≤ ${name} < ${endWords(axis, range, 'to')}`;
}

/** An end of a range: the value, at the upper end with its unit; the first or the last of the marked categories. */
export function endWords(axis: Axis, range: BrushRange, end: 'from' | 'to'): string {
  const { labels } = ruler(axis);
  if (labels) return labels[end === 'from' ? range.from : range.to - 1] ?? '';
  return formatNumber(roundedEnd(range, end), 12) + (end === 'to' && axis.unit ? ` ${axis.unit}` : '');
}

/** An end of a range to a thousandth of the range's width, and to five digits at least. */
export function roundedEnd({ from, to }: BrushRange, end: 'from' | 'to'): number {
  const value = end === 'from' ? from : to;
  const size = Math.ceil(Math.log10(Math.abs(value) / (to - from)));
  // A bound at 0 may be the smallest double there is, or what rounding left.
  if (!(size > -13)) return 0;
  return Number(value.toPrecision(Math.min(Math.max(size + 3, 5), 15)));
}
