/** What 1-D and 2-D plots share: axes drawn as in a paper, fonts, margins. */

import { plain, typeset } from './labels.ts';
import type { PlotInk } from './palette.ts';
import type { PlotlyObject } from './plotlyTypes.ts';
import type { Ruler } from './series.ts';

/** The page's own letters. */
export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** Size and colours: `print` is larger and on white. */
export interface PlotStyle {
  ink: PlotInk;
  fontSize: number;
  /** Names data sets inside the plot; the page names them above it. */
  legend: boolean;
  /** A bin to point out, in the row of drawn bins. */
  mark?: number;
  /** A part of the x axis to point out. */
  band?: [number, number];
  /** Family of the letters; the page's where it is left out. */
  font?: string;
}

/**
 * An axis with a line on both sides, ticks inwards, minor ticks on log scales.
 * @param range in the axis's own values, not their logarithms; Plotly chooses where it is absent
 */
export function axisLayout(style: PlotStyle, title: string, log: boolean, range?: [number, number]): PlotlyObject {
  const { ink, fontSize } = style;
  // Over many decades the twos and fives between would crowd the powers of ten, which Plotly sets a quarter larger.
  const powers = log && range !== undefined && range[1] / range[0] > 50;
  return {
    type: log ? 'log' : 'linear',
    title: { text: typeset(title), font: { size: fontSize + 1, color: ink.text }, standoff: 8 },
    tickfont: { size: powers ? fontSize / 1.25 : fontSize, color: ink.text },
    color: ink.axis,
    showline: true,
    mirror: 'ticks',
    linewidth: 1,
    linecolor: ink.axis,
    ticks: 'inside',
    ticklen: 6,
    tickcolor: ink.axis,
    minor: { ticks: 'inside', ticklen: 3, tickcolor: ink.axis, ...(log ? { dtick: 'D1' } : {}) },
    showgrid: false,
    zeroline: false,
    exponentformat: 'power',
    showexponent: 'all',
    minexponent: 6,
    separatethousands: true,
    automargin: true,
    ...(powers ? { dtick: 1 } : {}),
    ...(range ? { range: log ? range.map(Math.log10) : range } : {}),
  };
}

/** The axis of a ruler: its range, and its categories as labels. */
export function rulerLayout(style: PlotStyle, title: string, r: Ruler, range: [number, number]): PlotlyObject {
  const layout = axisLayout(style, title, r.log, range);
  if (r.labels) {
    layout.fixedrange = true;
    const step = Math.ceil(r.labels.length / 24);
    const shown = r.labels.map((_, i) => i).filter((i) => i % step === 0);
    Object.assign(layout, {
      tickmode: 'array',
      tickvals: shown,
      ticktext: shown.map((i) => plain(r.labels?.[i] ?? '')),
      ...OUTSIDE,
    });
  }
  return layout;
}

/** Ticks that leave the inside free: for categories, and for heat maps, which would hide them. */
export const OUTSIDE: PlotlyObject = { minor: {}, ticks: 'outside', ticklen: 4, mirror: true };

/** The part of the layout that all plots share. */
export function baseLayout(style: PlotStyle): PlotlyObject {
  const { ink, fontSize } = style;
  return {
    font: { family: style.font ?? FONT, size: fontSize, color: ink.text },
    paper_bgcolor: ink.paper,
    plot_bgcolor: ink.paper,
    margin: { l: 52, r: 12, t: 8, b: 40, pad: 0 },
    hoverlabel: {
      font: { family: FONT, size: 12, color: ink.text },
      bgcolor: ink.panel,
      bordercolor: ink.axis,
      align: 'left',
    },
    showlegend: false,
    dragmode: 'zoom',
    autosize: false,
  };
}
