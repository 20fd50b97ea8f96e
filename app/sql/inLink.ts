/** What a link says of a question and of how its answer is drawn. */
import { decodeText } from '../../core/analysis/textLink.ts';
import { decoded } from '../store/pane.ts';
import { CHARTS, type Chart } from './chartFigure.ts';

/** How an answer is drawn, by the names of columns. */
export interface ChartChoice {
  kind: Chart;
  x?: string;
  y?: string;
  log?: boolean;
}

/** The text of a link; what stands in for it where there is none, or it is damaged. */
export function decodedText(encoded: string | undefined, otherwise: string): string {
  if (encoded === undefined) return otherwise;
  try {
    return decodeText(encoded);
  } catch {
    return otherwise;
  }
}

/** `bars,x,y,log`, the names of columns as `encodeURIComponent` writes them. */
export function parseChart(text: string | undefined): ChartChoice | undefined {
  const [kind, x = '', y = '', log] = (text ?? '').split(',').map(decoded);
  const known = CHARTS.find((one) => one === kind);
  return known && { kind: known, ...(x && { x }), ...(y && { y }), ...(log === 'log' && { log: true }) };
}

export function formatChart({ kind, x = '', y = '', log }: ChartChoice): string {
  return [kind, x, y, log ? 'log' : ''].map(encodeURIComponent).join(',').replace(/,+$/, '');
}
