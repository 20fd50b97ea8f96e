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

/** Ctrl+Enter runs, Esc cancels, wherever the focus is. */
function useShortcuts(): void {
  const { run, cancel } = useActions();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        run();
      } else if (event.key === 'Escape' && !event.defaultPrevented) cancel();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [run, cancel]);
}
