import { MantineProvider } from '@mantine/core';
import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react';
import { isCatalogueHash } from './catalogue/address.ts';
import { DropZone } from './components/DropZone.tsx';
import { LoadBoundary } from './components/LoadBoundary.tsx';
import { isMonitorHash } from './monitor/address.ts';
import { ExplorerProvider, useActions, useExplorer } from './store/context.tsx';
import type { Explorer } from './store/explorer.ts';
import type { Presentation } from './store/presentation.ts';
import { theme } from './theme.ts';

/** Each view is a part of its own, so that a page loads no more than it shows. */
const VIEWS = {
  Start: () => import('./views/Start.tsx'),
  Explore: () => import('./views/Explore.tsx'),
  Present: () => import('./views/Present.tsx'),
  Catalogue: () => import('./catalogue/CatalogueView.tsx'),
  Monitor: () => import('./monitor/MonitorView.tsx'),
};
const Start = lazy(VIEWS.Start);
const Explore = lazy(VIEWS.Explore);
const Present = lazy(VIEWS.Present);
const Catalogue = lazy(VIEWS.Catalogue);
const Monitor = lazy(VIEWS.Monitor);

/** Begins to load a view that is about to be shown. */
export function preload(view: keyof typeof VIEWS): void {
  // What can't be loaded is told where it is shown.
  VIEWS[view]().catch(() => undefined);
}

/** The whole page around one explorer; `presentation` where it is only to be read. */
export function App({ explorer, presentation }: { explorer: Explorer; presentation?: Presentation }) {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      {...(presentation && { colorSchemeManager: FOLLOWS_THE_SYSTEM, forceColorScheme: presentation.theme })}
    >
      <ExplorerProvider explorer={explorer}>
        <LoadBoundary>
          <Suspense>{presentation ? <Present /> : <Views />}</Suspense>
        </LoadBoundary>
        <Title />
      </ExplorerProvider>
    </MantineProvider>
  );
}

/** An embedded page reads no storage, which the browser may refuse to it, and offers no choice. */
const FOLLOWS_THE_SYSTEM = {
  get: () => 'auto' as const,
  set: () => undefined,
  subscribe: () => undefined,
  unsubscribe: () => undefined,
  clear: () => undefined,
};

/** A catalogue or a relay by its link; else the page of analyses. */
function Views() {
  const shown = useSyncExternalStore(onPlace, () => viewOf(location.hash));
  return shown === 'Catalogue' ? <Catalogue /> : shown === 'Monitor' ? <Monitor /> : <Page />;
}

/** The view that a link asks for beside the explorer, if it does. */
export function viewOf(hash: string): 'Catalogue' | 'Monitor' | undefined {
  return isCatalogueHash(hash) ? 'Catalogue' : isMonitorHash(hash) ? 'Monitor' : undefined;
}

/** Links and Back lead from the one to the other. */
function onPlace(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  return () => window.removeEventListener('popstate', listener);
}

function Page() {
  const opened = useExplorer((s) => s.opened);
  useShortcuts();
  useEffect(() => {
    if (!opened) preload('Explore');
  }, [opened]);
  return <DropZone>{opened ? <Explore /> : <Start />}</DropZone>;
}

function Title() {
  const opened = useExplorer((s) => s.opened);
  const title = useExplorer((s) => s.document?.title);
  useEffect(() => {
    document.title = opened && title ? `${title} – Lumiscope` : 'Lumiscope';
  }, [opened, title]);
  return null;
}

/** Text fields undo what is typed in them, but for those that show a part of the document. */
function hasOwnHistory(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement) || target.closest('[data-part-of-document]')) return false;
  return target.isContentEditable || target.matches('textarea, input:not([type=checkbox], [type=radio], [type=range])');
}

/** Esc closes a menu, and cancels no run below it. */
function isInMenu(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role=menu]') !== null;
}

/** Ctrl+Enter runs, Esc cancels, Ctrl+Z undoes, wherever the focus is. */
function useShortcuts(): void {
  const { run, cancel, undo, redo } = useActions();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const command = (event.ctrlKey || event.metaKey) && !event.altKey ? event.key.toLowerCase() : '';
      if (command === 'enter') {
        event.preventDefault();
        run();
      } else if ((command === 'z' || command === 'y') && !event.defaultPrevented && !hasOwnHistory(event.target)) {
        event.preventDefault();
        if (command === 'z' && !event.shiftKey) undo();
        else redo();
      } else if (event.key === 'Escape' && !event.defaultPrevented && !isInMenu(event.target)) cancel();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [run, cancel, undo, redo]);
}
