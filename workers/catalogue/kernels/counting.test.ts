import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withCounting } from './counting.ts';

/** Counted event by event. */
function dumb(rows: readonly ReadonlySet<number>[]): Float64Array {
  const sums = new Float64Array(rows.length ** 2);
  rows.forEach((own, i) => {
    rows.forEach((other, j) => {
      if (i < j) for (const event of own) if (other.has(event)) sums[i * rows.length + j]!++;
    });
  });
  return sums;
}

/** By rows, in two calls: the sums go on. */
function counted(rows: readonly ReadonlySet<number>[], events: number): Promise<Float64Array> {
  return withCounting((counting) => {
    const stride = 16 * Math.ceil(events / 128) + 16;
    const at = counting.take(rows.length * stride);
    const both = counting.take(4 * rows.length ** 2);
    const filled = counting.take(4 * rows.length);
    const bytes = counting.bytes(at, rows.length * stride);
    rows.forEach((own, i) => {
      for (const event of own) bytes[i * stride + (event >> 3)]! |= 1 << (event & 7);
    });
    const half = 16 * Math.floor((stride - 16) / 32);
    counting.run.countPairs(at, rows.length, stride, half, both, filled);
    counting.run.countPairs(at + half, rows.length, stride, stride - 16 - half, both, filled);
    return counting.pairs(both, rows.length);
  });
}

it('pairs of rows share what a dumb count finds: rows of few bits, of many, of none', async () => {
  const shapes = fc.record({
    events: fc.integer({ min: 1, max: 20_000 }),
    rows: fc.array(fc.oneof(fc.constantFrom(0, 1, 0.5, 0.001), fc.double({ min: 0, max: 0.1, noNaN: true })), {
      minLength: 1,
      maxLength: 24,
    }),
    seed: fc.nat(),
  });
  await fc.assert(
    fc.asyncProperty(shapes, async ({ events, rows: rates, seed }) => {
      let state = seed;
      const random = () => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return state / 2 ** 32;
      };
      const rows = rates.map(
        (rate) => new Set(Array.from({ length: events }, (_, event) => event).filter(() => random() < rate)),
      );
      expect(await counted(rows, events)).toEqual(dumb(rows));
    }),
    { numRuns: 15 },
  );
});

it('hundreds of rows, most of which have a bit or two', async () => {
  const many = Array.from({ length: 120 }, (_, row) => new Set([row % 7, 1000 + (row % 40), 8191]));
  expect(await counted(many, 8192)).toEqual(dumb(many));
});

it('so many bits that they are not listed', async () => {
  const full = new Set(Array.from({ length: 8192 }, (_, event) => event));
  const rows = Array.from({ length: 140 }, (_, row) => (row % 20 === 0 ? new Set([row]) : full));
  const share = (i: number, j: number) => [8192, 1, 0][[i, j].filter((row) => row % 20 === 0).length]!;
  const sums = await counted(rows, 8192);
  expect(sums.every((sum, k) => sum === (k % 140 > k / 140 ? share(Math.floor(k / 140), k % 140) : 0))).toBe(true);
});

it('an instance that is lent again has nothing left of what was counted before', async () => {
  for (let turn = 0; turn < 2; turn++) {
    await withCounting((counting) => {
      const place = counting.take(100);
      expect(counting.bytes(place, 100).every((byte) => byte === 0)).toBe(true);
      counting.bytes(place, 100).fill(255);
    });
  }
});

it.each([2 ** 32, 2 ** 33 + 32])('more memory than there can be, %i bytes, is said to be that', async (bytes) => {
  await expect(withCounting((counting) => counting.take(bytes))).rejects.toThrow(/memory/i);
});
