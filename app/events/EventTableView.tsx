import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { ShownColumn } from '../../workers/eventList.ts';
import { useActions, useExplorer } from '../store/context.tsx';
import styles from './Events.module.css';
import { cellText } from './rows.ts';

const ROW = 24;

interface Props {
  columns: readonly ShownColumn[];
  order: Uint32Array;
  /** The row that the person comes back from; −1 for none. */
  start: number;
  /** Of an older document. */
  dimmed: boolean;
  onOpen(row: number): void;
}

/** Rows of events, as many as there are: only those in sight are drawn. Arrows move, Enter opens. */
export function EventTableView({ columns, order, start, dimmed, onOpen }: Props) {
  const { setPane } = useActions();
  const sort = useExplorer((s) => s.pane.sort);
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(Math.max(0, start));
  const id = useId();
  const virtual = useVirtualizer({
    count: order.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
    scrollMargin: ROW,
    scrollPaddingStart: ROW,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, where the person comes back
  useEffect(() => {
    if (start < 0) return;
    virtual.scrollToIndex(start, { align: 'center' });
    scroller.current?.focus({ preventScroll: true });
  }, []);
  const current = Math.min(active, order.length - 1);
  const template = columns.map(({ kind }) => `minmax(${kind === 'place' ? 8 : 11}ch, 1fr)`).join(' ');
  const onKey = (event: KeyboardEvent) => {
    // The buttons of the head have keys of their own.
    if (event.target !== event.currentTarget) return;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20, Home: -order.length, End: order.length }[
      event.key
    ];
    if (step !== undefined) {
      const next = Math.max(0, Math.min(order.length - 1, current + step));
      setActive(next);
      virtual.scrollToIndex(next);
    } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) onOpen(order[current]!);
    else return;
    event.preventDefault();
  };
  const sortBy = (column: string) => {
    const isSame = sort?.column === column;
    if (isSame && sort.descending) setPane({ sort: undefined });
    else setPane({ sort: { column, descending: isSame } });
  };
  return (
    <div
      ref={scroller}
      className={styles.scroll}
      data-dimmed={dimmed || undefined}
      role="grid"
      aria-label="Events that pass"
      aria-description="Arrows move, Enter opens an event"
      aria-rowcount={order.length + 1}
      aria-activedescendant={`${id}-${current}`}
      tabIndex={0}
      onKeyDown={onKey}
    >
      <div role="presentation" className={styles.grid}>
        <div
          role="row"
          aria-rowindex={1}
          tabIndex={-1}
          className={styles.head}
          style={{ gridTemplateColumns: template }}
        >
          {columns.map(({ name, label }) => {
            const direction = sort?.column === name ? (sort.descending ? 'descending' : 'ascending') : 'none';
            return (
              <div key={name} role="columnheader" aria-sort={direction} tabIndex={-1}>
                <button type="button" onClick={() => sortBy(name)} title={`Sort by ${label}`}>
                  <span>{label}</span>
                  {direction !== 'none' && <span aria-hidden="true">{direction === 'ascending' ? '▲' : '▼'}</span>}
                </button>
              </div>
            );
          })}
        </div>
        <div role="rowgroup" className={styles.rows} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start: top }) => {
            const row = order[index]!;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the group of rows hears the keys
              <div
                key={row}
                id={`${id}-${index}`}
                role="row"
                aria-rowindex={index + 2}
                tabIndex={-1}
                className={styles.row}
                data-active={index === current || undefined}
                style={{ gridTemplateColumns: template, transform: `translateY(${top - ROW}px)` }}
                onClick={() => onOpen(row)}
              >
                {columns.map((column) => (
                  <div key={column.name} role="gridcell" tabIndex={-1}>
                    {cellText(column, row)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
