import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Manifest } from '../../../core/catalogue/manifest.ts';
import { eventSet } from '../../../core/catalogue/stream.ts';
import { planRanges, rangeRecords } from './plan.ts';

const LAST = 2n ** 64n - 1n;
const none = { path: '', bytes: 0, sha256: '' };

const number = fc.oneof(fc.bigInt({ min: 0n, max: 50n }), fc.bigInt({ min: 0n, max: LAST }), fc.constantFrom(0n, LAST));
const part = fc.record({
  ends: fc.tuple(number, number),
  rows: fc.integer({ min: 1, max: 1000 }),
  run: fc.nat({ max: 1 }),
});

it('each event number that a stream may have is in one range, with all that may have it', () => {
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 8 }),
      fc.array(number, { maxLength: 20 }),
      fc.integer({ min: 1, max: 500 }),
      (drawn, set, records) => {
        const parts = drawn.map(({ ends: [a, b], rows, run }, i) => {
          const [first, last] = a < b ? [a, b] : [b, a];
          return {
            dspid: run,
            dstypeid: i,
            rows,
            first: `${first}`,
            last: `${last}`,
            keys: none,
            records: none,
            index: none,
          };
        });
        const families = [0, 1].map((dspid) => ({ dspid, runNumber: 10 + dspid }));
        const manifest = { parts, families } as unknown as Manifest;
        const streams = [
          { name: 'all', members: parts },
          { name: 'set', events: eventSet(10, BigUint64Array.from(set)) },
        ];
        const ranges = planRanges(manifest, streams, records);
        for (const runNumber of [10, 11]) {
          const own = ranges.filter((range) => range.runNumber === runNumber);
          own.forEach(({ first, last }, i) => {
            expect(last >= first && (i === 0 || first > own[i - 1]!.last)).toBe(true);
          });
          const inRun = parts.filter(({ dspid }) => dspid === runNumber - 10);
          const probes = inRun.flatMap(({ first, last }) => {
            const [from, to] = [BigInt(first), BigInt(last)];
            return [
              from,
              to,
              (from + to) / 2n,
              ...own.flatMap((range) => [range.first, range.last, range.last + 1n]),
            ].filter((at) => at >= from && at <= to);
          });
          for (const at of probes) {
            const holding = own.filter(({ first, last }) => first <= at && at <= last);
            expect(holding.length).toBe(1);
            const reached = inRun.filter(({ first, last }) => BigInt(first) <= at && at <= BigInt(last));
            expect(holding[0]!.parts.map((one) => one.part)).toEqual(expect.arrayContaining(reached));
          }
        }
        const listed = ranges.flatMap(({ sets }) => sets.flatMap(({ events }) => [...events]));
        expect(listed).toEqual([...new BigUint64Array(new Set(set))].sort((a, b) => (a < b ? -1 : 1)));
      },
    ),
    { numRuns: 100 },
  );
});

it('ranges give each thread some, and are long where many streams are read together', () => {
  expect(rangeRecords(1000, 10, 4)).toBe(2 ** 20);
  expect(rangeRecords(100e6, 10, 2)).toBe(2 ** 23);
  expect(rangeRecords(16e6, 1, 2)).toBe(2e6);
  expect(rangeRecords(20e6, 83, 2)).toBe(10e6);
});
