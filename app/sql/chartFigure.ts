import type { SqlColumn } from '../../workers/sql/fromArrow.ts';
import { type SqlValue, textOf, valueAt } from '../../workers/sql/resultText.ts';
import { plain } from '../plots/labels.ts';
import { axisLayout, baseLayout, type PlotStyle } from '../plots/layout.ts';
import { PETROFF, withOpacity } from '../plots/palette.ts';
import type { Figure, PlotlyObject } from '../plots/plotlyTypes.ts';

export const CHARTS = ['bars', 'points', 'lines'] as const;
export type Chart = (typeof CHARTS)[number];

/** Rows that a chart draws, at most. */
export const MOST_DRAWN = 5000;
/** Names of categories that an axis has room for. */
const LABELS = 24;
const LONGEST = 22;

/** Whether a chart can take values of a column as heights. */
export function isNumeric({ info, sqlType }: SqlColumn): boolean {
  return info.depth === 0 && (info.type !== 'string' || /^(HUGEINT|DECIMAL)/.test(sqlType));
}

/** One column over another, the first rows. Text on the x axis stands in the order of the rows, times as what they are. */
export function chartFigure(
  x: SqlColumn,
  y: SqlColumn,
  rows: number,
  chart: Chart,
  log: boolean,
  style: PlotStyle,
): Figure {
  const count = Math.min(rows, MOST_DRAWN);
  const across = Array.from({ length: count }, (_, row) => valueAt(x.data, row));
  const heights = Array.from({ length: count }, (_, row) => numberOf(valueAt(y.data, row)));
  const isTime = /^(DATE|TIMESTAMP)/.test(x.sqlType);
  const isCategory = !isTime && !isNumeric(x);
  const places = across.map((value, row) =>
    isCategory ? row : isTime ? Date.parse(`${textOf(value).replace(' ', 'T')}Z`) : numberOf(value),
  );
  const names = across.map((value) => textOf(value));
  const xaxis: PlotlyObject = axisLayout(style, plain(x.info.name), false);
  if (isCategory) {
    const step = Math.ceil(count / LABELS);
    const shown = places.map((_, k) => k).filter((k) => k % step === 0);
    Object.assign(xaxis, {
      tickmode: 'array',
      tickvals: shown,
      ticktext: shown.map((k) => plain(shortened(names[k]!))),
      minor: {},
    });
  }
  if (isTime) xaxis.type = 'date';
  const colour = PETROFF[0];
  const common = { type: 'scatter', name: plain(y.info.name) };
  const hover = { hoverinfo: 'text', text: names.map((name, k) => plain(`${name}: ${textOf(valueAt(y.data, k))}`)) };
  const data: PlotlyObject[] =
    chart === 'bars'
      ? [
          bars(places as number[], heights, log, common, colour),
          { ...common, ...hover, mode: 'markers', x: places, y: heights, marker: { opacity: 0 } },
        ]
      : [
          {
            ...common,
            ...hover,
            mode: chart === 'lines' ? 'lines' : 'markers',
            x: places,
            y: heights,
            marker: { color: colour, size: count > 500 ? 3 : 6 },
            line: { color: colour, width: 1.5 },
          },
        ];
  return {
    data,
    layout: {
      ...baseLayout(style),
      xaxis,
      yaxis: {
        ...axisLayout(style, plain(y.info.name), log),
        ...(chart === 'bars' && !log && { rangemode: 'tozero' }),
      },
      hovermode: 'closest',
    },
  };
}

function shortened(name: string): string {
  return name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
}

/** Bars as areas of one trace: Plotly's own kind is not among the parts that the page has. */
function bars(
  places: readonly number[],
  heights: readonly (number | null)[],
  log: boolean,
  common: PlotlyObject,
  colour: string,
): PlotlyObject {
  const sorted = [...places].sort((a, b) => a - b);
  let gap = Number.POSITIVE_INFINITY;
  for (let k = 1; k < sorted.length; k++)
    if (sorted[k]! > sorted[k - 1]!) gap = Math.min(gap, sorted[k]! - sorted[k - 1]!);
  const half = 0.4 * (Number.isFinite(gap) ? gap : 1);
  const least = heights.reduce<number>(
    (low, v) => (v !== null && v > 0 ? Math.min(low, v) : low),
    Number.POSITIVE_INFINITY,
  );
  const floor = log ? least / 2 : 0;
  const x: (number | null)[] = [];
  const y: (number | null)[] = [];
  places.forEach((place, k) => {
    const height = heights[k] ?? null;
    if (height === null || (log && height <= 0)) return;
    x.push(place - half, place - half, place + half, place + half, null);
    y.push(floor, height, height, floor, null);
  });
  const line = { color: colour, width: 1 };
  return {
    ...common,
    mode: 'lines',
    x,
    y,
    line,
    fill: 'toself',
    fillcolor: withOpacity(colour, 0.6),
    hoverinfo: 'skip',
  };
}

function numberOf(value: SqlValue): number | null {
  const number = value === null ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : null;
}
