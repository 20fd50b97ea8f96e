import { useMemo, useState } from 'react';
import type { SqlColumn } from '../../workers/sql/fromArrow.ts';
import { textOf, valueAt } from '../../workers/sql/resultText.ts';
import { type TableColumn, VirtualTable } from '../catalogue/parts/VirtualTable.tsx';
import styles from './Sql.module.css';
import { sortRows } from './sortRows.ts';

/** Rows that tell how wide a column is. */
const MEASURED = 300;
const WIDEST = 44;

/** The rows of an answer, as many as there are; a head sorts. */
export function ResultTable({ columns, rows }: { columns: readonly SqlColumn[]; rows: number }) {
  const [sort, setSort] = useState<{ column: number; descending: boolean }>();
  const [current, setCurrent] = useState(-1);
  const order = useMemo(() => sortRows(sort && columns[sort.column], rows, !!sort?.descending), [columns, rows, sort]);
  const heads = useMemo(
    () => columns.map((column, k) => headOf(column, k, rows, sort, setSort)),
    [columns, rows, sort],
  );
  // The last column would take all that is left.
  const width = `calc(${heads.reduce((sum, head) => sum + head.width, 0)}ch + 24px)`;
  return (
    <div className={styles.rows} style={{ maxWidth: `max(${width}, 40ch)` }}>
      <VirtualTable
        label="Rows of the answer"
        columns={heads}
        count={rows}
        cell={(row, column) => {
          const value = valueAt(columns[Number(column)]!.data, order[row]!);
          const text = textOf(value);
          return value === null ? <span className={styles.missing}>NULL</span> : <span title={text}>{text}</span>;
        }}
        current={current}
        onCurrent={setCurrent}
      />
    </div>
  );
}

function headOf(
  column: SqlColumn,
  index: number,
  rows: number,
  sort: { column: number; descending: boolean } | undefined,
  setSort: (sort: { column: number; descending: boolean } | undefined) => void,
): TableColumn {
  const { info, data, sqlType } = column;
  const isSorted = sort?.column === index;
  const next = isSorted
    ? sort.descending
      ? undefined
      : { column: index, descending: true }
    : { column: index, descending: false };
  let width = info.name.length + sqlType.length + 3;
  for (let row = 0; row < Math.min(rows, MEASURED); row++)
    width = Math.max(width, textOf(valueAt(data, row)).length + 1);
  return {
    name: String(index),
    width: Math.min(WIDEST, width) + 2,
    right: data.type !== 'string' && data.type !== 'bool' && data.offsets.length === 0,
    label: (
      <button
        type="button"
        className={styles.head}
        title={`${info.name}: ${sqlType}; sort by it`}
        aria-label={`${info.name}, ${sqlType}${isSorted ? (sort.descending ? ', sorted down' : ', sorted up') : ''}`}
        onClick={() => setSort(next)}
      >
        <span>{info.name}</span> <span className={styles.type}>{sqlType.toLowerCase()}</span>
        {isSorted && <span aria-hidden="true">{sort.descending ? '▼' : '▲'}</span>}
      </button>
    ),
  };
}
