import { type ReactNode, useId } from 'react';
import styles from './Panel.module.css';

/** A part of the page with a heading. */
export function Panel({
  title,
  tools,
  children,
  fill,
}: {
  title: string;
  tools?: ReactNode;
  children: ReactNode;
  fill?: boolean;
}) {
  const id = useId();
  return (
    <section className={`${styles.panel} ${fill ? styles.fill : ''}`} aria-labelledby={id}>
      <div className={styles.head}>
        <h2 id={id} className={styles.title}>
          {title}
        </h2>
        {tools}
      </div>
      <div className={styles.body}>{children}</div>
    </section>
  );
}
