/** What the pane on the right shows; the link's hash holds it: `&show=events&values=len(good)+MET.pt&sort=MET.pt:desc&event=0-0-17`. */
import type { EventAddress } from '../../workers/eventTable.ts';

/** The pane's parts, in the order of its tabs. */
export const SHOWS = ['plots', 'events', 'n-1', 'sql', 'explanation', 'plan'] as const;
export type Show = (typeof SHOWS)[number];

export interface Pane {
  show: Show;
  /** Expressions of the event table; absent: those that the document suggests. */
  values?: readonly string[];
  /** What the event table is sorted by, by the column's name; absent: the order of the data. */
  sort?: { column: string; descending: boolean };
  /** The event that is looked at. */
  event?: EventAddress;
  /** Whether all its columns are shown. */
  allColumns?: true;
  /** Which data set's cutflow stands beside the cuts, or all of them; absent: the first. */
  cutflow?: number | 'all';
  /** Whether N−1 plots have a logarithmic y axis. */
  logarithmic?: true;
  /** What a drag in a plot does; absent: it zooms. A link with brushes and no word on it brushes. */
  drag?: 'zoom' | 'brush';
  /** The question in SQL, as `encodeText` writes it; absent: the first example. */
  sql?: string;
  /** How its answer is drawn, as `app/sql/inLink.ts` writes it; absent: as a table. */
  chart?: string;
}

export const START_PANE: Pane = { show: 'plots' };

/** The parameters for what differs from the start; empty if nothing does. */
export function formatPane({
  show,
  values,
  sort,
  event,
  allColumns,
  cutflow,
  logarithmic,
  drag,
  sql,
  chart,
}: Pane): string {
  return [
    show === START_PANE.show ? '' : `&show=${show}`,
    values ? `&values=${values.map(encodeURIComponent).join('+')}` : '',
    sort ? `&sort=${encodeURIComponent(sort.column)}${sort.descending ? ':desc' : ''}` : '',
    event ? `&event=${event.dataset}-${event.file}-${event.event}` : '',
    allColumns ? '&all' : '',
    cutflow ? `&cutflow=${cutflow}` : '',
    logarithmic ? '&nlog' : '',
    drag ? `&drag=${drag}` : '',
    sql ? `&sql=${sql}` : '',
    chart ? `&chart=${chart}` : '',
  ].join('');
}

/** Reads the parameters of a hash; what is not known or damaged is left aside. */
export function parsePane(parameters: readonly string[]): Pane {
  const pane: Pane = { ...START_PANE };
  for (const parameter of parameters) {
    const [key, value = ''] = parameter.split('=');
    if (key === 'show') pane.show = SHOWS.find((show) => show === value) ?? pane.show;
    if (key === 'values') pane.values = [...new Set(value.split('+').map(decoded))].filter((text) => text !== '');
    if (key === 'sort') {
      const [column = '', order] = value.split(':');
      if (decoded(column) !== '') pane.sort = { column: decoded(column), descending: order === 'desc' };
    }
    if (key === 'event' && /^\d{1,4}-\d{1,6}-\d{1,15}$/.test(value)) {
      const [dataset, file, event] = value.split('-').map(Number) as [number, number, number];
      pane.event = { dataset, file, event };
    }
    if (key === 'all') pane.allColumns = true;
    if (key === 'nlog') pane.logarithmic = true;
    if (key === 'drag' && (value === 'zoom' || value === 'brush')) pane.drag = value;
    if (key === 'sql' && /^[A-Za-z0-9_-]+$/.test(value)) pane.sql = value;
    if (key === 'chart' && /^[\w%.~,!'()*-]+$/.test(value)) pane.chart = value;
    if (key === 'brush') pane.drag ??= 'brush';
    if (key === 'cutflow' && /^(all|[1-9]\d{0,3})$/.test(value)) pane.cutflow = value === 'all' ? value : Number(value);
  }
  return pane;
}

/** A name as it was before `encodeURIComponent`; empty where it is damaged. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
