import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withCounting } from '../kernels/counting.ts';
import { OverlapCounter } from './overlapCounter.ts';
import { strategyOf } from './strategy.ts';
import { dumbCounts } from './testing/dumbCounts.ts';
import { type KeySource, windows } from './windows.ts';

const LAST = 2n ** 64n - 1n;

function sourceOf(stream: number, keys: BigUint64Array, block: number): KeySource {
  let at = 0;
  return {
    stream,
    next: async () => {
      at += block;
      return at - block < keys.length ? { keys: keys.slice(at - block, at) } : undefined;
    },
  };
}

const sorted = (keys: bigint[]) => BigUint64Array.from(keys).sort();

async function count(size: number, sources: KeySource[], { capacity = 4096, bits = 4096, ahead = 2 ** 20 } = {}) {
  return withCounting(async (counting) => {
    const counter = new OverlapCounter(counting, size, { bits });
    for await (const window of windows(sources, capacity, ahead)) counter.take(window);
    return counter.finish();
  });
}

function expectDumb(size: number, counted: Awaited<ReturnType<typeof count>>, streams: bigint[][]) {
  const dumb = dumbCounts(streams.map((events) => events.map(String)));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) counted.both[i * size + j] = counted.both[j * size + i]!;
  }
  counted.inExactly[0] = 0;
  expect({ ...counted, duplicates: dumb.duplicates }).toEqual(dumb);
}

/** Event numbers that are dense, far apart, at the end of 64 bits, and often the same. */
const numbers = fc.oneof(
  fc.bigInt({ min: 0n, max: 40n }),
  fc.bigInt({ min: 1_000_000n, max: 1_100_000n }),
  fc.bigInt({ min: 0n, max: LAST }),
  fc.bigInt({ min: LAST - 30n, max: LAST }),
);

it('counts as sets do: any numbers, any blocks, streams in several parts that overlap, windows of any size', async () => {
  const shapes = fc.record({
    streams: fc.array(fc.array(fc.array(numbers, { maxLength: 40 }), { maxLength: 3 }), { minLength: 1, maxLength: 9 }),
    block: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 50 })),
    capacity: fc.constantFrom(1, 7, 100, 4096),
    ahead: fc.constantFrom(1, 10, 100, 2 ** 20),
  });
  await fc.assert(
    fc.asyncProperty(shapes, async ({ streams, block, capacity, ahead }) => {
      const sources = streams.flatMap((parts, i) => parts.map((keys) => sourceOf(i, sorted(keys), block)));
      const counted = await count(streams.length, sources, { capacity, ahead, bits: 128 * Math.ceil(capacity / 128) });
      const all = streams.map((parts) => parts.flat());
      expectDumb(streams.length, counted, all);
    }),
    { numRuns: 100 },
  );
});

it.each([
  ['span', 1, 2],
  ['ranked', 10, 40],
  ['sorted', 2 ** 34, 5],
] as const)('windows that are placed by %s fill rows many times over', async (strategy, step, size) => {
  const bits = 4096;
  const each = 10 * bits;
  expect(strategyOf(bits, bits * step, size, bits)).toBe(strategy);
  // Stream i has every (i + 1)th event, and the first one twice.
  const sources = Array.from({ length: size }, (_, i) => {
    const length = Math.ceil(each / (i + 1)) + 1;
    const keys = Array.from({ length }, (_, k) => BigInt(Math.max(0, k - 1) * (i + 1)) * BigInt(step));
    return sourceOf(i, BigUint64Array.from(keys), 10_000);
  });
  const { both, records, inExactly } = await count(size, sources);
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
  for (let i = 0; i < size; i++) {
    expect(records[i]).toBe(Math.ceil(each / (i + 1)) + 1);
    for (let j = i; j < size; j++) {
      const multiple = ((i + 1) * (j + 1)) / gcd(i + 1, j + 1);
      expect(both[i * size + j], `${i} and ${j}`).toBe(Math.ceil(each / multiple));
    }
  }
  const total = [...inExactly].slice(1).reduce((sum, events, k) => sum + events * (k + 1), 0);
  expect(total).toBe([...records].reduce((sum, one) => sum + one - 1, 0));
});

it('one event in millions of records of a stream is one event', async () => {
  const keys = new BigUint64Array(2_000_000).fill(LAST);
  const { both, records } = await count(2, [sourceOf(1, keys, 65_536), sourceOf(0, sorted([LAST, 5n]), 10)]);
  expect([...records]).toEqual([2, 2_000_000]);
  expect([...both]).toEqual([2, 1, 0, 1]);
});

it('a hundred streams, empty ones and identical ones among them', async () => {
  const events = [3n, 70n, LAST];
  const streams = Array.from({ length: 100 }, (_, i) => (i % 3 === 0 ? [] : events));
  const sources = streams.map((keys, i) => sourceOf(i, sorted(keys), 2));
  expectDumb(100, await count(100, sources), streams);
});

it('a source whose events are far apart is not read to its end while another one is dense', async () => {
  let read = 0;
  const sparse: KeySource = {
    stream: 0,
    next: async () => {
      const first = 100n * BigInt(read);
      return read++ < 1000 ? { keys: BigUint64Array.from({ length: 50 }, (_, k) => first + BigInt(2 * k)) } : undefined;
    },
  };
  const dense = sourceOf(
    1,
    BigUint64Array.from({ length: 50_000 }, (_, k) => BigInt(k) / 10n),
    50,
  );
  for await (const { first } of windows([sparse, dense], 100, 100)) if (first > 2000n) break;
  // Of 2,000 event numbers, 20 blocks.
  expect(read).toBeLessThan(40);
});
