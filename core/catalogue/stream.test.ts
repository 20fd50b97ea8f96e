import { expect, it } from 'vitest';
import { eventAt, eventSet, eventsOf } from './stream.ts';

const LAST = 2n ** 64n - 1n;

it('a set holds each event once, ascending, runs apart', () => {
  const set = eventSet([2, 1, 2, 2, 1, 2], BigUint64Array.of(9n, LAST, 2n ** 53n + 1n, 2n ** 53n, 3n, 9n));
  expect(set.runs).toEqual([
    { runNumber: 1, events: BigUint64Array.of(3n, LAST) },
    { runNumber: 2, events: BigUint64Array.of(9n, 2n ** 53n, 2n ** 53n + 1n) },
  ]);
  expect(eventsOf(set)).toBe(5);
  expect(eventAt(set, 1)).toEqual({ runNumber: 1, event: LAST });
  expect(eventAt(set, 4)).toEqual({ runNumber: 2, event: 2n ** 53n + 1n });
});

it('all events of one run are given without a list of runs, and stay as they are', () => {
  const events = BigUint64Array.of(5n, 5n, 1n);
  expect(eventSet(7, events).runs).toEqual([{ runNumber: 7, events: BigUint64Array.of(1n, 5n) }]);
  expect(events).toEqual(BigUint64Array.of(5n, 5n, 1n));
  expect(eventSet(7, new BigUint64Array(0)).runs).toEqual([]);
});
