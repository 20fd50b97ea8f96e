import { expect, it } from 'vitest';
import { firstBatch, nextBatch } from './batches.ts';

const MILLION = 2 ** 20;
const batch = { most: MILLION, events: MILLION, isSoftware: false };

it('batches grow, step by step, until they take 50 ms', () => {
  let most = firstBatch(false);
  const sizes: number[] = [];
  for (let k = 0; k < 5; k++) {
    most = nextBatch({ ...batch, most, events: most, seconds: most * 1e-9 });
    sizes.push(most);
  }
  expect(sizes).toEqual([8 * MILLION, 5e7, 5e7, 5e7, 5e7]);
});

it('one that took longer halves the next, one that took far too long cuts it down', () => {
  expect(nextBatch({ ...batch, seconds: 0.4 })).toBe(MILLION / 2);
  expect(nextBatch({ ...batch, seconds: 5 })).toBe(2 ** 16);
  expect(nextBatch({ ...batch, seconds: 0.6 })).toBe(Math.ceil(MILLION / 12));
  expect(nextBatch({ ...batch, seconds: 5, isSoftware: true })).toBe(Math.ceil(MILLION / 100));
});

it('the rest of a run tells nothing but that it took too long', () => {
  expect(nextBatch({ ...batch, events: 10, seconds: 0.01 })).toBe(MILLION);
  expect(nextBatch({ ...batch, events: 10, seconds: 0.06 })).toBe(MILLION / 2);
});
