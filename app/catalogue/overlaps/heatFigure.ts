import { INK, type PlotScheme } from '../../plots/palette.ts';
import { drawHeatMap } from '../heatMap/drawHeatMap.ts';
import { layoutHeatMap } from '../heatMap/layout.ts';
import { measure12 } from '../heatMap/measure.ts';
import { type Pen, svgPen } from '../heatMap/pen.ts';
import { shadeColour } from '../heatMap/shade.ts';
import { MEASURE_NAMES } from './HeatLegend.tsx';
import { type MatrixCells, type MatrixChoice, shortValue } from './matrixCells.ts';

/** Cells are so large that 12 streams show their numbers, and 100 fit a page. */
const WIDTH = 1000;
const FOOT = 40;
const SCHEME: PlotScheme = 'print';

/** The whole heat map with its legend, as SVG, in the colours of print. @param note that the data are simulated, say */
export function heatFigure(cells: MatrixCells, { measure }: MatrixChoice, note?: string): string {
  const layout = layoutHeatMap(cells.labels, { width: WIDTH }, measure12);
  const { width, height } = layout;
  const pen = svgPen();
  const ink = { ...INK[SCHEME], grid: '#eceff2' };
  drawHeatMap(pen, cells, layout, { scrollX: 0, scrollY: 0, width, height, accent: ink.text }, ink, measure12);
  const whole = Math.max(width, 420);
  drawLegend(
    pen,
    `${MEASURE_NAMES[measure]}${note ? `. ${note}` : ''}`,
    cells.range.map((x) => shortValue(measure, x)),
    height + FOOT / 2,
    ink.text,
  );
  return pen.svg(whole, height + FOOT, ink.paper);
}

function drawLegend(pen: Pen, words: string, [low, high]: readonly string[], y: number, colour: string): void {
  const look = { size: 12, colour, align: 'left' } as const;
  pen.text(low!, 60, y, { ...look, align: 'right' });
  for (let step = 0; step < 64; step++) pen.rect(66 + 2 * step, y - 6, 2, 12, shadeColour(step / 63));
  pen.text(high!, 200, y, look);
  pen.text(words, 250, y, look);
}

/** An SVG as PNG, twice as fine. */
export async function pngOf(svg: string): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = new OffscreenCanvas(image.naturalWidth * 2, image.naturalHeight * 2);
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await canvas.convertToBlob({ type: 'image/png' });
  } finally {
    URL.revokeObjectURL(url);
  }
}
