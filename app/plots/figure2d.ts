import type { Histogram } from '../../core/hist/histogram.ts';
import { formatNumber, formatWithError, superscript } from '../numbers.ts';
import { axisTitle, plain } from './labels.ts';
import { baseLayout, OUTSIDE, type PlotStyle, type PlotView, rulerLayout } from './layout.ts';
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
  const text = cellTexts(z, errors, x, y);
  const data: PlotlyObject[] = [
    {
      type: 'heatmap',
      x: x.edges,
      y: y.edges,
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
        title: { text: what, side: 'right', font: { size: style.fontSize, color: style.ink.text } },
        exponentformat: 'power',
        minexponent: 6,
        separatethousands: true,
        ...(view.logY ? logTicks(shown) : {}),
      },
    },
  ];
  const layout: PlotlyObject = {
    ...baseLayout(style),
    xaxis: { ...rulerLayout(style, axisTitle(ax), x, ends(x)), ...OUTSIDE },
    yaxis: { ...rulerLayout(style, axisTitle(ay), y, ends(y)), ...OUTSIDE },
    hovermode: 'closest',
  };
  return { data, layout };
}

/** What hovering shows of each cell; nothing for a matrix so large that writing the texts would stall the page. */
function cellTexts(z: (number | null)[][], errors: number[][], x: Ruler, y: Ruler): string[][] | undefined {
  if (z.length * (z[0]?.length ?? 0) > 40_000) return undefined;
  const columns = z[0]?.map((_, i) => plain(binName(x, i))) ?? [];
  return z.map((row, j) => {
    const name = plain(binName(y, j));
    return row.map(
      (v, i) => `${columns[i]}<br>${name}<br><b>${formatWithError(v ?? 0, errors[j]?.[i] ?? 0).join(' ± ')}</b>`,
    );
  });
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
  const tickvals = powers.length > 1 ? powers : [lo, ...powers.filter((p) => p - lo > 0.1 && hi - p > 0.1), hi];
  return {
    tickmode: 'array',
    tickvals,
    ticktext: tickvals.map((p) =>
      Number.isInteger(p) ? (p >= 0 && p < 4 ? String(10 ** p) : `10${superscript(p)}`) : formatNumber(10 ** p, 2),
    ),
  };
}
