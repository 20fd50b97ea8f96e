import { KEPT_OUT, type KeptOut } from '../../core/ingest/legacyFields.ts';
import type { ImportReport } from '../../workers/ingest/legacy/importRecords.ts';
import type { LegacySummary } from '../../workers/ingest/legacy/summary.ts';
import type { TriedRecords } from '../../workers/ingest/legacy/tryRecords.ts';
import { countOf, formatBytes, table } from '../text.ts';

/** What an import did. @param work its folder */
export function reportText(report: ImportReport, relay: string, work: string): string {
  const { dataset, events, files, objects, duplicates, conflicts, badLines, doneBefore } = report;
  const bytes = objects.reduce((sum, object) => sum + object.bytes, 0);
  return [
    `${dataset}: ${countOf(events, 'record')} of ${countOf(files, 'file')} in ${countOf(objects.length, 'object')} at ${relay}\n`,
    doneBefore ? `  was done before: nothing was read or sent now. To do it anew, remove ${work}\n` : '',
    `  ${formatBytes(bytes)}, ${(bytes / Math.max(1, events)).toFixed(1)} B a record\n`,
    duplicates > 0 ? `  ${countOf(duplicates, 'line')} came again: left out\n` : '',
    conflicts > 0
      ? `  ${countOf(conflicts, 'line')} named a record again, but said other things of it: left out\n`
      : '',
    linesText(report),
    badLines ? `  kept aside in ${badLines}\n` : '',
    countsText(report),
  ].join('');
}

/** What a dry run found. */
export function triedText(dataset: string, { summary, files, bad }: TriedRecords): string {
  return [
    `${dataset}: ${countOf(summary.records, 'record')} of ${countOf(files, 'file')}; nothing was staged\n`,
    linesText(summary),
    ...bad.map(({ file, line, column, field, reason }) => `    ${file}:${line}:${column}: ${field} ${reason}\n`),
    countsText(summary),
  ].join('');
}

function linesText({ lines, blank, bad }: LegacySummary): string {
  return `  ${countOf(lines, 'line')}: ${bad.toLocaleString('en')} bad, ${blank.toLocaleString('en')} blank\n`;
}

function countsText({ smk, counts: { keptOut, storage, triggered } }: LegacySummary): string {
  const rows = (entries: [number, string][]) =>
    table(
      entries.map(([number, what]) => ['', number.toLocaleString('en'), what]),
      [1],
    );
  const out = (Object.entries(keptOut) as [KeptOut, number][]).map(([what, n]): [number, string] => [
    n,
    KEPT_OUT[what],
  ]);
  const stored = Object.entries(storage).map(([what, n]): [number, string] => [n, what]);
  return [
    `  ${countOf(triggered, 'record')} with trigger decisions or keys${smk === undefined ? '' : `, of the menu ${smk}`}\n`,
    out.length > 0 ? `  counted, not stored:\n${rows(out)}` : '',
    stored.length > 0 ? `  how files keep records (CNT, CLID, TECH of tokens), not stored:\n${rows(stored)}` : '',
  ].join('');
}
