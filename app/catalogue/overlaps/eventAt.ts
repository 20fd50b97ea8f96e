import type { EventSet } from '../../../core/catalogue/stream.ts';

/** The event at a position of a set, which it has. */
export function eventAt({ runs }: EventSet, position: number): { runNumber: number; event: bigint } {
  let left = position;
  for (const { runNumber, events } of runs) {
    if (left < events.length) return { runNumber, event: events[left]! };
    left -= events.length;
  }
  throw new RangeError(`no event at ${position}`);
}
