/** What 1-D and 2-D plots share: axes drawn as in a paper, fonts, margins. */

import { plain } from './labels.ts';
import type { PlotInk } from './palette.ts';
import type { PlotlyObject } from './plotlyTypes.ts';
import type { Ruler } from './series.ts';

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

export type { PlotView } from '../store/state.ts';

/** Size and colours: `print` is larger and on white. */
export interface PlotStyle {
  ink: PlotInk;
  fontSize: number;
}

/** An axis with a line on both sides, ticks inwards, minor ticks on log scales. */
export function axisLayout(style: PlotStyle, title: string, log: boolean): PlotlyObject {
  const { ink, fontSize } = style;
  return {
    type: log ? 'log' : 'linear',
    title: { text: plain(title), font: { size: fontSize + 1, color: ink.text }, standoff: 8 },
    tickfont: { size: fontSize, color: ink.text },
    color: ink.axis,
    showline: true,
    mirror: 'ticks',
    linewidth: 1,
    linecolor: ink.axis,
    ticks: 'inside',
    ticklen: 6,
    tickcolor: ink.axis,
    minor: { ticks: 'inside', ticklen: 3, tickcolor: ink.axis },
    showgrid: false,
    zeroline: false,
    exponentformat: 'power',
    showexponent: 'all',
    minexponent: 5,
    separatethousands: true,
    automargin: true,
    ...(log ? { minor: { ticks: 'inside', ticklen: 3, tickcolor: ink.axis, dtick: 'D1' } } : {}),
  };
}

/** The axis of a ruler: its range, and its categories as labels. */
export function rulerLayout(style: PlotStyle, title: string, r: Ruler, range: [number, number]): PlotlyObject {
  const wide = r.log && range[1] / range[0] > 50;
  const layout: PlotlyObject = {
    ...axisLayout(style, title, r.log),
    range: r.log ? range.map(Math.log10) : range,
    // Over many decades the twos and fives between would crowd the powers of ten.
    ...(wide ? { dtick: 1 } : {}),
  };
  if (r.labels) {
    const step = Math.ceil(r.labels.length / 24);
    const shown = r.labels.map((_, i) => i).filter((i) => i % step === 0);
    Object.assign(layout, {
      tickmode: 'array',
      tickvals: shown,
      ticktext: shown.map((i) => plain(r.labels?.[i] ?? '')),
      minor: {},
      ticks: 'outside',
      ticklen: 3,
      mirror: true,
    });
  }
  return layout;
}

/** The part of the layout that all plots share. */
export function baseLayout(style: PlotStyle): PlotlyObject {
  const { ink, fontSize } = style;
  return {
    font: { family: FONT, size: fontSize, color: ink.text },
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
