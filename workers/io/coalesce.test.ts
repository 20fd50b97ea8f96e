import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ByteRange, ByteSource, RangeCache } from './byteSource.ts';
import { LONGEST_REQUEST, mergeRanges, readRanges, requestsOf } from './coalesce.ts';
import { cancelled } from './errors.ts';

const SIZE = 2000;
const BYTES = Uint8Array.from({ length: SIZE }, (_, i) => i & 255);

/** A source in memory that notes what is asked of it. */
function memory(onRead: (offset: number, length: number) => void | Promise<void> = () => {}): ByteSource {
  return {
    url: 'memory',
    size: SIZE,
    etag: undefined,
    async read(offset, length, signal) {
      await onRead(offset, length);
      if (signal?.aborted) throw cancelled();
      return BYTES.slice(offset, offset + length);
    },
  };
}

it('ranges are merged across gaps up to the limit, and not beyond', () => {
  const spans = (gap: number) =>
    mergeRanges(
      [
        [30, 5],
        [0, 10],
        [20, 10],
        [0, 0],
      ],
      gap,
    ).map(({ offset, end }) => [offset, end]);
  expect(spans(0)).toEqual([
    [0, 10],
    [20, 35],
  ]);
  expect(spans(9)).toEqual([
    [0, 10],
    [20, 35],
  ]);
  expect(spans(10)).toEqual([[0, 35]]);
});

it('any ranges, overlapping or not, in any order, give their own bytes', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(SIZE - 100), fc.nat(100)), { maxLength: 20 }),
      fc.nat(200),
      async (ranges, gap) => {
        const results = await readRanges(memory(), ranges, undefined, gap);
        expect(results).toEqual(ranges.map(([offset, length]) => BYTES.slice(offset, offset + length)));
      },
    ),
  ));

it('at most eight requests are in flight', async () => {
  let now = 0;
  let most = 0;
  const source = memory(async () => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setTimeout(resolve, 2));
    now--;
  });
  await readRanges(
    source,
    Array.from({ length: 20 }, (_, i) => [i * 100, 10] as const),
    undefined,
    0,
  );
  expect(most).toBe(8);
});

it('one failure ends the others', async () => {
  let asked = 0;
  const source = memory(async () => {
    const own = ++asked;
    await new Promise((resolve) => setTimeout(resolve, own));
    if (own === 2) throw new Error('no');
  });
  await expect(
    readRanges(
      source,
      Array.from({ length: 20 }, (_, i) => [i * 100, 10] as const),
      undefined,
      0,
    ),
  ).rejects.toThrow('no');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(asked).toBeLessThanOrEqual(9);
});

it('asks only for what the cache lacks, and offers it what came', async () => {
  const kept = new Map<string, Uint8Array>([['100,10', BYTES.slice(100, 110)]]);
  const cache: RangeCache = {
    get: async (ranges) => ranges.map((range) => kept.get(String(range))),
    holds: async (ranges) => ranges.map((range) => kept.has(String(range))),
    put: (ranges, bytes) => {
      for (const [index, range] of ranges.entries()) kept.set(String(range), bytes[index]!.slice());
    },
  };
  const asked: ByteRange[] = [];
  const source = { ...memory((offset, length) => void asked.push([offset, length])), cache };
  const ranges: ByteRange[] = [
    [100, 10],
    [0, 0],
    [115, 5],
    [90, 5],
  ];
  const right = ranges.map(([offset, length]) => BYTES.slice(offset, offset + length));
  expect(await readRanges(source, ranges, undefined, 0)).toEqual(right);
  expect(asked).toEqual([
    [90, 5],
    [115, 5],
  ]);
  expect(await readRanges(source, ranges, undefined, 0)).toEqual(right);
  expect(asked).toHaveLength(2);
});

it('a long range comes in parts of one length, and small ones are not put together beyond that', async () => {
  const size = 3 * LONGEST_REQUEST;
  const asked: ByteRange[] = [];
  const source: ByteSource = {
    url: 'long',
    size,
    etag: undefined,
    async read(offset, length) {
      asked.push([offset, length]);
      return new Uint8Array(length).fill(1 + Math.floor(offset / LONGEST_REQUEST));
    },
  };
  const long = LONGEST_REQUEST * 2 + 4;
  const [bytes] = await readRanges(source, [[0, long]]);
  expect(asked).toHaveLength(3);
  expect(asked.every(([, length]) => length <= LONGEST_REQUEST)).toBe(true);
  expect(asked.reduce((sum, [, length]) => sum + length, 0)).toBe(long);
  expect(bytes!.length).toBe(long);
  expect(bytes!.every((byte) => byte > 0)).toBe(true);
  const half = LONGEST_REQUEST - 1000;
  const two: ByteRange[] = [
    [0, half],
    [half, half],
  ];
  expect(requestsOf(two, 0)).toEqual(two);
});
