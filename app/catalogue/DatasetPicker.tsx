import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react';
import { findContainers, keyOf } from '../../core/catalogue/find.ts';
import { parseQuery } from '../../core/catalogue/query.ts';
import type { ContainerRow } from '../../core/catalogue/tables.ts';
import { type PlainError, toPlain } from '../../core/errors.ts';
import { formatCount } from '../numbers.ts';
import { sentence } from '../sentence.ts';
import { useCatalogue } from './context.ts';
import styles from './DatasetPicker.module.css';
import { useParameter } from './link.ts';

const ROW = 24;

/**
 * Containers that the link names, under one of its parameters, and what chooses others.
 * @param initial those where it names none
 */
export function useContainers(
  parameter = 'containers',
  initial: readonly ContainerRow[] = [],
): [ContainerRow[], (chosen: readonly ContainerRow[]) => void] {
  const { tables } = useCatalogue();
  const [text, setText] = useParameter(parameter, initial.map(keyOf).join(','));
  const chosen = useMemo(() => {
    const keys = new Set(text.split(','));
    return tables.containers.filter((row) => keys.has(keyOf(row)));
  }, [text, tables]);
  return [chosen, (rows) => setText(rows.map(keyOf).join(','))];
}

/** Chooses containers: a search narrows the list, in which each one is ticked, or one alone. */
export function DatasetPicker({
  label,
  chosen,
  onChange,
  single = false,
  only,
}: {
  label: string;
  chosen: readonly ContainerRow[];
  onChange(chosen: ContainerRow[]): void;
  single?: boolean;
  /** Of which kind they may be. */
  only?: (container: ContainerRow) => boolean;
}) {
  const catalogue = useCatalogue();
  const [query, setQuery] = useState('');
  const [isOpen, setOpen] = useState(chosen.length === 0);
  const id = useId();
  const keys = useMemo(() => new Set(chosen.map(keyOf)), [chosen]);
  const { found, error } = useMemo(() => search(catalogue, query, only), [catalogue, query, only]);
  const toggle = (row: ContainerRow) => {
    if (single) {
      onChange([row]);
      setOpen(false);
    } else onChange(keys.has(keyOf(row)) ? chosen.filter((one) => keyOf(one) !== keyOf(row)) : [...chosen, row]);
  };
  const rest = found.filter((row) => !keys.has(keyOf(row)));
  return (
    <section className={styles.picker} aria-label={label}>
      <div className={styles.head}>
        <button type="button" aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
          <span className={styles.label}>{label}</span>
          <span className={styles.chosen}>{summary(chosen)}</span>
          <span aria-hidden="true">{isOpen ? '▴' : '▾'}</span>
        </button>
      </div>
      {isOpen && (
        <div className={styles.panel} id={id}>
          <div className={styles.search}>
            <input
              type="search"
              aria-label="Find containers"
              placeholder="physics_Main type:DAOD_* run:358031"
              value={query}
              spellCheck={false}
              aria-invalid={error !== undefined}
              onChange={(event) => setQuery(event.target.value)}
            />
            {!single && (
              <>
                <button type="button" disabled={rest.length === 0} onClick={() => onChange([...chosen, ...rest])}>
                  Add all {formatCount(found.length)}
                </button>
                <button type="button" disabled={chosen.length === 0} onClick={() => onChange([])}>
                  None
                </button>
              </>
            )}
          </div>
          {error && (
            <p className={styles.bad} role="alert">
              {sentence(error.message)}
              {error.hint && `: ${error.hint}`}
            </p>
          )}
          {found.length === 0 && !error ? (
            <p className={styles.none}>No container is like this</p>
          ) : (
            <Options rows={found} keys={keys} single={single} onToggle={toggle} />
          )}
        </div>
      )}
    </section>
  );
}

/** Only those in sight are drawn. Arrows move, Space or Enter ticks. */
function Options({
  rows,
  keys,
  single,
  onToggle,
}: {
  rows: readonly ContainerRow[];
  keys: ReadonlySet<string>;
  single: boolean;
  onToggle(row: ContainerRow): void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const id = useId();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
  });
  const current = Math.min(active, rows.length - 1);
  const onKey = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: 8,
      PageUp: -8,
      Home: -rows.length,
      End: rows.length,
    };
    const step = steps[event.key];
    if (step !== undefined) {
      const next = Math.max(0, Math.min(rows.length - 1, current + step));
      setActive(next);
      virtual.scrollToIndex(next);
    } else if ((event.key === ' ' || event.key === 'Enter') && rows[current]) onToggle(rows[current]);
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={scroller}
      className={styles.list}
      role="listbox"
      aria-label="Containers"
      aria-multiselectable={!single}
      aria-activedescendant={current >= 0 ? `${id}-${current}` : undefined}
      tabIndex={0}
      onKeyDown={onKey}
    >
      <div role="presentation" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index]!;
          const isChosen = keys.has(keyOf(row));
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list hears the keys
            <div
              key={keyOf(row)}
              id={`${id}-${index}`}
              role="option"
              aria-selected={isChosen}
              tabIndex={-1}
              className={styles.option}
              data-active={index === current || undefined}
              style={{ transform: `translateY(${start}px)` }}
              onClick={() => {
                setActive(index);
                onToggle(row);
              }}
            >
              <span className={styles.tick} aria-hidden="true">
                {isChosen ? (single ? '●' : '✓') : ''}
              </span>
              <span className={styles.name}>{row.name}</span>
              <span className={styles.count}>{formatCount(row.events ?? row.events_rucio)}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

function search(
  catalogue: Parameters<typeof findContainers>[0],
  query: string,
  only?: (container: ContainerRow) => boolean,
): { found: ContainerRow[]; error?: PlainError } {
  try {
    const found = findContainers(catalogue, parseQuery(query));
    return { found: only ? found.filter(only) : found };
  } catch (error) {
    return { found: [], error: toPlain(error) };
  }
}

function summary(chosen: readonly ContainerRow[]): string {
  if (chosen.length === 0) return 'none chosen';
  return chosen.length === 1 ? chosen[0]!.name : `${formatCount(chosen.length)} containers`;
}
