/** A figure as a paper prints it: axis titles at the ends of the axes, and over the plot whose it is and what it was taken with. */
import type { Publication } from '../../../core/analysis/document.ts';
import { labelParts } from '../labels.ts';
import { FONT } from '../layout.ts';
import { INK } from '../palette.ts';
import { loadPlotly } from '../plotly.ts';
import type { Printable } from './printable.ts';

const SVG = 'http://www.w3.org/2000/svg';

export interface FigureSize {
  width: number;
  height: number;
  fontSize: number;
}

export interface FigureWords {
  publication: Publication;
  /** Something that has to be said of the data: `Simulated data`. */
  note?: string;
  title: boolean;
  /** Family of the letters; the page's where it is left out. */
  font?: string;
}

/** Draws a plot as an SVG element of so many px. */
export async function figureSvg(plot: Printable, size: FigureSize, words: FigureWords): Promise<SVGSVGElement> {
  const { width, height, fontSize } = size;
  const font = words.font ?? FONT;
  const plotly = await loadPlotly();
  const head = headline(words, plot);
  const { data, layout } = plot.figure({ ink: INK.print, fontSize, legend: true, font });
  const lines = Number(head.left.length + head.right.length > 0) + Number(head.brushed !== '');
  const above = 8 + (head.title ? 1.9 * fontSize : 0) + 1.7 * lines * fontSize;
  const margin = { ...(layout.margin as object), t: Math.round(above) };
  const url = await plotly.toImage(
    { data, layout: { ...layout, width, height, margin } },
    { format: 'svg', width, height },
  );
  const text = decodeURIComponent(url.slice(url.indexOf(',') + 1));
  const svg = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement as unknown as SVGSVGElement;
  const area = plotArea(svg);
  if (!area) return svg;
  moveToEnds(svg, area);
  plainSizes(svg);
  svg.append(...headTexts(head, area, fontSize, font));
  return svg;
}

/** Where the axes enclose the plot, in px. */
interface Area {
  left: number;
  right: number;
  top: number;
}

function plotArea(svg: SVGSVGElement): Area | undefined {
  const clip = svg.querySelector('.axesclip[id$="xy"] rect');
  if (!clip) return undefined;
  const [left = 0, top = 0, width = 0] = ['x', 'y', 'width'].map((name) => Number(clip.getAttribute(name)));
  return { left, right: left + width, top };
}

/** The x title ends where the axis does, the y title at the axis's top. */
function moveToEnds(svg: SVGSVGElement, { right, top }: Area): void {
  const x = svg.querySelector<SVGTextElement>('text.xtitle');
  const y = svg.querySelector<SVGTextElement>('text.ytitle');
  if (x) {
    for (const part of [x, ...x.querySelectorAll('tspan.line')]) part.setAttribute('x', String(right));
    x.setAttribute('text-anchor', 'end');
  }
  if (y) {
    const across = y.getAttribute('x');
    for (const part of [y, ...y.querySelectorAll('tspan.line')]) part.setAttribute('y', String(top));
    y.setAttribute('transform', `rotate(-90,${across},${top})`);
    y.setAttribute('text-anchor', 'end');
  }
}

/** Subscripts and powers in px: what makes a PDF of it knows no sizes relative to others. */
function plainSizes(svg: SVGSVGElement): void {
  for (const span of svg.querySelectorAll('tspan')) {
    const around = Number.parseFloat(span.closest('text')?.style.fontSize ?? '');
    const share = /^([\d.]+)%$/.exec(span.style.fontSize)?.[1];
    const size = share ? (around * Number(share)) / 100 : around;
    if (share) span.style.fontSize = `${size}px`;
    const shift = /^(-?[\d.]+)em$/.exec(span.getAttribute('dy') ?? '')?.[1];
    if (shift) span.setAttribute('dy', String(Number(shift) * size));
  }
}

interface Piece {
  text: string;
  weight?: 'bold';
  style?: 'italic';
}

interface Headline {
  title: string;
  /** Which events are shown, if not all; a line of its own. */
  brushed: string;
  left: Piece[];
  right: Piece[];
}

/** As CMS and ATLAS do: the experiment in bold and the status in italics at the left, luminosity and energy at the right. */
function headline({ publication, note, title }: FigureWords, plot: Printable): Headline {
  const { experiment, status, luminosity, energy } = publication;
  const said = note && ![experiment, status].some((text) => /simul/i.test(text ?? ''));
  const state = [status, said ? note : undefined].filter(Boolean).join(', ');
  return {
    title: title ? plot.title : '',
    brushed: plot.brushed ?? '',
    left: [
      ...(experiment ? [{ text: experiment, weight: 'bold' as const }] : []),
      ...(state ? [{ text: state, style: 'italic' as const }] : []),
    ],
    right:
      luminosity || energy
        ? [{ text: luminosity && energy ? `${luminosity} (${energy})` : (luminosity ?? energy ?? '') }]
        : [],
  };
}

function headTexts(head: Headline, { left, right, top }: Area, fontSize: number, font: string): SVGTextElement[] {
  const base = top - 0.5 * fontSize;
  const second = head.left.length + head.right.length > 0 ? base - 1.7 * fontSize : base;
  const above = head.brushed ? second - 1.7 * fontSize : second;
  const brushed = [{ text: head.brushed }];
  // Over a narrow plot the two sides would meet.
  const fitted = (pieces: Piece[], space = 0) =>
    fontSize * Math.min(1, (right - left) / (widthOf(pieces, fontSize, font) + space));
  const fitting = fitted([...head.left, ...head.right], 2 * fontSize);
  return [
    ...(head.left.length > 0 ? [textOf(head.left, left, base, 'start', fitting, font)] : []),
    ...(head.right.length > 0 ? [textOf(head.right, right, base, 'end', fitting, font)] : []),
    ...(head.brushed ? [textOf(brushed, left, second, 'start', fitted(brushed), font)] : []),
    ...(head.title ? [textOf([{ text: head.title }], left, above, 'start', 1.1 * fontSize, font)] : []),
  ];
}

function widthOf(pieces: readonly Piece[], fontSize: number, font: string): number {
  const context = document.createElement('canvas').getContext('2d')!;
  return pieces.reduce((sum, { text, weight, style = 'normal' }) => {
    context.font = `${style} ${weight ?? 'normal'} ${weight ? 1.15 * fontSize : fontSize}px ${font}`;
    return sum + context.measureText(`${text} `).width;
  }, 0);
}

function textOf(
  pieces: Piece[],
  x: number,
  y: number,
  anchor: 'start' | 'end',
  fontSize: number,
  font: string,
): SVGTextElement {
  const text = document.createElementNS(SVG, 'text');
  set(text, { x, y, 'text-anchor': anchor, 'font-family': font, 'font-size': fontSize, fill: '#000' });
  for (const [i, { text: words, weight, style }] of pieces.entries()) {
    const parts = labelParts(i > 0 ? ` ${words}` : words);
    for (const [k, part] of parts.entries()) {
      const span = document.createElementNS(SVG, 'tspan');
      const size = weight ? 1.15 * fontSize : fontSize;
      set(span, {
        'font-weight': weight ?? 'normal',
        'font-style': style ?? 'normal',
        'font-size': part.sub ? 0.7 * size : size,
        ...(part.sub ? { dy: 0.2 * size } : parts[k - 1]?.sub ? { dy: -0.2 * size } : {}),
      });
      span.textContent = part.text;
      span.setAttributeNS('http://www.w3.org/XML/1998/namespace', 'xml:space', 'preserve');
      text.append(span);
    }
  }
  return text;
}

function set(element: Element, attributes: Record<string, string | number>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}
