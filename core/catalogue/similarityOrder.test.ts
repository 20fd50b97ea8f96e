import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lengthOfOrder, orderBySimilarity } from './similarityOrder.ts';

/** Distances 0 … 1 that follow from a seed, all different. */
const scattered = (count: number, seed: number) => (a: number, b: number) =>
  (Math.imul(seed * 1_000_003 + Math.min(a, b) * count + Math.max(a, b), 2_654_435_761) >>> 0) / 2 ** 32;

describe('the order by similarity', () => {
  it('is that of points on a line, from whichever side has the first of them', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 1e6 }), { minLength: 1, maxLength: 40 }), (points) => {
        const order = orderBySimilarity(points.length, (a, b) => Math.abs(points[a]! - points[b]!));
        const sorted = points.map((_, i) => i).sort((a, b) => points[a]! - points[b]!);
        expect(order).toEqual(sorted[0]! > sorted.at(-1)! ? sorted.reverse() : sorted);
      }),
    );
  });

  // The shortest of all 2^(n−1) orders of the tree by scipy 1.17.1, linkage(d, 'average'), tried one by one. (Its optimal_leaf_ordering finds
  // longer ones for the last two.)
  it.each([
    [3, 1, 0.5358488394413143],
    [6, 2, 1.3448755622375757],
    [12, 3, 1.397006428334862],
    [15, 4, 1.3245255325455219],
    [17, 5, 2.1010488038882613],
  ])('of %i things is the shortest that its tree allows', (count, seed, length) => {
    const distance = scattered(count, seed);
    const order = orderBySimilarity(count, distance);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
    expect(lengthOfOrder(order, distance)).toBeCloseTo(length, 10);
  });

  it('keeps groups together', () => {
    const group = [0, 1, 2, 0, 1, 2, 0, 1, 2, 0];
    const order = orderBySimilarity(group.length, (a, b) => (group[a] === group[b] ? 0.1 : 0.9));
    const groups = order.map((i) => group[i]);
    expect(groups.filter((g, i) => g !== groups[i - 1])).toHaveLength(3);
  });

  it.each([0, 1, 2])('holds each of %i things once', (count) => {
    expect(orderBySimilarity(count, () => 0)).toEqual(Array.from({ length: count }, (_, i) => i));
  });

  it('holds every thing once where all are the same', () => {
    const order = orderBySimilarity(83, () => 0);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 83 }, (_, i) => i));
  });
});
