import { lazy, type ReactNode, Suspense, useState } from 'react';

const StoragePanel = lazy(() => import('./StoragePanel.tsx'));

/** The panel of stored data: what opens it, and the panel where it is open. */
export function useStoragePanel(): [open: () => void, panel: ReactNode] {
  const [isOpen, setOpen] = useState(false);
  return [
    () => setOpen(true),
    isOpen && (
      <Suspense>
        <StoragePanel onClose={() => setOpen(false)} />
      </Suspense>
    ),
  ];
}
