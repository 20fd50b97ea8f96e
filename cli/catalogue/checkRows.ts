import type { ContainerCheck } from '../../core/catalogue/completeness.ts';
import { timesOf } from '../../core/catalogue/duplicates.ts';
import { printGuid } from '../../core/catalogue/eventKey.ts';
import type { FileRow } from '../../core/catalogue/tables.ts';
import { listDuplicates } from '../../workers/catalogue/check/listDuplicates.ts';
import type { OpenCatalogue } from '../../workers/catalogue/openCatalogue.ts';
import type { Cell, Rows } from './rows.ts';

export const CHECK_LISTS = ['counts', 'files', 'files_dup', 'missing', 'rejected', 'duplicates'] as const;
/** What of a check is listed. */
export type CheckList = (typeof CHECK_LISTS)[number];

/** A check as rows. */
export async function checkRows(
  catalogue: OpenCatalogue,
  checks: readonly ContainerCheck[],
  list: CheckList,
): Promise<Rows> {
  const files = async ({ dspid, dstypeid }: ContainerCheck) => await catalogue.files(dspid, dstypeid);
  switch (list) {
    case 'counts':
      return { columns: COUNTS, rows: checks.flatMap(countRows) };
    case 'files':
    case 'files_dup': {
      const rows: Cell[][] = [];
      for (const check of checks) rows.push(...fileRows(check, await files(check), list === 'files_dup'));
      return { columns: FILES, rows };
    }
    case 'missing':
      return {
        columns: ['container', 'tid', 'file', 'guid', 'events', 'events_rucio'],
        rows: checks.flatMap(missingRows),
      };
    case 'rejected':
      return {
        columns: ['container', 'tid', 'file', 'events', 'reason'],
        rows: checks.flatMap(({ name, rejected }) =>
          rejected.map(({ tid, file, events, reason }) => [name, tid, file, events, reason]),
        ),
      };
    case 'duplicates': {
      const rows: Cell[][] = [];
      for (const check of checks) rows.push(...(await duplicateRows(catalogue, check, await files(check))));
      return { columns: ['container', 'event', 'times', 'files', 'guids'], rows };
    }
  }
}

const COUNTS = [
  'of',
  'name',
  'files',
  'files_rucio',
  'files_dup',
  'events',
  'events_rucio',
  'events_uniq',
  'events_dup',
  'missing',
  'rejected',
  'state',
  'details',
];

function countRows(check: ContainerCheck): Cell[][] {
  const { counts, files_rucio, events_rucio, missing, rejectedRecords, isComplete } = check;
  return [
    [
      'container',
      check.name,
      counts.files,
      files_rucio,
      counts.files_dup,
      counts.events,
      events_rucio,
      counts.events_uniq,
      counts.events_dup,
      missing.length,
      rejectedRecords,
      isComplete ? 'complete' : 'not as declared',
      '',
    ],
    ...check.datasets.map((one): Cell[] => [
      'dataset',
      one.name,
      one.files,
      one.files_rucio,
      one.files_dup,
      one.events,
      one.events_rucio,
      one.events_uniq,
      one.events_dup,
      one.files_missing,
      one.rejected,
      one.state,
      one.details,
    ]),
  ];
}

const FILES = [
  'container',
  'tid',
  'file',
  'guid',
  'events',
  'events_rucio',
  'events_uniq',
  'events_dup',
  'dup_in_dataset',
  'dup_in_container',
];

function fileRows({ name, counts: { byFile } }: ContainerCheck, files: readonly FileRow[], onlyDup: boolean): Cell[][] {
  const declared = new Map(files.map((file) => [file.file, file]));
  return Array.from(byFile.file, (file, i): Cell[] => {
    const { tid, events, events_uniq, events_dup, dupInTid, dupInAll } = byFile;
    const own = declared.get(file);
    return [
      name,
      tid[i],
      file,
      own && guidOf(own),
      events[i],
      own?.events_rucio,
      events_uniq[i],
      events_dup[i],
      dupInTid[i],
      dupInAll[i],
    ];
  }).filter((row) => !onlyDup || row.at(-1) !== 0);
}

function missingRows({ name, missing, differing }: ContainerCheck): Cell[][] {
  return [...missing, ...differing].map(({ file, events }) => [
    name,
    file.tid,
    file.file,
    guidOf(file),
    events,
    file.events_rucio,
  ]);
}

async function duplicateRows(
  catalogue: OpenCatalogue,
  check: ContainerCheck,
  files: readonly FileRow[],
): Promise<Cell[][]> {
  if (check.counts.events_dup === 0) return [];
  const declared = new Map(files.map((file) => [file.file, guidOf(file)]));
  const duplicates = await listDuplicates(catalogue, check, { most: Number.MAX_SAFE_INTEGER });
  return Array.from(duplicates.eventno, (event, i): Cell[] => {
    const holders = [...duplicates.files.subarray(duplicates.offsets[i], duplicates.offsets[i + 1])];
    const guids = holders.map((file) => declared.get(file) ?? '–');
    return [check.name, event, timesOf(duplicates, i), holders.join(' '), guids.join(' ')];
  });
}

const guidOf = ({ guid_hi, guid_lo }: FileRow) => printGuid({ hi: guid_hi, lo: guid_lo });
