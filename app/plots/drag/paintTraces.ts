/** Draws scatter traces, as far as the figures use them, onto a canvas as Plotly draws them as SVG. */
import { type PixelScale, type PlotArea, pixelOf } from '../plotArea.ts';
import type { PlotlyObject } from '../plotlyTypes.ts';

/** What is used of Plotly's `scatter`. */
interface Scatter {
  mode: string;
  x: (number | null)[];
  y: (number | null)[];
  yaxis?: 'y2';
  line?: { color?: string; width: number; shape?: 'hv'; dash?: string };
  fill?: 'tozeroy' | 'toself';
  fillcolor?: string;
  fillpattern?: { fgcolor: string; size: number; solidity: number };
  marker?: { color: string; size: number | number[] };
}

/** Draws the traces between the axes, nothing beyond them. Pixels are those of the page. */
export function paintTraces(context: CanvasRenderingContext2D, data: readonly PlotlyObject[], area: PlotArea): void {
  for (const trace of data as unknown as Scatter[]) {
    const y = trace.yaxis ? area.panel : area.y;
    if (!y || trace.mode === 'none') continue;
    const { x } = area;
    context.save();
    context.beginPath();
    context.rect(x.from, y.to, x.to - x.from, y.from - y.to);
    context.clip();
    paint(context, trace, x, y);
    context.restore();
  }
}

function paint(context: CanvasRenderingContext2D, trace: Scatter, x: PixelScale, y: PixelScale): void {
  const { fill, fillcolor, fillpattern, line, marker, mode } = trace;
  if (fill && fillcolor) {
    const shape = outline(trace, x, y, fill === 'tozeroy' ? pixelOf(y, 0) : undefined);
    context.fillStyle = fillcolor;
    context.fill(shape);
    if (fillpattern) hatch(context, shape, fillpattern, x, y);
  }
  if (mode.includes('lines') && line && line.width > 0) {
    context.strokeStyle = line.color ?? '';
    context.lineWidth = line.width;
    context.lineJoin = 'miter';
    context.miterLimit = 2;
    context.setLineDash(dashes(line.dash, line.width));
    context.stroke(outline(trace, x, y));
  }
  if (mode.includes('markers') && marker) {
    context.fillStyle = marker.color;
    context.fill(dots(trace, marker.size, x, y));
  }
}

/** The line through the points, broken at gaps. @param base pixel that each piece is closed along, up or down from its ends */
function outline({ x, y, line }: Scatter, sx: PixelScale, sy: PixelScale, base?: number): Path2D {
  const path = new Path2D();
  const steps = line?.shape === 'hv';
  let start: number | undefined;
  let [px, py] = [0, 0];
  const close = () => {
    if (start !== undefined && base !== undefined) {
      path.lineTo(px, base);
      path.lineTo(start, base);
      path.closePath();
    }
    start = undefined;
  };
  for (let i = 0; i < x.length; i++) {
    const [vx, vy] = [x[i], y[i]];
    if (vx === null || vx === undefined || !Number.isFinite(vy)) {
      close();
      continue;
    }
    const nx = pixelOf(sx, vx);
    const ny = pixelOf(sy, vy as number);
    if (start === undefined) {
      start = nx;
      path.moveTo(nx, ny);
    } else {
      if (steps) path.lineTo(nx, py);
      path.lineTo(nx, ny);
    }
    [px, py] = [nx, ny];
  }
  close();
  return path;
}

function dots({ x, y }: Scatter, size: number | number[], sx: PixelScale, sy: PixelScale): Path2D {
  const path = new Path2D();
  for (let i = 0; i < x.length; i++) {
    const radius = (typeof size === 'number' ? size : (size[i] ?? 0)) / 2;
    const [vx, vy] = [x[i], y[i]];
    if (radius <= 0 || vx === null || vx === undefined || !Number.isFinite(vy)) continue;
    const [px, py] = [pixelOf(sx, vx), pixelOf(sy, vy as number)];
    path.moveTo(px + radius, py);
    path.arc(px, py, radius, 0, 2 * Math.PI);
  }
  return path;
}

/** Slanted lines within a shape: so dense that they cover the share `solidity` of it. */
function hatch(
  context: CanvasRenderingContext2D,
  shape: Path2D,
  { fgcolor, size, solidity }: NonNullable<Scatter['fillpattern']>,
  x: PixelScale,
  y: PixelScale,
): void {
  const lines = new Path2D();
  const height = y.from - y.to;
  for (let at = x.from - height; at < x.to; at += size) {
    lines.moveTo(at, y.from);
    lines.lineTo(at + height, y.to);
  }
  context.save();
  context.clip(shape);
  context.strokeStyle = fgcolor;
  context.lineWidth = (size * solidity) / Math.SQRT2;
  context.stroke(lines);
  context.restore();
}

/** The dashes of Plotly's names for them. */
function dashes(name: string | undefined, width: number): number[] {
  const unit = Math.max(width, 3);
  if (name === 'dot') return [unit];
  if (name === 'dash') return [3 * unit];
  return name === 'dashdot' ? [3 * unit, unit, unit, unit] : [];
}
