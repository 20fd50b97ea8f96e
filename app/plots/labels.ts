/** Axis titles as a paper prints them: `m(μμ) [GeV]`, `Events / 2 GeV`. */
import type { Axis } from '../../core/hist/axis.ts';
import { formatNumber } from '../numbers.ts';

/** `label [unit]`; the expression where there is no label. */
export function axisTitle(axis: Axis): string {
  const label = axis.label ?? axis.name ?? '';
  return axis.unit ? `${label} [${axis.unit}]` : label;
}

/** `Events / 2 GeV`; `per bin` where bins differ in width; bare for categories. */
export function contentTitle(axis: Axis, what: string): string {
  if (axis.type === 'variable' || (axis.type === 'regular' && axis.scale !== 'linear')) return `${what} / bin`;
  if (axis.type !== 'regular') return what;
  const width = formatNumber((axis.hi - axis.lo) / axis.bins, 3);
  if (axis.unit) return width === '1' ? `${what} / ${axis.unit}` : `${what} / ${width} ${axis.unit}`;
  return width === '1' ? what : `${what} / ${width}`;
}

/** Transverse quantities, `pT` or `ET`, and what braces mark: `N_{jets}`. Names of columns (`Muon_pt`) stay as they are. */
const SUBSCRIPT = /\b([pEHm])(T)\b|_\{([^{}]+)\}/g;

/** A label in parts, of which some are set as subscripts. */
export function labelParts(text: string): { text: string; sub?: boolean }[] {
  const parts: { text: string; sub?: boolean }[] = [];
  let end = 0;
  for (const match of text.matchAll(SUBSCRIPT)) {
    const [whole, letter = '', transverse, marked] = match;
    parts.push({ text: text.slice(end, match.index) + letter }, { text: transverse ?? marked ?? '', sub: true });
    end = match.index + whole.length;
  }
  return [...parts, { text: text.slice(end) }].filter((part) => part.text !== '');
}

/** A label without its marks, for where there are no subscripts. */
export function flat(text: string): string {
  return labelParts(text)
    .map((part) => part.text)
    .join('');
}

/** Text that Plotly shows as it is: it reads a few HTML tags in titles. */
export function plain(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** A label as Plotly sets it, subscripts included. */
export function typeset(text: string): string {
  return labelParts(text)
    .map((part) => (part.sub ? `<sub>${plain(part.text)}</sub>` : plain(part.text)))
    .join('');
}
