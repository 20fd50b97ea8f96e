import type { BadLine } from './badLines.ts';
import type { ImportProgress } from './importRecords.ts';
import { type ReadOptions, tryInputs } from './readInputs.ts';
import { byGuid, type SegmentHeader } from './segment.ts';
import { type LegacySummary, summaryOf } from './summary.ts';
import type { TextInput } from './textInput.ts';

export interface TriedRecords {
  summary: LegacySummary;
  /** Files of events. */
  files: number;
  /** The first bad lines. */
  bad: (BadLine & { file: string })[];
}

const SHOWN = 20;

/** Reads all records, and keeps nothing. @throws LumiscopeError as `readInputs` */
export async function tryRecords(
  inputs: readonly TextInput[],
  options: Omit<ReadOptions, 'onProgress'> & { onProgress?: (progress: ImportProgress) => void },
): Promise<TriedRecords> {
  const guids = new Set<string>();
  const headers: Omit<SegmentHeader, 'files'>[] = [];
  const bad: TriedRecords['bad'] = [];
  const { onProgress } = options;
  await tryInputs(
    inputs,
    { ...options, onProgress: (progress) => onProgress?.({ step: 'read', ...progress }) },
    (header, records) => {
      headers.push(header);
      for (const line of header.bad.slice(0, SHOWN - bad.length)) bad.push({ ...line, file: inputs[line.input]!.name });
      const own = byGuid(records).guids;
      for (let at = 0; at < own.length; at += 16) guids.add(own.toString('hex', at, at + 16));
    },
  );
  return { summary: summaryOf(headers), files: guids.size, bad };
}
