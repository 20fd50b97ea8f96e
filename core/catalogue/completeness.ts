/** What counting found, held against what is declared: events and files of each dataset, and records that belong to nothing that is declared. */
import { nameOfDataset } from './find.ts';
import type { RecordCounts, TidCounts } from './recordCounts.ts';
import type { ContainerRow, Counts, DatasetRow, FileRow, State } from './tables.ts';

/** Counts of a dataset and of what is declared of it. */
export interface DatasetCheck extends Required<Counts> {
  tid: number;
  name: string;
  events_rucio: number;
  files_rucio: number;
  /** Declared files with events, of which there are no records. */
  files_missing: number;
  /** Files whose records are more or fewer than declared; the missing ones are not among them. */
  files_differ: number;
  /** Records that were rejected. */
  rejected: number;
  isComplete: boolean;
  /** What it is in after this check, and why. */
  state: State;
  details: string;
}

/** A declared file whose records are not those that are declared. */
export interface FileDifference {
  file: FileRow;
  /** Records that were found: none where it is missing. */
  events: number;
}

/** Records that belong to no declared file or dataset: they are counted, but the tables don't know of them. */
export interface RejectedRecords {
  file: number;
  tid: number;
  events: number;
  reason: string;
}

/** All that a check of a container tells. */
export interface ContainerCheck {
  dspid: number;
  dstypeid: number;
  name: string;
  counts: RecordCounts;
  events_rucio: number;
  files_rucio: number;
  /** Ascending by tid. */
  datasets: DatasetCheck[];
  /** Ascending by file. */
  missing: FileDifference[];
  differing: FileDifference[];
  rejected: RejectedRecords[];
  /** Of all of it. */
  rejectedRecords: number;
  isComplete: boolean;
}

/**
 * Holds the counts of a container against the tables.
 * @param datasets rows of this container
 * @param files its declared files
 */
export function checkContainer(
  counts: RecordCounts,
  container: Pick<ContainerRow, 'name' | 'events_rucio' | 'files_rucio'>,
  datasets: readonly DatasetRow[],
  files: readonly FileRow[],
): ContainerCheck {
  const found = eventsByFile(counts);
  const rejected = rejectedRecords(counts, datasets, files);
  const differences = files
    .map((file): FileDifference => ({ file, events: found.get(file.file) ?? 0 }))
    .filter(({ file, events }) => events !== file.events_rucio)
    .sort((a, b) => a.file.file - b.file.file);
  const missing = differences.filter(({ events }) => events === 0);
  const differing = differences.filter(({ events }) => events > 0);
  const tids = new Map(counts.tids.map((own) => [Number(own.tid), own]));
  const checked = datasets
    .toSorted((a, b) => a.tid - b.tid)
    .map((dataset) => checkDataset(dataset, tids.get(dataset.tid), { missing, differing, rejected }));
  const rejectedCount = rejected.reduce((sum, { events }) => sum + events, 0);
  return {
    dspid: counts.dspid,
    dstypeid: counts.dstypeid,
    name: container.name,
    counts,
    events_rucio: container.events_rucio,
    files_rucio: container.files_rucio,
    datasets: checked,
    missing,
    differing,
    rejected,
    rejectedRecords: rejectedCount,
    isComplete: checked.every(({ isComplete }) => isComplete) && rejectedCount === 0,
  };
}

function eventsByFile({ byFile: { file, events } }: RecordCounts): Map<number, number> {
  return new Map(Array.from(file, (number, i) => [number, events[i]!]));
}

function rejectedRecords(
  { byFile }: RecordCounts,
  datasets: readonly DatasetRow[],
  files: readonly FileRow[],
): RejectedRecords[] {
  const tids = new Set(datasets.map(({ tid }) => tid));
  const declared = new Map(files.map((file) => [file.file, file.tid]));
  const rejected: RejectedRecords[] = [];
  byFile.file.forEach((file, i) => {
    const tid = Number(byFile.tid[i]);
    const own = declared.get(file);
    const reason = !tids.has(tid)
      ? `there is no dataset with the tid ${tid}`
      : own === undefined
        ? `file ${file} is not declared`
        : own !== tid && `file ${file} is declared for the tid ${own}`;
    if (reason) rejected.push({ file, tid, events: byFile.events[i]!, reason });
  });
  return rejected;
}

function checkDataset(
  dataset: DatasetRow,
  counted: TidCounts | undefined,
  all: Pick<ContainerCheck, 'missing' | 'differing' | 'rejected'>,
): DatasetCheck {
  const { tid, events_rucio, files_rucio } = dataset;
  const { events = 0, events_uniq = 0, events_dup = 0, files = 0, files_dup = 0 } = counted ?? {};
  const missing = all.missing.filter(({ file }) => file.tid === tid).length;
  const differing = all.differing.filter(({ file }) => file.tid === tid);
  const rejected = all.rejected.filter((one) => one.tid === tid).reduce((sum, one) => sum + one.events, 0);
  const isComplete = events === events_rucio && missing === 0 && differing.length === 0 && rejected === 0;
  const isShort =
    events < events_rucio && rejected === 0 && differing.every((one) => one.events < one.file.events_rucio);
  const details = [
    events !== events_rucio && `${events} of ${events_rucio} events`,
    missing > 0 && `${missing} of ${files_rucio} files missing`,
    differing.length > 0 && `${plural(differing.length, 'file')} with more or fewer events than declared`,
    rejected > 0 && `${plural(rejected, 'record')} rejected`,
    events_dup > 0 && `${plural(events_dup, 'event')} more than once, in ${plural(files_dup, 'file')}`,
  ];
  return {
    tid,
    name: nameOfDataset(dataset),
    events_rucio,
    files_rucio,
    events,
    events_uniq,
    events_dup,
    files,
    files_dup,
    files_missing: missing,
    files_differ: differing.length,
    rejected,
    isComplete,
    state: stateOf(dataset, isComplete, isShort),
    details: details.filter(Boolean).join('; '),
  };
}

/** One that is still filled, or not imported yet, lacks events without having failed. */
function stateOf({ state, is_open }: DatasetRow, isComplete: boolean, isShort: boolean): State {
  if (state === 'obsolete') return state;
  if (isComplete) return 'validated';
  const isComing = state === 'registered' || state === 'importing';
  if (!isShort || !(is_open || isComing)) return 'failed';
  return isComing ? state : 'imported';
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** A check of which more than counts is wrong, in words, such as objects that are damaged: none of its datasets is valid. */
export function withDamage(check: ContainerCheck, damage: string | undefined): ContainerCheck {
  if (damage === undefined) return check;
  const datasets = check.datasets.map((one): DatasetCheck => {
    const details = one.details ? `${damage}; ${one.details}` : damage;
    return { ...one, isComplete: false, state: one.state === 'obsolete' ? one.state : 'failed', details };
  });
  return { ...check, datasets, isComplete: false };
}
