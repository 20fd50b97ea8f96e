/** What a check found as tables: values by row and column, shown and saved from one place. */
import type { ContainerCheck, FileDifference } from '../../../core/catalogue/completeness.ts';
import { type Duplicates, type DuplicatesByFile, timesOf } from '../../../core/catalogue/duplicates.ts';
import { printGuid } from '../../../core/catalogue/eventKey.ts';
import type { FileRow } from '../../../core/catalogue/tables.ts';
import type { TableColumn } from '../parts/VirtualTable.tsx';

export interface CheckTable {
  label: string;
  columns: readonly TableColumn[];
  rows: number;
  value(row: number, column: string): string | number | bigint | undefined;
  /** What it says without rows. */
  empty: string;
}

const number = (name: string, label: string, width = 12): TableColumn => ({ name, label, width, right: true });
const text = (name: string, label: string, width: number): TableColumn => ({ name, label, width });

/** A table of rows that are plain objects, or can be made so one by one. */
function tableOf<T>(
  label: string,
  columns: readonly TableColumn[],
  rows: readonly T[],
  value: (row: T, column: string) => string | number | bigint | undefined,
  empty: string,
): CheckTable {
  return { label, columns, rows: rows.length, value: (row, column) => value(rows[row]!, column), empty };
}

const COUNTS = [
  number('events', 'Records', 12),
  number('events_rucio', 'Declared', 12),
  number('events_uniq', 'Distinct', 12),
  number('events_dup', 'More than once', 18),
  number('files', 'Files', 8),
  number('files_rucio', 'Declared', 12),
  number('files_dup', 'With duplicates', 18),
  number('missing', 'Missing', 11),
  number('rejected', 'Rejected', 12),
];

export function containersTable(checks: readonly ContainerCheck[], names: readonly string[]): CheckTable {
  const value = (row: number, column: string) => {
    const check = checks[row]!;
    const { counts, events_rucio, files_rucio, missing, rejectedRecords, isComplete } = check;
    const own: Record<string, string | number> = {
      name: names[row]!,
      verdict: isComplete ? 'as declared' : 'not as declared',
      events_rucio,
      files_rucio,
      missing: missing.length,
      rejected: rejectedRecords,
    };
    return own[column] ?? (counts as unknown as Record<string, number>)[column];
  };
  const width = Math.min(72, Math.ceil(0.9 * Math.max(12, ...names.map(({ length }) => length))) + 3);
  const columns = [text('name', 'Container', width), text('verdict', 'Verdict', 19), ...COUNTS];
  return { label: 'Checked containers', columns, rows: checks.length, value, empty: 'No container was checked' };
}

export function datasetsTable({ datasets }: ContainerCheck): CheckTable {
  const columns = [
    text('dataset', 'Dataset', 22),
    text('state', 'State', 13),
    ...COUNTS,
    text('details', 'Details', 60),
  ];
  return tableOf(
    'Datasets',
    columns,
    datasets,
    (row, column) => {
      if (column === 'dataset') return tidName(row.tid);
      if (column === 'missing') return row.files_missing;
      return (row as unknown as Record<string, string | number>)[column];
    },
    'No dataset of this container is declared',
  );
}

/** `_tid31260087_00`. */
export function tidName(tid: number): string {
  if (tid <= 0) return 'without a task';
  return `_tid${String(Math.floor(tid / 100)).padStart(8, '0')}_${String(tid % 100).padStart(2, '0')}`;
}

