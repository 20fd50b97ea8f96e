/** What a pick reads: which parts for which events, and about how much that is. By the manifest alone. */
import type { Part } from './manifest.ts';
import { chooseSearched, type PickOptions, type Searched } from './pickChoice.ts';
import { type LookedInto, placeOf } from './picked.ts';
import type { EventSet } from './stream.ts';
import { BYTES_OF_GROUP, LEAST_OF_GROUP, RECORDS_OF_GROUP } from './tables.ts';

/** Events that are looked for in a part: those within its first and last event number. */
export interface PartPick {
  part: Part;
  runNumber: number;
  /** Ascending. */
  events: BigUint64Array;
}

/** What is looked into for one run, round by round. */
export interface RunPlan {
  runNumber: number;
  rounds: Searched[][];
  /** Data types of datasets of the run. */
  members: number;
}

export function planRuns(events: EventSet, options: PickOptions, runs: ReadonlyMap<number, Searched[]>): RunPlan[] {
  return events.runs.map(({ runNumber }) => {
    const run = runs.get(runNumber) ?? [];
    return { runNumber, rounds: chooseSearched(run, options), members: run.length };
  });
}

/** What a round reads for events of a run. */
export function partPicks(runNumber: number, events: BigUint64Array, round: readonly Searched[]): PartPick[] {
  return round.flatMap(({ parts }) =>
    parts.flatMap((part) => {
      const from = placeOf(events, BigInt(part.first));
      const last = BigInt(part.last);
      let to = placeOf(events, last);
      if (events[to] === last) to++;
      return from < to ? [{ part, runNumber, events: events.subarray(from, to) }] : [];
    }),
  );
}

/** The events that no round so far has found. @param found event numbers, in any order */
export function withoutFound(events: BigUint64Array, found: readonly bigint[]): BigUint64Array {
  const isFound = new Uint8Array(events.length);
  for (const event of found) isFound[placeOf(events, event)] = 1;
  return events.filter((_, index) => isFound[index] === 0);
}

export interface PickCost {
  /** Objects that are read. */
  objects: number;
  /** At most, since neighbours are fetched together. */
  requests: number;
  /** About. */
  bytes: number;
  /** Parts that are asked where the first ones lack an event: not in the numbers above. */
  further: number;
}

/** What the first round of a pick costs. Row groups that events share count once, on average. */
export function pickCost(events: EventSet, plans: readonly RunPlan[]): PickCost {
  const cost: PickCost = { objects: 0, requests: 0, bytes: 0, further: 0 };
  plans.forEach(({ runNumber, rounds: [first = [], ...rest] }, at) => {
    for (const { part, events: own } of partPicks(runNumber, events.runs[at]!.events, first)) {
      const size = recordsOfGroup(part);
      const groups = Math.max(1, Math.ceil(part.rows / size));
      const touched = groups * (1 - (1 - 1 / groups) ** own.length);
      cost.objects += 2;
      cost.requests += 1 + Math.ceil(touched - 1e-9);
      cost.bytes += part.index.bytes + part.records.bytes * Math.min(1, (touched * size) / part.rows);
    }
    for (const round of rest) cost.further += partPicks(runNumber, events.runs[at]!.events, round).length;
  });
  return cost;
}

/** Records of a part's row groups, about. */
function recordsOfGroup({ rows, records }: Part): number {
  let size = RECORDS_OF_GROUP;
  while (size > LEAST_OF_GROUP && (size * records.bytes) / rows > BYTES_OF_GROUP) size /= 2;
  return size;
}

/** Where each run was looked for, after so many rounds. */
export function lookedInto({ runNumber, rounds, members }: RunPlan, done: number): LookedInto {
  const searched = rounds.slice(0, done).flat();
  return { runNumber, searched, others: members - searched.length };
}
