import type { Part } from '../../../core/catalogue/manifest.ts';
import type { StreamMember } from '../../../core/catalogue/stream.ts';
import {
  addTriggerCounts,
  noTriggerCounts,
  type TriggerCounts,
  type TriggerQuestion,
} from '../../../core/catalogue/triggerCounts.ts';
import type { OpenCatalogue } from '../openCatalogue.ts';
import type { RecordCountInput } from './recordCountTask.ts';

export interface CountTriggersOptions {
  signal?: AbortSignal | undefined;
  /** What was counted so far, of so many records. */
  onProgress?: (partial: TriggerCounts, records: number) => void;
}

/**
 * Counts trigger chains over the records of some data types of datasets. An event is a run number and an event number: it counts once, by the first of its records,
 * however many of them there are in whichever of the data types. The same numbers for any number of threads.
 * @throws LumiscopeError `format` naming the object whose records are wrong, `source`, `cancelled`
 */
export async function countTriggers(
  { manifest, folder, threads }: OpenCatalogue,
  members: readonly StreamMember[],
  question: TriggerQuestion,
  { signal, onProgress }: CountTriggersOptions = {},
): Promise<TriggerCounts> {
  const isMember = new Set(members.map(({ dspid, dstypeid }) => `${dspid} ${dstypeid}`));
  const runOf = new Map(manifest.families.map(({ dspid, runNumber }) => [dspid, runNumber]));
  const parts = manifest.parts.filter(({ dspid, dstypeid, rows }) => rows > 0 && isMember.has(`${dspid} ${dstypeid}`));
  const byRun = new Map<number, Part[]>();
  for (const part of parts) {
    const runNumber = runOf.get(part.dspid) ?? 0;
    byRun.set(runNumber, [...(byRun.get(runNumber) ?? []), part]);
  }
  const inputs: RecordCountInput[] = [];
  for (const [runNumber, own] of [...byRun].sort(([a], [b]) => a - b)) {
    for (const cluster of overlapping(own)) {
      const task = { folder, runNumber, parts: cluster, question };
      const starts =
        cluster.length > 1 ? await threads.run('triggerWindows', { folder, parts: cluster }, signal) : [0n];
      for (let i = 0; i < starts.length; i++) inputs.push({ ...task, from: starts[i]!, to: starts[i + 1] });
    }
  }
  const total = parts.reduce((sum, { rows }) => sum + rows, 0);
  let counts = noTriggerCounts(question);
  await threads.all('triggerCounts', inputs, {
    signal,
    onResult: (part) => {
      counts = addTriggerCounts(counts, part);
      onProgress?.(counts, total);
    },
  });
  return counts;
}

/** Parts in groups, none of which holds an event number that another one may hold. */
function overlapping(parts: readonly Part[]): Part[][] {
  const sorted = parts
    .map((part) => ({ part, first: BigInt(part.first), last: BigInt(part.last) }))
    .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const groups: Part[][] = [];
  let last = -1n;
  for (const one of sorted) {
    if (one.first > last) groups.push([]);
    groups.at(-1)!.push(one.part);
    if (one.last > last) last = one.last;
  }
  return groups;
}
