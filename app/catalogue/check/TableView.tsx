import { tableCsv } from '../../../core/csv.ts';
import { formatCount } from '../../numbers.ts';
import { VirtualTable } from '../parts/VirtualTable.tsx';
import styles from './Check.module.css';
import type { CheckTable } from './checkTables.ts';

/** A table of a check; without rows, what that means. */
export function TableView({
  table,
  current = -1,
  onCurrent,
}: {
  table: CheckTable;
  current?: number;
  onCurrent?: (row: number) => void;
}) {
  if (table.rows === 0) return <p className={styles.empty}>{table.empty}</p>;
  return (
    <VirtualTable
      label={table.label}
      columns={table.columns}
      count={table.rows}
      cell={(row, column) => {
        const value = table.value(row, column);
        // Numbers of files are names.
        return typeof value === 'number' && column !== 'file' ? formatCount(value) : (value?.toString() ?? '–');
      }}
      current={current}
      onCurrent={onCurrent}
    />
  );
}

/** All of it, as CSV. */
export function csvOf({ columns, rows, value }: CheckTable): string {
  const names = columns.map(({ name }) => name);
  return tableCsv(
    names,
    Array.from({ length: rows }, (_, row) => names.map((name) => value(row, name))),
  );
}
