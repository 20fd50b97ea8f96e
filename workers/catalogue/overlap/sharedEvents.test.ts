import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eventSet, type Stream } from '../../../core/catalogue/stream.ts';
import { sharedEvents } from './sharedEvents.ts';
import { memoryCatalogue } from './testing/memoryCatalogue.ts';

const LAST = 2n ** 64n - 1n;
const sorted = (keys: readonly bigint[]) => BigUint64Array.from(keys).sort();

const numbers = fc.array(fc.oneof(fc.bigInt({ min: 0n, max: 25n }), fc.bigInt({ min: LAST - 9n, max: LAST })), {
  maxLength: 25,
});

it('lists what two streams share, or one has alone, in order, from anywhere on', async () => {
  const shapes = fc.record({
    parts: fc.array(fc.array(numbers, { maxLength: 2 }), { minLength: 2, maxLength: 2 }),
    set: numbers,
    kind: fc.constantFrom('both' as const, 'only1' as const, 'only2' as const),
    limit: fc.nat({ max: 12 }),
  });
  await fc.assert(
    fc.asyncProperty(shapes, async ({ parts, set, kind, limit }) => {
      const datasets = parts.map((own, dspid) => ({
        dspid,
        dstypeid: 0,
        runNumber: 5 + dspid,
        parts: own.map((keys) => ({ eventno: sorted(keys) })),
      }));
      const catalogue = await memoryCatalogue(datasets, { groupRows: 5 });
      const one: Stream = { name: 'both runs', members: datasets };
      const other: Stream = { name: 'set', events: eventSet(6, sorted(set)) };
      const shared = await sharedEvents(catalogue, one, other, { kind, limit });
      const text = ({ runs }: typeof shared) =>
        runs.flatMap(({ runNumber, events }) => [...events].map((event) => `${runNumber}/${event}`));
      const first = datasets.flatMap(({ runNumber }, i) =>
        [...new Set(sorted(parts[i]!.flat()))].map((event) => `${runNumber}/${event}`),
      );
      const second = [...new Set(sorted(set))].map((event) => `6/${event}`);
      const wanted = {
        both: first.filter((event) => second.includes(event)),
        only1: first.filter((event) => !second.includes(event)),
        only2: second.filter((event) => !first.includes(event)),
      };
      expect(text(shared)).toEqual(wanted[kind].slice(0, limit));
    }),
    { numRuns: 50 },
  );
});
