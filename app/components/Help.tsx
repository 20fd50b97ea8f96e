import { ActionIcon } from '@mantine/core';
import { IconHelp } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';

const HelpPanel = lazy(() => import('./HelpPanel.tsx'));

/** The button that opens the help; what it shows is loaded then. */
export function Help() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <ActionIcon onClick={() => setOpen(true)} aria-label="Help" title="Help: how it works, keys, functions">
        <IconHelp size={17} />
      </ActionIcon>
      {open && (
        <Suspense>
          <HelpPanel onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
