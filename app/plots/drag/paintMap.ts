/** Draws the cells of a heat map onto a canvas, one device pixel after the other. */
import { HEAT_SCALE } from '../palette.ts';
import { type PixelScale, type PlotArea, valueAt } from '../plotArea.ts';
import type { Cells } from './liveFigure.ts';

/** Smallest and largest of the values that colours stand for; undefined where there are none. */
export function colourRange(z: readonly (readonly (number | null)[])[]): [number, number] | undefined {
  let [lo, hi] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of z) {
    for (const value of row) {
      if (value === null) continue;
      if (value < lo) lo = value;
      if (value > hi) hi = value;
    }
  }
  return lo <= hi ? [lo, hi] : undefined;
}

/** Draws the cells; values beyond the range get the colour of its end. @param ratio device pixels for one of the page's */
export function paintMap(
  context: CanvasRenderingContext2D,
  { x, y, z }: Cells,
  area: PlotArea,
  [lo, hi]: [number, number],
  ratio: number,
): void {
  const columns = binsAlong(area.x, x, ratio);
  const rows = binsAlong(area.y, y, ratio);
  if (columns.length === 0 || rows.length === 0) return;
  const image = context.createImageData(columns.length, rows.length);
  const pixels = new Uint32Array(image.data.buffer);
  const scale = hi > lo ? (COLOURS.length - 1) / (hi - lo) : 0;
  // One value alone has the colour in the middle.
  const start = hi > lo ? 0 : (COLOURS.length - 1) / 2;
  for (let j = 0, at = 0; j < rows.length; j++) {
    const row = z[rows[j]!];
    for (let i = 0; i < columns.length; i++, at++) {
      const value = row?.[columns[i]!];
      if (value === null || value === undefined) continue;
      const place = start + (value - lo) * scale;
      pixels[at] = COLOURS[Math.round(Math.min(Math.max(place, 0), COLOURS.length - 1))]!;
    }
  }
  context.putImageData(image, Math.round(area.x.from * ratio), Math.round(area.y.to * ratio));
}

/** The bin under the middle of each device pixel along an axis, left to right or top to bottom; −1 beside the bins. */
function binsAlong(scale: PixelScale, edges: readonly number[], ratio: number): Int32Array {
  const first = Math.round(Math.min(scale.from, scale.to) * ratio);
  const bins = new Int32Array(Math.max(0, Math.round(Math.max(scale.from, scale.to) * ratio) - first));
  let bin = 0;
  for (let k = 0; k < bins.length; k++) {
    // From the lower end of the axis up, as the edges go.
    const i = scale.from < scale.to ? k : bins.length - 1 - k;
    const value = valueAt(scale, (first + i + 0.5) / ratio);
    while (bin < edges.length - 1 && value >= edges[bin + 1]!) bin++;
    bins[i] = bin < edges.length - 1 && value >= edges[bin]! ? bin : -1;
  }
  return bins;
}

/** The colour scale in many even steps, as pixels (red in the lowest byte, on the little-endian machines that browsers run on). */
const COLOURS = Uint32Array.from({ length: 1024 }, (_, k) => {
  const place = (k / 1023) * (HEAT_SCALE.length - 1);
  const step = Math.min(Math.floor(place), HEAT_SCALE.length - 2);
  const [a, b] = [HEAT_SCALE[step]![1], HEAT_SCALE[step + 1]![1]].map((hex) => Number.parseInt(hex.slice(1), 16));
  const mixed = (shift: number) => {
    const [from, to] = [(a! >> shift) & 255, (b! >> shift) & 255];
    return Math.round(from + (to - from) * (place - step));
  };
  return ((255 << 24) | (mixed(0) << 16) | (mixed(8) << 8) | mixed(16)) >>> 0;
});
