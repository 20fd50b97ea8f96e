import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import styles from './VirtualTable.module.css';

const ROW = 24;
/** Rows that Page Up and Page Down move by. */
const PAGE = 20;

export interface TableColumn {
  name: string;
  label: ReactNode;
  /** Characters that a value has, about; wider ones are cut off, and the last column takes what is left. */
  width: number;
  /** Numbers are aligned to the right. */
  right?: boolean;
  /** In tables that are ordered by a click on a head: the order of this column; undefined where it can have none. */
  order?: 'ascending' | 'descending' | 'none';
}

/** Rows, as many as there are: only those in sight are drawn. Arrows move from row to row, Enter or a click opens one. */
export function VirtualTable({
  label,
  columns,
  count,
  cell,
  current,
  onCurrent,
  onOrder,
}: {
  label: string;
  columns: readonly TableColumn[];
  count: number;
  cell: (row: number, column: string) => ReactNode;
  /** The row that is open; −1 for none. */
  current: number;
  onCurrent?: ((row: number) => void) | undefined;
  /** The head of a column was clicked. */
  onOrder?: (column: string) => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
    scrollMargin: ROW,
    scrollPaddingStart: ROW,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, where the person comes back
  useEffect(() => {
    if (current > 0) virtual.scrollToIndex(current, { align: 'center' });
  }, []);
  const template = columns
    .map(({ width }, index) => (index === columns.length - 1 ? `minmax(${width}ch, 1fr)` : `${width}ch`))
    .join(' ');
  const onKey = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || !onCurrent || count === 0) return;
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: PAGE,
      PageUp: -PAGE,
      Home: -count,
      End: count,
    };
    const step = steps[event.key] ?? (event.key === 'Enter' && current < 0 ? 1 : undefined);
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(count - 1, current + step));
    onCurrent(next);
    virtual.scrollToIndex(next);
  };
  return (
    <div
      ref={scroller}
      className={styles.scroll}
      role="grid"
      aria-label={label}
      aria-rowcount={count + 1}
      {...(current >= 0 && { 'aria-activedescendant': `${id}-${current}` })}
      tabIndex={0}
      onKeyDown={onKey}
      style={{ '--rows-height': `${(count + 1) * ROW + 4}px` } as CSSProperties}
    >
      <div role="presentation" className={styles.grid}>
        <div
          role="row"
          aria-rowindex={1}
          tabIndex={-1}
          className={styles.head}
          style={{ gridTemplateColumns: template }}
        >
          {columns.map(({ name, label, right, order }) => (
            <div key={name} role="columnheader" tabIndex={-1} data-right={right || undefined} aria-sort={order}>
              {order === undefined ? (
                label
              ) : (
                <button type="button" onClick={() => onOrder?.(name)}>
                  {label}
                  {order !== 'none' && <span aria-hidden="true">{order === 'ascending' ? ' ▲' : ' ▼'}</span>}
                </button>
              )}
            </div>
          ))}
        </div>
        <div role="rowgroup" className={styles.rows} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the table hears the keys
            <div
              key={index}
              id={`${id}-${index}`}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={onCurrent ? index === current : undefined}
              tabIndex={-1}
              className={styles.row}
              data-opens={onCurrent ? true : undefined}
              style={{ gridTemplateColumns: template, transform: `translateY(${start - ROW}px)` }}
              onClick={() => onCurrent?.(index)}
            >
              {columns.map(({ name, right }) => (
                <div key={name} role="gridcell" tabIndex={-1} data-right={right || undefined}>
                  {cell(index, name)}
                </div>
              ))}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
