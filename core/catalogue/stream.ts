/** What overlaps are counted between: data types of datasets, and sets of events from anywhere. */

/**
 * Distinct events, ascending. Event numbers are those of a run: two runs have the same ones, of different events.
 */
export interface EventSet {
  /** Ascending by run number, none twice, none empty. */
  runs: RunEvents[];
}

export interface RunEvents {
  /** Of simulation, the dataset number. */
  runNumber: number;
  /** Ascending, each once. */
  events: BigUint64Array;
}

/** Records of one data type of one dataset: all tids. */
export interface StreamMember {
  dspid: number;
  dstypeid: number;
}

export type Stream =
  | { name: string; members: readonly StreamMember[] }
  /** Events that were found, pasted or kept. */
  | { name: string; events: EventSet };

/** A set of events in any order, some perhaps more than once. @param runNumbers of each event, or of all of them */
export function eventSet(runNumbers: ArrayLike<number> | number, events: BigUint64Array): EventSet {
  const runs: RunEvents[] = [];
  const add = (runNumber: number, own: BigUint64Array) => {
    if (own.length > 0) runs.push({ runNumber, events: distinct(own) });
  };
  if (typeof runNumbers === 'number') {
    add(runNumbers, events.slice());
  } else {
    const counts = new Map<number, number>();
    for (let i = 0; i < events.length; i++) counts.set(runNumbers[i]!, (counts.get(runNumbers[i]!) ?? 0) + 1);
    const parts = new Map([...counts].map(([run, count]) => [run, new BigUint64Array(count)]));
    for (let i = events.length - 1; i >= 0; i--) {
      const left = counts.get(runNumbers[i]!)! - 1;
      counts.set(runNumbers[i]!, left);
      parts.get(runNumbers[i]!)![left] = events[i]!;
    }
    for (const [run, part] of [...parts].sort(([a], [b]) => a - b)) add(run, part);
  }
  return { runs };
}

export function eventsOf({ runs }: EventSet): number {
  return runs.reduce((sum, { events }) => sum + events.length, 0);
}

/** The event at a position of a set, which it has. */
export function eventAt({ runs }: EventSet, position: number): { runNumber: number; event: bigint } {
  let left = position;
  for (const { runNumber, events } of runs) {
    if (left < events.length) return { runNumber, event: events[left]! };
    left -= events.length;
  }
  throw new RangeError(`no event at ${position}`);
}

/** Sorts in place. */
function distinct(events: BigUint64Array): BigUint64Array {
  events.sort();
  let kept = 0;
  for (let i = 0; i < events.length; i++) {
    const event = events[i]!;
    if (kept === 0 || event !== events[kept - 1]) events[kept++] = event;
  }
  return kept === events.length ? events : events.slice(0, kept);
}
