/**
 * Keeps the address bar and an explorer in step: the bar always holds the shareable link, Back leads to
 * where the person was before and in the end to the start page, and a link that is pasted into the bar is opened.
 */
import { isCatalogueHash } from '../catalogue/address.ts';
import { isMonitorHash } from '../monitor/address.ts';
import type { Explorer, LinkStep } from './explorer.ts';
import { presentationOf, presentationSearch } from './presentation.ts';

/** `?doc=` of an address. */
export function documentParameter(search: string): string | undefined {
  return new URLSearchParams(search).get('doc') ?? undefined;
}

/** Tells entries of the history that belong to the document as it was opened last from others. */
let visit = 0;

/** Writes a link into the address bar: a new entry of the history where a document was opened, or another place in it. */
export function showLink(link: string, step: LinkStep): void {
  if (step === 'entered') visit = Date.now();
  // Behind a catalogue or a relay the analysis waits until Back leads to it.
  if (
    isCatalogueHash(location.hash) ||
    isMonitorHash(location.hash) ||
    (link === location.hash && history.state?.visit === visit)
  )
    return;
  const address = location.pathname + presentationSearch(presentationOf(location.search)) + link;
  const isNew = step === 'moved' || (step === 'entered' && location.hash === '' && location.search === '');
  // Browsers limit how often the history may change; a missed update is made good by the next one.
  try {
    if (isNew) history.pushState({ visit }, '', address);
    else history.replaceState({ visit }, '', address);
  } catch {}
}

/** Opens what the address bar holds, now and whenever the person changes it. */
export function followAddressBar({ actions, store }: Explorer): void {
  const arrive = () => {
    const { hash } = location;
    if (hash === store.getState().link) return;
    const { opened } = store.getState();
    // Back goes to where the person was in the document; it undoes no edit. From the start page it opens the document again.
    if (hash.startsWith('#a=') && opened && history.state?.visit === visit) actions.backTo(hash);
    else if (hash.startsWith('#a=')) actions.openHash(hash);
    else if (hash === '' && opened) actions.leave();
  };
  window.addEventListener('popstate', arrive);
  window.addEventListener('hashchange', arrive);
  window.addEventListener('pagehide', actions.keepText);
  const address = documentParameter(location.search);
  if (location.hash.startsWith('#a=')) actions.openHash(location.hash, isReturn());
  else if (address) actions.openDocument(address);
}

/** Whether the page was loaded again rather than entered by a link. */
function isReturn(): boolean {
  const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return entry?.type === 'reload' || entry?.type === 'back_forward';
}
