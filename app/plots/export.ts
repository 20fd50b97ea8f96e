/** Plots and their data as files. */

import { toCsv } from '../../core/hist/csv.ts';
import type { Histogram } from '../../core/hist/histogram.ts';
import { saveBlob } from '../save.ts';
import { loadPlotly } from './plotly.ts';
import type { Figure } from './plotlyTypes.ts';

const WIDTH = 640;
const HEIGHT = 480;

/** Saves a figure on white, in the size of a paper's column; PNG at three times the pixels. */
export async function saveFigure(name: string, figure: Figure, format: 'png' | 'svg'): Promise<void> {
  const plotly = await loadPlotly();
  const layout = { ...figure.layout, width: WIDTH, height: HEIGHT };
  const url = await plotly.toImage(
    { data: figure.data, layout },
    { format, width: WIDTH, height: HEIGHT, scale: format === 'png' ? 3 : 1 },
  );
  saveBlob(`${safe(name)}.${format}`, blobOf(url));
}

/** Puts the bins on the clipboard, so that they paste into a spreadsheet. */
export function copyNumbers(histogram: Histogram): Promise<void> {
  return navigator.clipboard.writeText(toCsv(histogram).replaceAll(',', '\t'));
}

function blobOf(dataUrl: string): Blob {
  const comma = dataUrl.indexOf(',');
  const type = /^data:([^;,]+)/.exec(dataUrl)?.[1] ?? 'application/octet-stream';
  const body = dataUrl.slice(comma + 1);
  if (!dataUrl.slice(0, comma).endsWith(';base64')) return new Blob([decodeURIComponent(body)], { type });
  return new Blob([Uint8Array.from(atob(body), (c) => c.charCodeAt(0))], { type });
}

function safe(name: string): string {
  return name.replace(/[^\p{L}\p{N}_.-]+/gu, '_') || 'histogram';
}
