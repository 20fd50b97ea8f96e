import type { ReactNode } from 'react';
import styles from './Table.module.css';

export interface Column<Row> {
  name: string;
  label: string;
  /** Numbers are aligned to the right. */
  right?: boolean;
  /** As wide as it needs to be, and no wider. */
  narrow?: boolean;
  cell: (row: Row) => ReactNode;
}

/** A short table, whose rows are blocks on narrow screens. */
export function Table<Row>({
  label,
  columns,
  rows,
  keyOf,
  none,
}: {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** Stands where there are no rows. */
  none: ReactNode;
}) {
  if (rows.length === 0) return <p className={styles.none}>{none}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={label}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map(({ name, label: head, right, narrow }) => (
              <th key={name} scope="col" data-right={right || undefined} data-narrow={narrow || undefined}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ name, label: head, right, narrow, cell }) => (
                <td key={name} data-label={head} data-right={right || undefined} data-narrow={narrow || undefined}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
