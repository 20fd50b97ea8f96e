/** What a new figure changes of the one that is drawn: often nothing but numbers. */
import type { Figure, PlotlyObject } from './plotlyTypes.ts';

/** Numbers of traces, a list for each kind, and the range of the y axis. */
export interface NumberChange {
  data: PlotlyObject;
  layout: PlotlyObject;
}

const NUMBERS = ['x', 'y', 'customdata'];

/**
 * The change that makes the drawn lines those of a new figure; undefined where more than numbers and the y axis differ, or where there is a
 * map. Plotly takes about two thirds of the time for it that it takes for the whole figure; no less for maps (`bench/brush.ts`).
 */
export function numberChange(before: Figure, after: Figure): NumberChange | undefined {
  if (after.data.some(({ z }) => z) || skeleton(before) !== skeleton(after)) return undefined;
  const data = Object.fromEntries(NUMBERS.map((key) => [key, after.data.map((trace) => trace[key])]));
  return { data, layout: { 'yaxis.range': (after.layout.yaxis as PlotlyObject).range } };
}

function skeleton({ data, layout }: Figure): string {
  const traces = data.map((trace) => ({ ...trace, ...Object.fromEntries(NUMBERS.map((key) => [key, undefined])) }));
  return JSON.stringify([traces, { ...layout, yaxis: { ...(layout.yaxis as PlotlyObject), range: undefined } }]);
}
