/** The part of the link behind the document: `&log=m_mumu&flow=m_mumu,pt`. */
import { PLAIN_VIEW, type PlotView } from './state.ts';

type Views = Readonly<Record<string, PlotView>>;

/** The parameters for views that differ from how a plot starts; empty if none does. */
export function formatViews(views: Views, histograms: readonly string[]): string {
  const named = (key: keyof PlotView) => histograms.filter((name) => views[name]?.[key]).map(encodeURIComponent);
  const log = named('logY');
  const flow = named('flow');
  return `${log.length ? `&log=${log.join(',')}` : ''}${flow.length ? `&flow=${flow.join(',')}` : ''}`;
}

/** Takes a hash apart: `#a=…` alone, and the views. Parameters that are not known are left aside. */
export function parseHash(hash: string): { link: string; views: Views } {
  const [link = '', ...parameters] = hash.split('&');
  const views: Record<string, PlotView> = {};
  for (const parameter of parameters) {
    const [key, list = ''] = parameter.split('=');
    if (key !== 'log' && key !== 'flow') continue;
    for (const name of list.split(',').map(decoded)) {
      if (name === '' || name === '__proto__') continue;
      const view = views[name] ?? PLAIN_VIEW;
      views[name] = key === 'log' ? { ...view, logY: true } : { ...view, flow: true };
    }
  }
  return { link, views };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
