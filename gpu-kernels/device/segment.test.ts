import fc from 'fast-check';
import { expect, it } from 'vitest';
import { aligned, FreeList } from './segment.ts';

it('places never overlap, and all that was taken can be taken again once it was given back', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 900 }), fc.nat()), { maxLength: 60 }), (steps) => {
      const list = new FreeList(64 * 64);
      const taken: { at: number; size: number }[] = [];
      for (const [size, which] of steps) {
        if (which % 3 === 0 && taken.length > 0) {
          const [gone] = taken.splice(which % taken.length, 1);
          list.give(gone!.at, gone!.size);
          continue;
        }
        const at = list.takeAll([size])?.[0];
        if (at === undefined || size === 0) continue;
        expect(at + aligned(size)).toBeLessThanOrEqual(64 * 64);
        for (const other of taken)
          expect(at + aligned(size) <= other.at || other.at + aligned(other.size) <= at).toBe(true);
        taken.push({ at, size });
      }
      for (const { at, size } of taken) list.give(at, size);
      expect(list.isEmpty).toBe(true);
      expect(list.takeAll([64 * 64])).toEqual([0]);
    }),
  );
});

it('takes places for all arrays or for none', () => {
  const list = new FreeList(256);
  expect(list.takeAll([128, 192])).toBeUndefined();
  expect(list.isEmpty).toBe(true);
  expect(list.takeAll([128, 1, 0])).toEqual([0, 128, 0]);
});
