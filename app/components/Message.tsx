import type { ReactNode } from 'react';
import { sentence } from '../sentence.ts';
import styles from './Message.module.css';

/** A message at its place: what happened, what to do, and a way to do it. */
export function Message({
  kind,
  title,
  hint,
  actions,
  children,
}: {
  kind: 'error' | 'warning' | 'note';
  title: ReactNode;
  hint?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className={`${styles.message} ${styles[kind]}`} role={kind === 'error' ? 'alert' : 'status'}>
      <div className={styles.text}>
        <p className={styles.title}>{typeof title === 'string' ? sentence(title) : title}</p>
        {hint && <p className={styles.hint}>{typeof hint === 'string' ? sentence(hint) : hint}</p>}
        {children}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
