import { expect, test } from 'vitest';
import { Ring } from './ring.ts';

test('a ring holds whole steps, and forgets those that left it', () => {
  const ring = new Ring(4, 10, 1000);
  ring.add(1, 1000);
  ring.add(2, 1009);
  expect(ring.values(1009), 'the present step is not over').toEqual([0, 0, 0]);
  ring.add(5, 1010);
  expect(ring.values(1020)).toEqual([0, 3, 5]);
  expect(ring.end(1020)).toBe(1020);
  expect(ring.values(1030)).toEqual([3, 5, 0]);
  expect(ring.values(1040)).toEqual([5, 0, 0]);
  expect(ring.values(9000)).toEqual([0, 0, 0]);
});

test('a clock that was put back loses nothing', () => {
  const ring = new Ring(4, 10, 1000);
  ring.add(1, 1015);
  ring.add(2, 900);
  expect(ring.values(1020)).toEqual([0, 0, 3]);
});