/** Of a container or one of its datasets; all files, or those with duplicates. */
export function filesTable(
  { counts: { byFile } }: ContainerCheck,
  files: ReadonlyMap<number, FileRow>,
  tid: number | undefined,
  onlyDuplicates: boolean,
): CheckTable & { fileOf(row: number): number } {
  const duplicates = tid === undefined ? byFile.dupInAll : byFile.dupInTid;
  const rows = Array.from(byFile.file.keys()).filter(
    (i) => (tid === undefined || Number(byFile.tid[i]) === tid) && (!onlyDuplicates || duplicates[i]! > 0),
  );
  const value = (i: number, column: string) => {
    const file = byFile.file[i]!;
    const own = files.get(file);
    if (column === 'file') return file;
    if (column === 'dataset') return tidName(Number(byFile.tid[i]));
    if (column === 'guid') return own && guidOf(own);
    if (column === 'events_rucio') return own?.events_rucio;
    if (column === 'duplicates') return duplicates[i];
    return byFile[column as 'events'][i];
  };
  const columns = [
    number('file', 'File', 7),
    text('guid', 'GUID', 40),
    number('duplicates', 'Duplicates', 14),
    number('events_dup', 'In itself', 12),
    number('events', 'Records'),
    number('events_rucio', 'Declared'),
    number('events_uniq', 'Distinct'),
    text('dataset', 'Dataset', 22),
  ];
  const empty = onlyDuplicates ? 'No file holds an event that occurs more than once' : 'There are no records';
  return { ...tableOf('Files', columns, rows, value, empty), fileOf: (row) => byFile.file[rows[row]!]! };
}

/** Files that are missing, then those with another number of records. */
export function missingTable({ missing, differing }: ContainerCheck, tid: number | undefined): CheckTable {
  const isOwn = ({ file }: FileDifference) => tid === undefined || file.tid === tid;
  const columns = [
    number('file', 'File', 7),
    text('guid', 'GUID', 40),
    text('what', 'What', 18),
    number('events', 'Records'),
    number('events_rucio', 'Declared'),
    text('dataset', 'Dataset', 22),
  ];
  return tableOf(
    'Files that are missing or differ',
    columns,
    [...missing, ...differing].filter(isOwn),
    ({ file, events }, column) => {
      if (column === 'guid') return guidOf(file);
      if (column === 'what') return events === 0 ? 'missing' : events < file.events_rucio ? 'too few' : 'too many';
      if (column === 'events') return events;
      if (column === 'dataset') return tidName(file.tid);
      return column === 'file' ? file.file : file.events_rucio;
    },
    'All declared files are there, with as many records as declared',
  );
}

export function rejectedTable({ rejected }: ContainerCheck, tid: number | undefined): CheckTable {
  const columns = [
    number('file', 'File', 7),
    number('events', 'Records'),
    text('dataset', 'Dataset', 22),
    text('reason', 'Why', 50),
  ];
  return tableOf(
    'Rejected records',
    columns,
    rejected.filter((one) => tid === undefined || one.tid === tid),
    (row, column) => (column === 'dataset' ? tidName(row.tid) : row[column as 'file' | 'events' | 'reason']),
    'No record was rejected: all belong to declared files and datasets',
  );
}

/** Events that occur more than once: all of them, or those of one file. */
export function eventsTable(
  duplicates: Duplicates,
  byFile: DuplicatesByFile,
  file: number | undefined,
): CheckTable & { eventOf(row: number): number } {
  const at = file === undefined ? -1 : byFile.file.indexOf(file);
  const rows =
    file === undefined
      ? Uint32Array.from(duplicates.eventno.keys())
      : byFile.events.subarray(byFile.offsets[at] ?? 0, byFile.offsets[at + 1] ?? 0);
  const columns = [number('event', 'Event', 22), number('times', 'Times', 10), text('files', 'In files', 40)];
  const value = (row: number, column: string) => {
    const event = rows[row]!;
    if (column === 'event') return duplicates.eventno[event];
    if (column === 'times') return timesOf(duplicates, event);
    return filesOfEvent(duplicates, event)
      .map(([own, times]) => (times > 1 ? `${own} (${times} times)` : String(own)))
      .join(', ');
  };
  return {
    label: 'Events that occur more than once',
    columns,
    rows: rows.length,
    value,
    empty: 'No event occurs more than once',
    eventOf: (row) => rows[row]!,
  };
}

/** The files of an event, and how often it is in each. */
export function filesOfEvent({ offsets, files }: Duplicates, event: number): [file: number, times: number][] {
  const times = new Map<number, number>();
  for (const file of files.subarray(offsets[event], offsets[event + 1])) times.set(file, (times.get(file) ?? 0) + 1);
  return [...times];
}

export function guidOf({ guid_hi, guid_lo }: FileRow): string {
  return printGuid({ hi: guid_hi, lo: guid_lo });
}
