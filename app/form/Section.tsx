import { ActionIcon } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { rememberedSections, rememberSection } from '../store/remembered.ts';
import styles from './Form.module.css';

/** A part of the form that opens and closes; the browser remembers which are open. */
export function Section({
  title,
  note,
  startsOpen = false,
  children,
}: {
  title: string;
  /** What is in it, in a few words. */
  note?: string;
  startsOpen?: boolean;
  children: ReactNode;
}) {
  const [open, setOpen] = useState(() => (rememberedSections()[title] ?? startsOpen) === true);
  return (
    <details
      className={styles.section}
      open={open}
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
        rememberSection(title, event.currentTarget.open);
      }}
    >
      <summary>
        <h3>{title}</h3>
        {note && <span className={styles.note}>{note}</span>}
      </summary>
      {open && <div className={styles.body}>{children}</div>}
    </details>
  );
}

/** Buttons that move and remove an entry. */
export function EntryActions({
  name,
  at,
  of,
  onMove,
  onRemove,
}: {
  name: string;
  at: number;
  of: number;
  onMove?: (to: number) => void;
  onRemove: () => void;
}) {
  return (
    <span className={styles.actions}>
      {onMove && (
        <>
          <ActionIcon
            size={22}
            aria-label={`Move ${name} up`}
            title="Move up"
            disabled={at === 0}
            onClick={() => onMove(at - 1)}
          >
            <IconArrowUp size={14} />
          </ActionIcon>
          <ActionIcon
            size={22}
            aria-label={`Move ${name} down`}
            title="Move down"
            disabled={at === of - 1}
            onClick={() => onMove(at + 1)}
          >
            <IconArrowDown size={14} />
          </ActionIcon>
        </>
      )}
      <ActionIcon size={22} aria-label={`Remove ${name}`} title="Remove" onClick={onRemove}>
        <IconTrash size={14} />
      </ActionIcon>
    </span>
  );
}

/** `1 cut`, `3 cuts`. */
export const counted = (n: number, one: string, many = `${one}s`): string =>
  n === 0 ? 'none' : `${n} ${n === 1 ? one : many}`;
