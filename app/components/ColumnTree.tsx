/** The columns of the data: search, types, cost; Enter or a click adds a histogram of a column. */
import { TextInput } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useDeferredValue, useId, useMemo, useRef, useState } from 'react';
import { formatBytes, formatCount } from '../numbers.ts';
import { columnRange } from '../store/columnRange.ts';
import { useActions, useContextual, useExplorer } from '../store/context.tsx';
import { suggestHistogram } from '../store/suggest.ts';
import styles from './ColumnTree.module.css';
import { columnCosts, columnRows, type Row } from './columnRows.ts';
import { DataList } from './DataList.tsx';
import { Panel } from './Panel.tsx';

const ROW = 24;

/** The panel of data and columns. */
export function ColumnTree() {
  const schema = useExplorer((s) => s.schema);
  return (
    <Panel
      title="Data"
      tools={schema && <span className={styles.count}>{formatCount(schema.columns.size)} columns</span>}
      fill
    >
      <DataList />
      {schema ? <Tree /> : <p className={styles.none}>Columns appear here once the data are open.</p>}
    </Panel>
  );
}

function Tree() {
  const { store } = useContextual();
  const { edit, showPlot } = useActions();
  const schema = useExplorer((s) => s.schema)!;
  const files = useExplorer((s) => s.files);
  const [search, setSearch] = useState('');
  const deferred = useDeferredValue(search);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState(0);
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const costs = useMemo(() => columnCosts(files), [files]);
  const rows = useMemo(
    () => columnRows(schema, costs, deferred, (group) => open.has(group)),
    [schema, costs, deferred, open],
  );
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const current = Math.min(active, rows.length - 1);

  const toggle = (group: string, to?: boolean) =>
    setOpen((before) => {
      const after = new Set(before);
      if (to ?? !after.has(group)) after.add(group);
      else after.delete(group);
      return after;
    });
  const choose = (row: Row) => {
    if (row.kind === 'group') return toggle(row.name);
    const taken = store.getState().document?.histograms.map((h) => h.name) ?? [];
    const values = columnRange(files, row.column.name);
    const { name, axis } = suggestHistogram(row.expression, row.name, row.column, row.unit, taken, values);
    if (!edit([{ kind: 'addHistogram', spec: { name, axes: [axis] } }])) showPlot(name);
  };
  const go = (to: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    setActive(next);
    virtual.scrollToIndex(next);
  };
  const onKey = (event: KeyboardEvent) => {
    const row = rows[current];
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12, Home: -rows.length, End: rows.length }[
      event.key
    ];
    if (step !== undefined) go(current + step);
    else if (row && (event.key === 'Enter' || event.key === ' ') && !event.ctrlKey && !event.metaKey) choose(row);
    else if (row?.kind === 'group' && event.key === 'ArrowRight') toggle(row.name, true);
    else if (row?.kind === 'group' && event.key === 'ArrowLeft') toggle(row.name, false);
    else if (row?.kind === 'column' && row.level === 2 && event.key === 'ArrowLeft') go(current - row.at);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className={styles.search}>
        <TextInput
          aria-label="Search columns"
          placeholder="Search columns"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          spellCheck={false}
        />
      </div>
      {rows.length === 0 && <p className={styles.none}>No column matches “{search}”.</p>}
      {rows.length > 0 && (
        <div
          ref={scroller}
          className={styles.scroll}
          role="tree"
          aria-label="Columns"
          tabIndex={0}
          aria-activedescendant={rows.length > 0 ? `${id}-${current}` : undefined}
          onKeyDown={onKey}
        >
          <div className={styles.all} role="presentation" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((item) => {
              const row = rows[item.index]!;
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the keys
                // biome-ignore lint/a11y/useFocusableInteractive: the tree holds the focus and names the active row
                <div
                  key={item.key}
                  id={`${id}-${item.index}`}
                  role="treeitem"
                  aria-level={row.kind === 'group' ? 1 : row.level}
                  aria-setsize={row.of}
                  aria-posinset={row.at}
                  aria-selected={item.index === current}
                  aria-expanded={row.kind === 'group' ? row.open : undefined}
                  className={`${styles.row} ${item.index === current ? styles.active : ''}`}
                  style={{ transform: `translateY(${item.start}px)` }}
                  title={
                    row.kind === 'column'
                      ? `${row.column.name}: ${typeName(row)}. Click to add a histogram.`
                      : undefined
                  }
                  onClick={() => {
                    setActive(item.index);
                    choose(row);
                  }}
                >
                  <Cells row={row} />
                </div>
              );
            })}
          </div>
        </div>
      )}
    </>
  );
}

function Cells({ row }: { row: Row }) {
  if (row.kind === 'group') {
    return (
      <>
        <IconChevronRight size={12} className={row.open ? styles.turned : styles.chevron} aria-hidden="true" />
        <span className={styles.group}>{row.name}</span>
        <span className={styles.type}>{row.size}</span>
        <span className={styles.bytes}>{formatBytes(row.bytes)}</span>
      </>
    );
  }
  return (
    <>
      <span className={row.level === 2 ? styles.indent : styles.flush} />
      <span className={styles.name}>
        {row.name}
        {row.unit && <span className={styles.unit}> {row.unit}</span>}
      </span>
      <span className={styles.type}>{typeName(row)}</span>
      <span className={styles.bytes}>{formatBytes(row.bytes)}</span>
    </>
  );
}

/** `float32[]` for a list an event. */
function typeName({ column }: { column: { type: string; depth: number; nullable: boolean } }): string {
  return `${column.type}${'[]'.repeat(column.depth)}${column.nullable ? '?' : ''}`;
}
