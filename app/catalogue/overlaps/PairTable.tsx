import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import type { OverlapPair } from '../../../core/catalogue/overlap.ts';
import { formatCount } from '../../numbers.ts';
import styles from './Overlaps.module.css';
import { PAIR_COLUMNS, type PairColumn, type PairSort, ratioText } from './pairRows.ts';

const ROW = 24;
const HEADS: Record<PairColumn, string> = {
  stream1: 'stream 1',
  stream2: 'stream 2',
  events_stream1_only: 'only 1',
  events_stream2_only: 'only 2',
  events_bothstreams: 'both',
  ratio: 'ratio',
};

interface Props {
  rows: readonly OverlapPair[];
  labels: readonly string[];
  sort: PairSort;
  onSort(sort: PairSort): void;
  onOpen(pair: OverlapPair): void;
}

/** The pairs, as many as there are: only those in sight are drawn. Arrows move, Enter opens. */
export function PairTable({ rows, labels, sort, onSort, onOpen }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const id = useId();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
    scrollMargin: ROW,
    scrollPaddingStart: ROW,
  });
  const current = Math.min(active, rows.length - 1);
  const onKey = (event: KeyboardEvent) => {
    // The buttons of the head have keys of their own.
    if (event.target !== event.currentTarget) return;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20, Home: -rows.length, End: rows.length }[
      event.key
    ];
    if (step !== undefined) {
      const next = Math.max(0, Math.min(rows.length - 1, current + step));
      setActive(next);
      virtual.scrollToIndex(next);
    } else if (event.key === 'Enter' && rows[current]) onOpen(rows[current]);
    else return;
    event.preventDefault();
  };
  const cells = (pair: OverlapPair) => [
    labels[pair.stream1]!,
    labels[pair.stream2]!,
    formatCount(pair.events_stream1_only),
    formatCount(pair.events_stream2_only),
    formatCount(pair.events_bothstreams),
    ratioText(pair.ratio),
  ];
  return (
    <div
      ref={scroller}
      className={styles.scroll}
      role="grid"
      aria-label="Pairs of streams"
      aria-description="Arrows move, Enter lists the shared events of a pair"
      aria-rowcount={rows.length + 1}
      aria-activedescendant={rows.length > 0 ? `${id}-${current}` : undefined}
      tabIndex={0}
      onKeyDown={onKey}
    >
      <div role="presentation" className={styles.grid}>
        <div role="row" aria-rowindex={1} tabIndex={-1} className={styles.head}>
          {PAIR_COLUMNS.map((column) => {
            const isSorted = sort.column === column;
            const direction = isSorted ? (sort.descending ? 'descending' : 'ascending') : 'none';
            const isName = column === 'stream1' || column === 'stream2';
            return (
              <div key={column} role="columnheader" aria-sort={direction} tabIndex={-1} title={column}>
                <button
                  type="button"
                  onClick={() => onSort({ column, descending: isSorted ? !sort.descending : !isName })}
                >
                  <span>{HEADS[column]}</span>
                  {isSorted && <span aria-hidden="true">{sort.descending ? '▼' : '▲'}</span>}
                </button>
              </div>
            );
          })}
        </div>
        <div role="rowgroup" className={styles.rows} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const pair = rows[index]!;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the group of rows hears the keys
              <div
                key={`${pair.stream1}-${pair.stream2}`}
                id={`${id}-${index}`}
                role="row"
                aria-rowindex={index + 2}
                tabIndex={-1}
                className={styles.row}
                data-active={index === current || undefined}
                style={{ transform: `translateY(${start - ROW}px)` }}
                onClick={() => onOpen(pair)}
              >
                {cells(pair).map((cell, i) => (
                  <div key={PAIR_COLUMNS[i]} role="gridcell" tabIndex={-1} title={i < 2 ? cell : undefined}>
                    {cell}
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
