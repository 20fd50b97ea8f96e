import { type ReactNode, type RefObject, useEffect } from 'react';
import styles from './Dialog.module.css';

interface Props {
  /** To close it with. */
  dialog: RefObject<HTMLDialogElement | null>;
  /** Its width, and what else is its own. */
  className: string | undefined;
  'aria-label'?: string;
  'aria-labelledby'?: string;
  onClose: () => void;
  /** A click beside it would lose what is typed. */
  isForm?: boolean;
  /** Something goes on that a key or a click must not end: it has its own button. */
  isBusy?: boolean;
  children: ReactNode;
}

/** A dialog over the page: goes away with Esc or a click beside it, and gives the focus back. */
export function Dialog({ dialog, className, onClose, isForm = false, isBusy = false, children, ...label }: Props) {
  useEffect(() => dialog.current?.showModal(), [dialog]);
  return (
    <dialog
      ref={dialog}
      className={`${styles.dialog} ${className}`}
      {...label}
      onClose={onClose}
      onCancel={(event) => isBusy && event.preventDefault()}
      // Esc closes the dialog, and cancels no run below it.
      onKeyDown={(event) => event.key === 'Escape' && event.nativeEvent.stopImmediatePropagation()}
      // The dialog itself is hit only beside its content.
      onClick={(event) => event.target === event.currentTarget && !isForm && !isBusy && dialog.current?.close()}
    >
      {children}
    </dialog>
  );
}
