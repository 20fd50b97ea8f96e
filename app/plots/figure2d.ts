import type { Histogram } from '../../core/hist/histogram.ts';
import { formatNumber, formatWithError, superscript } from '../numbers.ts';
import type { PlotView } from '../store/plotView.ts';
import { binsOf, edgesOf, nameOf } from './bins.ts';
import { axisTitle, plain } from './labels.ts';
import { baseLayout, OUTSIDE, type PlotStyle, rulerLayout } from './layout.ts';
import { HEAT_SCALE } from './palette.ts';
import type { Figure, PlotlyObject } from './plotlyTypes.ts';
import { matrix, type Ruler, rangeShown, ruler } from './series.ts';

/** A 2-D histogram as a heat map; empty bins stay blank. `log` of the view makes the colours logarithmic. */
export function figure2d(histogram: Histogram, view: PlotView, style: PlotStyle, what: string): Figure {
  const { x, y, columns, rows, z, errors, shown } = cellsOf(histogram, view);
  const [ax, ay] = [x.axis, y.axis];
  const across = columns.map((bin) => plain(nameOf(x, bin)));
  const up = rows.map((bin) => plain(nameOf(y, bin)));
  const text = cellTexts(z, errors, across, up);
  const data: PlotlyObject[] = [
    {
      type: 'heatmap',
      x: edgesOf(columns),
      y: edgesOf(rows),
      z: shown,
      ...(text
        ? { text, hovertemplate: '%{text}<extra></extra>' }
        : { hovertemplate: '%{x}<br>%{y}<br><b>%{z}</b><extra></extra>' }),
      colorscale: HEAT_SCALE,
      hoverongaps: false,
      colorbar: {
        thickness: 10,
        outlinewidth: 0,
        xpad: 6,
        ypad: 0,
        tickfont: { size: style.fontSize, color: style.ink.text },
        title: { text: plain(what), side: 'right', font: { size: style.fontSize, color: style.ink.text } },
        exponentformat: 'power',
        minexponent: 6,
        separatethousands: true,
        ...(view.log ? logTicks(shown) : {}),
      },
    },
  ];
  const layout: PlotlyObject = {
    ...baseLayout(style),
    xaxis: {
      ...rulerLayout(style, axisTitle(ax), x, rangeShown(view, x, ends(edgesOf(columns)))),
      ...OUTSIDE,
      uirevision: false,
    },
    yaxis: { ...rulerLayout(style, axisTitle(ay), y, ends(edgesOf(rows))), ...OUTSIDE },
    hovermode: 'closest',
    shapes: view.flow ? [rangeFrame(x, y, style)] : [],
  };
  return { data, layout };
}

/** The cells of a map as they are drawn: `shown` are contents, or their logarithms. */
export function cellsOf(histogram: Histogram, view: PlotView) {
  const [x, y] = histogram.axes.map(ruler) as [Ruler, Ruler];
  const columns = binsOf(x, view.flow);
  const rows = binsOf(y, view.flow);
  const { z, errors } = matrix(histogram, columns, rows);
  const shown = view.log ? z.map((row) => row.map((v) => (v !== null && v > 0 ? Math.log10(v) : null))) : z;
  return { x, y, columns, rows, z, errors, shown };
}

/** What hovering shows of each cell; nothing for a matrix so large that writing the texts would stall the page. */
function cellTexts(
  z: (number | null)[][],
  errors: number[][],
  across: readonly string[],
  up: readonly string[],
): string[][] | undefined {
  if (z.length * (z[0]?.length ?? 0) > 40_000) return undefined;
  return z.map((row, j) =>
    row.map((v, i) => `${across[i]}<br>${up[j]}<br><b>${formatWithError(v ?? 0, errors[j]?.[i] ?? 0).join(' ± ')}</b>`),
  );
}

function ends(edges: number[]): [number, number] {
  return [edges[0]!, edges.at(-1)!];
}

/** A dotted line between the bins in range and the flow bins around them. */
function rangeFrame(x: Ruler, y: Ruler, style: PlotStyle): PlotlyObject {
  const [x0, x1] = ends(x.edges);
  const [y0, y1] = ends(y.edges);
  return { type: 'rect', x0, x1, y0, y1, line: { width: 1, color: style.ink.axis, dash: 'dot' } };
}

function logTicks(z: (number | null)[][]): PlotlyObject {
  const present = z.flat().filter((v): v is number => v !== null);
  if (present.length === 0) return {};
  let lo = Number.POSITIVE_INFINITY;
  let hi = Number.NEGATIVE_INFINITY;
  for (const v of present) {
    lo = Math.min(lo, v);
    hi = Math.max(hi, v);
  }
  const powers: number[] = [];
  for (let p = Math.ceil(lo); p <= Math.floor(hi); p++) powers.push(p);
  const tickvals = powers.length > 1 ? powers : [lo, ...powers.filter((p) => p - lo > 0.1 && hi - p > 0.1), hi];
  return {
    tickmode: 'array',
    tickvals,
    ticktext: tickvals.map((p) =>
      Number.isInteger(p) ? (p >= 0 && p < 4 ? String(10 ** p) : `10${superscript(p)}`) : formatNumber(10 ** p, 2),
    ),
  };
}
