/** All plots of a document on one page, in a grid. */
import { type FigureSize, type FigureWords, figureSvg } from './figureSvg.ts';
import type { Printable } from './printable.ts';

const SVG = 'http://www.w3.org/2000/svg';
const PANEL: FigureSize = { width: 400, height: 320, fontSize: 12 };

/** Columns of a grid that is about as wide as it is high. */
function columnsOf(plots: number): number {
  return Math.max(1, Math.ceil(Math.sqrt(plots)));
}

/** The page as an SVG element; `width` and `height` in px are those of its attributes. */
export async function pageSvg(plots: readonly Printable[], words: FigureWords): Promise<SVGSVGElement> {
  const columns = columnsOf(plots.length);
  const rows = Math.ceil(plots.length / columns);
  const page = document.createElementNS(SVG, 'svg');
  const width = columns * PANEL.width;
  const height = rows * PANEL.height;
  page.setAttribute('xmlns', SVG);
  page.setAttribute('width', String(width));
  page.setAttribute('height', String(height));
  page.setAttribute('viewBox', `0 0 ${width} ${height}`);
  for (const [i, plot] of plots.entries()) {
    const panel = await figureSvg(plot, PANEL, words);
    const group = document.createElementNS(SVG, 'g');
    const at = [(i % columns) * PANEL.width, Math.floor(i / columns) * PANEL.height];
    group.setAttribute('transform', `translate(${at.join(',')})`);
    group.append(...panel.childNodes);
    page.append(group);
  }
  return page;
}
