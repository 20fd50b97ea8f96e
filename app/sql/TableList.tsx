import type { SqlTable } from '../../workers/sql/sqlDatabase.ts';
import { formatCount } from '../numbers.ts';
import styles from './Sql.module.css';

/** The tables that a question can name, with their columns. */
export function TableList({ tables }: { tables: readonly SqlTable[] }) {
  return (
    <div className={styles.tables}>
      {tables.map(({ name, columns, rows }) => (
        <details key={name}>
          <summary>
            <code>{name}</code>{' '}
            <span className={styles.faint}>
              {rows === undefined ? 'read when it is named' : `${formatCount(rows)} ${rows === 1 ? 'row' : 'rows'}`}
            </span>
          </summary>
          <ul>
            {columns.map((column) => (
              <li key={column.name}>
                <code>{column.name}</code>{' '}
                <span className={styles.faint}>{column.type + '[]'.repeat(column.depth)}</span>
              </li>
            ))}
          </ul>
        </details>
      ))}
    </div>
  );
}
