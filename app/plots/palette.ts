/** Colours of the plots, for both schemes and for print. */

/** Petroff's ten colours (arXiv:2107.02270), in his order. */
export const PETROFF = [
  '#3f90da',
  '#ffa90e',
  '#bd1f01',
  '#94a4a2',
  '#832db6',
  '#a96b59',
  '#e76300',
  '#b9ac70',
  '#717581',
  '#92dadd',
] as const;

/** Cividis at eleven even steps: readable with every kind of colour vision. */
const CIVIDIS = [
  '#00224e',
  '#0c326b',
  '#35456c',
  '#4f576c',
  '#666970',
  '#7d7c78',
  '#948e77',
  '#aea371',
  '#c8b866',
  '#e5cf52',
  '#fee838',
];

/** Plotly colour scale of heat maps. */
export const HEAT_SCALE: [number, string][] = CIVIDIS.map((colour, i) => [i / (CIVIDIS.length - 1), colour]);

/** Colours of everything in a plot that is not data. */
export interface PlotInk {
  text: string;
  axis: string;
  grid: string;
  paper: string;
  panel: string;
  /** Outlines and error bars, drawn over the fill. */
  error: string;
}

/** How a plot is drawn: on the light or the dark page, or for print. */
export type PlotScheme = 'light' | 'dark' | 'print';

export const INK: Record<PlotScheme, PlotInk> = {
  light: {
    text: '#30363d',
    axis: '#6a737d',
    grid: '#eceff2',
    paper: 'rgba(0,0,0,0)',
    panel: '#ffffff',
    error: '#1f4e7d',
  },
  dark: {
    text: '#c9d1d9',
    axis: '#7d8793',
    grid: '#262c33',
    paper: 'rgba(0,0,0,0)',
    panel: '#181c20',
    error: '#a8cdf0',
  },
  print: {
    text: '#000000',
    axis: '#000000',
    grid: 'rgba(0,0,0,0)',
    paper: '#ffffff',
    panel: '#ffffff',
    error: '#000000',
  },
};

/** `#rrggbb` with an opacity. */
export function withOpacity(hex: string, opacity: number): string {
  const n = Number.parseInt(hex.slice(1), 16);
  return `rgba(${n >> 16},${(n >> 8) & 255},${n & 255},${opacity})`;
}

/** How a curve is drawn. */
export interface CurveLook {
  colour: string;
  dash: (typeof DASHES)[number];
  /** As points with error bars instead of a line. */
  points: boolean;
}

/** So many curves differ by colour alone; those after them by their dashes as well. */
const SOLID = 5;
const DASHES = ['solid', 'dash', 'dot', 'dashdot'] as const;

/** The look of curve `i`: a colour in Petroff's order, and dashes where there are many. */
export function curveLook(i: number, points = false): CurveLook {
  return {
    colour: PETROFF[i % PETROFF.length] as string,
    dash: DASHES[Math.floor(i / SOLID) % DASHES.length] as CurveLook['dash'],
    points,
  };
}
