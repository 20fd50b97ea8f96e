/**
 * Keeps the address bar and an explorer in step: the bar always holds the shareable link, Back leads to
 * the start page, and a link that is pasted into the bar is opened.
 */
import type { Explorer } from './explorer.ts';
import { presentationOf, presentationSearch } from './presentation.ts';

/** `?doc=` of an address. */
export function documentParameter(search: string): string | undefined {
  return new URLSearchParams(search).get('doc') ?? undefined;
}

/** Writes a link into the address bar: a new entry of the history where a document was opened. */
export function showLink(link: string, entered: boolean): void {
  if (link === location.hash) return;
  const address = location.pathname + presentationSearch(presentationOf(location.search)) + link;
  // Browsers limit how often the history may change; a missed update is made good by the next one.
  try {
    if (entered && location.hash === '' && location.search === '') history.pushState(null, '', address);
    else history.replaceState(null, '', address);
  } catch {}
}

/** Opens what the address bar holds, now and whenever the person changes it. */
export function followAddressBar({ actions, store }: Explorer): void {
  const arrive = () => {
    const { hash } = location;
    if (hash === store.getState().link) return;
    if (hash.startsWith('#a=')) actions.openHash(hash);
    else if (hash === '' && store.getState().opened) actions.leave();
  };
  window.addEventListener('popstate', arrive);
  window.addEventListener('hashchange', arrive);
  const address = documentParameter(location.search);
  if (location.hash.startsWith('#a=')) actions.openHash(location.hash, isReturn());
  else if (address) actions.openDocument(address);
}

/** Whether the page was loaded again rather than entered by a link. */
function isReturn(): boolean {
  const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return entry?.type === 'reload' || entry?.type === 'back_forward';
}
