import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import styles from './StoragePanel.module.css';

/** Whether the browser may clear what is stored when the disk runs full; it may be asked not to. */
export function Persistence() {
  const [state, setState] = useState<'unknown' | 'persistent' | 'loose' | 'refused'>('unknown');
  useEffect(() => {
    navigator.storage?.persisted?.().then(
      (persistent) => setState(persistent ? 'persistent' : 'loose'),
      () => undefined,
    );
  }, []);
  if (state === 'unknown') return null;
  if (state === 'persistent') return <span className={styles.hint}>The browser clears nothing of it by itself.</span>;
  return (
    <span className={styles.persistence}>
      <span className={styles.hint}>
        {state === 'loose'
          ? 'The browser may clear it when the disk runs full.'
          : 'The browser declined: it may clear it when the disk runs full.'}
      </span>
      {state === 'loose' && (
        <Button
          variant="default"
          onClick={() =>
            navigator.storage.persist().then(
              (granted) => setState(granted ? 'persistent' : 'refused'),
              () => setState('refused'),
            )
          }
        >
          Ask it to keep all
        </Button>
      )}
    </span>
  );
}
