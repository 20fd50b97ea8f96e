import { expect, it } from 'vitest';
import { SortedCounts } from './countSorted.ts';

it('counts events that occur more than once, and the files of all of their records, also across batches', () => {
  const counts = new SortedCounts(5);
  const add = (events: readonly bigint[], sources: readonly number[]) =>
    counts.add({
      rows: events.length,
      columns: new Map([
        ['eventno', { type: 'uint64', length: events.length, offsets: [], values: BigUint64Array.from(events) }],
        ['source', { type: 'int32', length: events.length, offsets: [], values: Int32Array.from(sources) }],
      ]),
    });
  add([], []);
  add([0n, 1n, 1n, 7n], [0, 1, 2, 3]);
  add([7n, 7n, 2n ** 32n + 7n], [1, 1, 0]);
  expect(counts.counts()).toEqual({ events: 7, events_uniq: 4, events_dup: 2, files: 4, files_dup: 3 });
});
