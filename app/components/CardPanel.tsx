import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import styles from './CardPanel.module.css';

/** Something to set, between a plot's head and the plot itself, so that both stay in view. Esc closes it. */
export function CardPanel({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const section = useRef<HTMLElement>(null);
  const id = useId();
  useEffect(() => {
    section.current?.querySelector<HTMLElement>('input, select')?.focus({ preventScroll: true });
  }, []);
  return (
    <section
      ref={section}
      className={styles.panel}
      aria-labelledby={id}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // Closes the panel, and cancels no run below it.
        event.nativeEvent.stopImmediatePropagation();
        onClose();
      }}
    >
      <h4 id={id} className={styles.title}>
        {title}
      </h4>
      <div className={styles.fields}>{children}</div>
      <ActionIcon className={styles.close} size={20} aria-label={`Close ${title}`} onClick={onClose}>
        <IconX size={13} />
      </ActionIcon>
    </section>
  );
}
