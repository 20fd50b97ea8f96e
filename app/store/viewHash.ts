/** The part of the link behind the document: `&log=m_mumu&flow=m_mumu,pt&axes=abc:2-0&set=abc:1`. */
import { PLAIN_VIEW, type PlotView } from './state.ts';

type Views = Readonly<Record<string, PlotView>>;

/** What a parameter says of one plot, behind its name; nothing where the plot is as it starts. */
const FORMS: Record<string, (view: PlotView) => string | undefined> = {
  log: ({ logY }) => (logY ? '' : undefined),
  flow: ({ flow }) => (flow ? '' : undefined),
  axes: ({ x, y }) => (x === PLAIN_VIEW.x && y === PLAIN_VIEW.y ? undefined : `:${x}-${y}`),
  set: ({ dataset }) => (dataset === PLAIN_VIEW.dataset ? undefined : `:${dataset}`),
};

/** The parameters for views that differ from how a plot starts; empty if none does. */
export function formatViews(views: Views, histograms: readonly string[]): string {
  return Object.entries(FORMS)
    .map(([key, form]) => {
      const named = histograms.flatMap((name) => {
        const value = views[name] && form(views[name]);
        return value === undefined ? [] : [encodeURIComponent(name) + value];
      });
      return named.length > 0 ? `&${key}=${named.join(',')}` : '';
    })
    .join('');
}

/** Takes a hash apart: `#a=…` alone, and the views. Parameters that are not known or damaged are left aside. */
export function parseHash(hash: string): { link: string; views: Views } {
  const [link = '', ...parameters] = hash.split('&');
  const views: Record<string, PlotView> = {};
  for (const parameter of parameters) {
    const [key = '', list = ''] = parameter.split('=');
    for (const entry of list.split(',')) {
      const [coded = '', value = ''] = entry.split(':');
      const name = decoded(coded);
      const change = changeOf(key, value);
      if (change && name !== '' && name !== '__proto__') views[name] = { ...(views[name] ?? PLAIN_VIEW), ...change };
    }
  }
  return { link, views };
}

function changeOf(key: string, value: string): Partial<PlotView> | undefined {
  if (key === 'log') return { logY: true };
  if (key === 'flow') return { flow: true };
  if (key === 'set' && /^\d{1,4}$/.test(value)) return { dataset: Number(value) };
  if (key === 'axes' && /^\d-\d$/.test(value)) return { x: Number(value[0]), y: Number(value[2]) };
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
