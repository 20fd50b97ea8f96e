import { MantineProvider } from '@mantine/core';
import { useEffect } from 'react';
import { DropZone } from './components/DropZone.tsx';
import { ExplorerProvider, useActions, useExplorer } from './store/context.tsx';
import type { Explorer } from './store/explorer.ts';
import { theme } from './theme.ts';
import { Explore } from './views/Explore.tsx';
import { Start } from './views/Start.tsx';

/** The whole page around one explorer. */
export function App({ explorer }: { explorer: Explorer }) {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <ExplorerProvider explorer={explorer}>
        <Page />
      </ExplorerProvider>
    </MantineProvider>
  );
}

function Page() {
  const opened = useExplorer((s) => s.opened);
  const title = useExplorer((s) => s.document?.title);
  useShortcuts();
  useEffect(() => {
    document.title = opened && title ? `${title} – Lumiscope` : 'Lumiscope';
  }, [opened, title]);
  return <DropZone>{opened ? <Explore /> : <Start />}</DropZone>;
}

/** Text fields undo what is typed in them, but for those that show a part of the document. */
function hasOwnHistory(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement) || target.closest('[data-part-of-document]')) return false;
  return target.isContentEditable || target.matches('textarea, input:not([type=checkbox], [type=radio], [type=range])');
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
      } else if (event.key === 'Escape' && !event.defaultPrevented) cancel();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [run, cancel, undo, redo]);
}
