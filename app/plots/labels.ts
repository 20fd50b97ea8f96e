/** Axis titles as a paper prints them: `m(μμ) [GeV]`, `Events / 2 GeV`. */
import type { Axis } from '../../core/hist/axis.ts';
import { formatNumber } from '../numbers.ts';

/** `label [unit]`; the expression where there is no label. */
export function axisTitle(axis: Axis): string {
  const label = axis.label ?? axis.name ?? '';
  return axis.unit ? `${label} [${axis.unit}]` : label;
}

/** `Events / 2 GeV`; `per bin` where bins differ in width; bare for categories. */
export function contentTitle(axis: Axis, what: 'Events' | 'Entries'): string {
  if (axis.type === 'variable' || (axis.type === 'regular' && axis.scale !== 'linear')) return `${what} / bin`;
  if (axis.type !== 'regular') return what;
  const width = formatNumber((axis.hi - axis.lo) / axis.bins, 3);
  if (axis.unit) return width === '1' ? `${what} / ${axis.unit}` : `${what} / ${width} ${axis.unit}`;
  return width === '1' ? what : `${what} / ${width}`;
}

/** Text that Plotly shows as it is: it reads a few HTML tags in titles. */
export function plain(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
