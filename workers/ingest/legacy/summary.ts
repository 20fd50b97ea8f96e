import type { LegacyCounts } from '../../../core/ingest/legacyRecord.ts';
import type { SegmentHeader } from './segment.ts';

/** What was read of all inputs. */
export interface LegacySummary {
  lines: number;
  records: number;
  blank: number;
  bad: number;
  counts: LegacyCounts;
  smk?: number | undefined;
  /** Of origins, in the order of their names. */
  provenanceTypes: string[];
}

/** @param headers in the order of the inputs */
export function summaryOf(headers: Iterable<Omit<SegmentHeader, 'files'>>): LegacySummary {
  const summary: LegacySummary = { lines: 0, records: 0, blank: 0, bad: 0, counts: noCounts(), provenanceTypes: [] };
  const types = new Set<string>();
  for (const { records, blank, bad, counts, smk, provenanceTypes } of headers) {
    summary.records += records;
    summary.blank += blank;
    summary.bad += bad.length;
    summary.lines += records + blank + bad.length;
    summary.smk ??= smk;
    addCounts(summary.counts, counts);
    for (const type of provenanceTypes) types.add(type);
  }
  return { ...summary, provenanceTypes: [...types].sort() };
}

function noCounts(): LegacyCounts {
  return { keptOut: {}, storage: {}, triggered: 0, derived: 0 };
}

function addCounts(to: LegacyCounts, { keptOut, storage, triggered, derived }: LegacyCounts): void {
  to.triggered += triggered;
  to.derived += derived;
  for (const what of Object.keys(keptOut) as (keyof typeof keptOut)[])
    to.keptOut[what] = (to.keptOut[what] ?? 0) + keptOut[what]!;
  for (const [what, count] of Object.entries(storage)) to.storage[what] = (to.storage[what] ?? 0) + count;
}
