import type { Histogram } from '../../core/hist/histogram.ts';
import { formatNumber, formatWithError, superscript } from '../numbers.ts';
import { axisTitle, plain } from './labels.ts';
import { baseLayout, type PlotStyle, type PlotView, rulerLayout } from './layout.ts';
import { HEAT_SCALE } from './palette.ts';
import type { Figure, PlotlyObject } from './plotlyTypes.ts';
import { binName, matrix, type Ruler, ruler } from './series.ts';

/** A 2-D histogram as a heat map; empty bins stay blank. `logY` of the view makes the colours logarithmic. */
export function figure2d(histogram: Histogram, view: PlotView, style: PlotStyle, what: 'Events' | 'Entries'): Figure {
  const [ax, ay] = histogram.axes as [Histogram['axes'][0], Histogram['axes'][0]];
  const x = ruler(ax);
  const y = ruler(ay);
  const { z, errors } = matrix(histogram);
  const shown = view.logY ? z.map((row) => row.map((v) => (v !== null && v > 0 ? Math.log10(v) : null))) : z;
  const text = z.map((row, j) =>
    row.map(
      (v, i) =>
        `${plain(binName(x, i))}<br>${plain(binName(y, j))}<br><b>${formatWithError(v ?? 0, errors[j]?.[i] ?? 0).join(' ± ')}</b>`,
    ),
  );
  const data: PlotlyObject[] = [
    {
      type: 'heatmap',
      x: x.edges,
      y: y.edges,
      z: shown,
      text,
      colorscale: HEAT_SCALE,
      hoverongaps: false,
      hovertemplate: '%{text}<extra></extra>',
      colorbar: {
        thickness: 10,
        outlinewidth: 0,
        xpad: 6,
        ypad: 0,
        tickfont: { size: style.fontSize, color: style.ink.text },
        title: { text: what, side: 'right', font: { size: style.fontSize, color: style.ink.text } },
        exponentformat: 'power',
        ...(view.logY ? logTicks(shown) : {}),
      },
    },
  ];
  const layout: PlotlyObject = {
    ...baseLayout(style),
    xaxis: rulerLayout(style, axisTitle(ax), x, ends(x)),
    yaxis: rulerLayout(style, axisTitle(ay), y, ends(y)),
    hovermode: 'closest',
  };
  return { data, layout };
}

function ends(r: Ruler): [number, number] {
  return [r.edges[0] as number, r.edges[r.edges.length - 1] as number];
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
  const tickvals = powers.length > 1 ? powers : [lo, hi];
  return {
    tickmode: 'array',
    tickvals,
    ticktext: tickvals.map((p) =>
      Number.isInteger(p) ? (p >= 0 && p < 4 ? String(10 ** p) : `10${superscript(p)}`) : formatNumber(10 ** p, 2),
    ),
  };
}
