import type { Shown } from '../../workers/eventTable.ts';
import { formatCount } from '../numbers.ts';
import styles from './Events.module.css';
import { shownText, type TextTable, tableOf } from './shownTable.ts';

/** Items that are written out. */
const MOST_ROWS = 100;

/** A value of one event: a line, or a small table of items. */
export function ShownValue({ value, label }: { value: Shown; label: string }) {
  const table = tableOf(value);
  if (table) return <SmallTable table={table} label={label} />;
  if (Array.isArray(value) && value.length === 0) return <span className={styles.faint}>no items</span>;
  return <span className={styles.value}>{shownText(value)}</span>;
}

export function SmallTable({ table: { head, rows }, label }: { table: TextTable; label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className={styles.small} tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {head.map((field) => (
              <th key={field} scope="col">
                {field}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map((row, k) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: an item is its place
            <tr key={k}>
              {row.map((cell, at) => (
                <td key={head[at]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MOST_ROWS && <p className={styles.faint}>and {formatCount(rows.length - MOST_ROWS)} more</p>}
    </div>
  );
}
