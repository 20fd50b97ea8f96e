import { Button } from '@mantine/core';
import { useMemo } from 'react';
import type { ContainerCheck, DatasetCheck } from '../../../core/catalogue/completeness.ts';
import type { FileRow } from '../../../core/catalogue/tables.ts';
import { formatCount } from '../../numbers.ts';
import { saveText } from '../../save.ts';
import { useParameters } from '../link.ts';
import { Choice } from '../parts/Choice.tsx';
import styles from './Check.module.css';
import { datasetsTable, filesTable, missingTable, rejectedTable, tidName } from './checkTables.ts';
import { DuplicateEvents } from './DuplicateEvents.tsx';
import { csvOf, TableView } from './TableView.tsx';

const LISTS = ['datasets', 'files', 'events', 'missing', 'rejected'] as const;
type List = (typeof LISTS)[number];

/** Lists of a check, one at a time: datasets, files, duplicate events, files that are missing or differ, rejected records. */
export function CheckLists({
  check,
  dataset,
  files,
}: {
  check: ContainerCheck;
  /** The one that lists are narrowed to. */
  dataset: DatasetCheck | undefined;
  files: ReadonlyMap<number, FileRow>;
}) {
  const [{ show, file, all }, change] = useParameters();
  const list: List = LISTS.find((one) => one === show) ?? 'datasets';
  const tid = dataset?.tid;
  const tables = useMemo(
    () => ({
      datasets: datasetsTable(check),
      files: filesTable(check, files, tid, all === undefined),
      missing: missingTable(check, tid),
      rejected: rejectedTable(check, tid),
    }),
    [check, files, tid, all],
  );
  const { files_dup, events_dup } = dataset ?? check.counts;
  const names: Record<List, string> = {
    datasets: `Datasets ${formatCount(check.datasets.length)}`,
    files: `Files with duplicates ${formatCount(files_dup)}`,
    events: `Duplicate events ${formatCount(events_dup)}`,
    missing: `Missing or differing files ${formatCount(tables.missing.rows)}`,
    rejected: `Rejected ${formatCount(tables.rejected.rows)}`,
  };
  const scopes: [string, string][] = [
    ['', 'all datasets'],
    ...check.datasets.map((one): [string, string] => [String(one.tid), tidName(one.tid)]),
  ];
  const openFile = file === undefined ? undefined : Number(file);
  const isPlain = list !== 'events';
  const rows = Array.from({ length: tables.files.rows }, (_, row) => row);
  return (
    <>
      <div className={styles.tools}>
        <fieldset className={styles.ways} aria-label="Lists">
          {LISTS.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === list}
              onClick={() => change({ show: one, file: undefined, event: undefined })}
            >
              {names[one]}
            </button>
          ))}
        </fieldset>
        {check.datasets.length > 1 && (
          <Choice
            label="Of"
            value={dataset ? String(dataset.tid) : ''}
            options={scopes}
            onChange={(next) => change({ tid: next || undefined, file: undefined, event: undefined }, 'moved')}
          />
        )}
        {list === 'files' && (
          <label className={styles.tick}>
            <input
              type="checkbox"
              checked={all !== undefined}
              onChange={(event) => change({ all: event.target.checked ? 'yes' : undefined, file: undefined })}
            />
            Those without duplicates, too
          </label>
        )}
        {isPlain && tables[list].rows > 0 && (
          <Button
            variant="default"
            size="compact-xs"
            onClick={() => saveText(`check-${list}.csv`, csvOf(tables[list]), 'text/csv')}
          >
            Save CSV
          </Button>
        )}
      </div>
      {list === 'datasets' && (
        <TableView
          table={tables.datasets}
          current={check.datasets.findIndex((one) => one.tid === tid)}
          onCurrent={(row) => change({ tid: String(check.datasets[row]!.tid) }, 'moved')}
        />
      )}
      {list === 'files' && (
        <div className={styles.halves} data-open={openFile !== undefined || undefined}>
          <TableView
            key={`${tid} ${all}`}
            table={tables.files}
            current={rows.findIndex((row) => tables.files.fileOf(row) === openFile)}
            onCurrent={(row) => change({ file: String(tables.files.fileOf(row)) })}
          />
          {openFile !== undefined && <DuplicateEvents check={check} tid={tid} files={files} file={openFile} />}
        </div>
      )}
      {list === 'events' && <DuplicateEvents check={check} tid={tid} files={files} />}
      {(list === 'missing' || list === 'rejected') && <TableView key={`${list} ${tid}`} table={tables[list]} />}
    </>
  );
}
