import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconColumns3, IconDownload } from '@tabler/icons-react';
import { type ReactNode, useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import {
  containerOf,
  countBy,
  datasetOf,
  fieldValues,
  findContainers,
  findDatasets,
  nameOfDataset,
} from '../../../core/catalogue/find.ts';
import { type FieldValue, parseQuery, type Term } from '../../../core/catalogue/query.ts';
import { withChosen } from '../../../core/catalogue/queryText.ts';
import type { ContainerRow, DatasetRow } from '../../../core/catalogue/tables.ts';
import { tableCsv } from '../../../core/csv.ts';
import { type PlainError, toPlain } from '../../../core/errors.ts';
import { formatCount } from '../../numbers.ts';
import { saveText } from '../../save.ts';
import type { TaskProps } from '../context.ts';
import { useParameter } from '../link.ts';
import { VirtualTable } from '../parts/VirtualTable.tsx';
import { TaskLink } from '../TaskLink.tsx';
import { COLUMNS, cellText, columnsOf, formatSort, orderOf, parseSort, type Show } from './columns.ts';
import { Details } from './Details.tsx';
import styles from './Discover.module.css';
import { Facets } from './Facets.tsx';
import { SearchField } from './SearchField.tsx';
import { SearchHelp } from './SearchHelp.tsx';

type Row = DatasetRow | ContainerRow;

/** Finds datasets and containers, and shows all that is known of one. */
export default function Discover({ catalogue }: TaskProps) {
  const [query, setQuery] = useParameter('q');
  const [shown, setShown] = useParameter('show', 'containers');
  const [sorting, setSorting] = useParameter('sort');
  const [columnNames, setColumnNames] = useParameter('columns');
  const [opened, setOpened] = useParameter('name');
  const show: Show = shown === 'datasets' ? 'datasets' : 'containers';
  const { terms, error } = useTerms(query);
  const asked = useDeferredValue(terms);
  const found = useMemo<readonly Row[]>(
    () => (show === 'datasets' ? findDatasets(catalogue, asked) : findContainers(catalogue, asked)),
    [catalogue, asked, show],
  );
  const sort = useMemo(() => parseSort(sorting), [sorting]);
  const rows = useMemo(() => {
    if (!sort) return found;
    const values = found.map((row) => fieldValues(catalogue, row, sort.column)[0]);
    return orderOf(values, sort.descending).map((at) => found[at]!);
  }, [catalogue, found, sort]);
  const columns = columnsOf(columnNames, show);
  const valuesOf = useCallback(
    (field: string) => countBy(catalogue, catalogue.tables.datasets, field).map(({ value }) => value),
    [catalogue],
  );
  const current = opened === '' ? -1 : rows.findIndex((row) => nameOf(row) === opened);
  const container = opened === '' ? undefined : containerOf(catalogue, opened);
  const dataset = opened === '' ? undefined : datasetOf(catalogue, opened);
  const events = rows.reduce((sum, row) => sum + row.events_rucio, 0);
  return (
    <div className={styles.discover} data-opened={container !== undefined || undefined}>
      <div className={styles.top}>
        <Switch show={show} onShow={(next) => setShown(next)} />
        <SearchField value={query} onChange={setQuery} error={error} valuesOf={valuesOf} />
        <SearchHelp />
      </div>
      <FacetPane>
        <Facets
          terms={asked}
          found={found}
          show={show}
          onChoose={(field, values) => setQuery(withChosen(query, field, values))}
        />
      </FacetPane>
      <section className={styles.found} aria-label={show === 'datasets' ? 'Datasets' : 'Containers'}>
        <div className={styles.line}>
          <span role="status">
            {formatCount(rows.length)} {words(show, rows.length)}, {formatCount(events)} declared events
          </span>
          <ColumnMenu show={show} chosen={columns.map(({ name }) => name)} onChange={setColumnNames} />
          <ActionIcon
            aria-label="Save as CSV"
            title="Save as CSV"
            onClick={() =>
              saveText(
                `${show}.csv`,
                toCsv(
                  rows,
                  columns.map(({ name }) => name),
                  (row, field) => fieldValues(catalogue, row, field),
                ),
                'text/csv',
              )
            }
          >
            <IconDownload size={15} />
          </ActionIcon>
        </div>
        {rows.some(({ events: counted }) => counted === undefined) && (
          <p className={styles.dashes}>
            A dash is a count that nobody has stored yet: <TaskLink task="check">Check</TaskLink> counts,{' '}
            <code>lumiscope catalogue check --write</code> stores.
          </p>
        )}
        {rows.length === 0 ? (
          <p className={styles.none}>
            Nothing is like this.{' '}
            <Button variant="default" size="compact-xs" onClick={() => setQuery('', 'moved')}>
              Show all
            </Button>
          </p>
        ) : (
          <VirtualTable
            key={show}
            label={show === 'datasets' ? 'Datasets' : 'Containers'}
            columns={columns.map(({ name, label, width, kind }) => ({
              name,
              label,
              width,
              right: kind === 'count' || kind === 'bytes',
              order: sort?.column === name ? (sort.descending ? 'descending' : 'ascending') : 'none',
            }))}
            count={rows.length}
            cell={(row, name) => cellText(COLUMN[name]!, fieldValues(catalogue, rows[row]!, name))}
            current={current}
            onCurrent={(row) => setOpened(nameOf(rows[row]!), opened === '' ? 'moved' : 'changed')}
            onOrder={(column) => {
              const isSame = sort?.column === column;
              setSorting(formatSort(isSame && sort.descending ? undefined : { column, descending: isSame }));
            }}
          />
        )}
      </section>
      {container && (
        <Details
          key={container.name}
          container={container}
          dataset={dataset}
          onDataset={(name) => setOpened(name)}
          onClose={() => setOpened('', 'moved')}
        />
      )}
    </div>
  );
}

const COLUMN = Object.fromEntries(COLUMNS.map((column) => [column.name, column]));

const nameOf = (row: Row): string => ('tid' in row ? nameOfDataset(row) : row.name);

function words(show: Show, count: number): string {
  return show === 'datasets' ? (count === 1 ? 'dataset' : 'datasets') : count === 1 ? 'container' : 'containers';
}

/** The terms of a query; while it is wrong, those that it had before. */
function useTerms(query: string): { terms: readonly Term[]; error: PlainError | undefined } {
  const good = useRef<readonly Term[]>([]);
  return useMemo(() => {
    try {
      good.current = parseQuery(query);
      return { terms: good.current, error: undefined };
    } catch (error) {
      return { terms: good.current, error: toPlain(error) };
    }
  }, [query]);
}

function Switch({ show, onShow }: { show: Show; onShow(show: Show): void }) {
  return (
    <div className={styles.switch} role="group" aria-label="What is listed">
      {(['containers', 'datasets'] as const).map((one) => (
        <button key={one} type="button" aria-pressed={show === one} onClick={() => onShow(one)}>
          {one === 'datasets' ? 'Datasets' : 'Containers'}
        </button>
      ))}
    </div>
  );
}

/** Beside the table; on narrow pages, folded above it. */
function FacetPane({ children }: { children: ReactNode }) {
  const [isOpen, setOpen] = useState(() => !matchMedia('(max-width: 719px)').matches);
  return (
    <aside className={styles.side} aria-label="Narrow the search">
      <button type="button" className={styles.fold} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        Narrow the search <span aria-hidden="true">{isOpen ? '▴' : '▾'}</span>
      </button>
      {isOpen && children}
    </aside>
  );
}

function ColumnMenu({
  show,
  chosen,
  onChange,
}: {
  show: Show;
  chosen: readonly string[];
  onChange(names: string): void;
}) {
  const toggle = (name: string) => {
    const next = COLUMNS.filter((column) => (column.name === name) !== chosen.includes(column.name));
    const usual = columnsOf('', show).map((column) => column.name);
    const names = next.map((column) => column.name).join(',');
    onChange(names === usual.join(',') ? '' : names);
  };
  return (
    <Menu closeOnItemClick={false}>
      <Menu.Target>
        <ActionIcon aria-label="Columns" title="Columns">
          <IconColumns3 size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown className={styles.columnMenu}>
        {COLUMNS.filter(({ name }) => name !== (show === 'datasets' ? 'datasets' : 'tid')).map(({ name, label }) => (
          <Menu.Item
            key={name}
            role="menuitemcheckbox"
            aria-checked={chosen.includes(name)}
            leftSection={<span className={styles.tick}>{chosen.includes(name) ? '✓' : ''}</span>}
            onClick={() => toggle(name)}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function toCsv(
  rows: readonly Row[],
  names: readonly string[],
  values: (row: Row, field: string) => readonly FieldValue[],
): string {
  const all = ['name', ...names.filter((name) => name !== 'name')];
  return tableCsv(
    all,
    rows.map((row) => all.map((name) => [...new Set(values(row, name))].map((value) => String(value ?? '')).join(' '))),
  );
}
