import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ListFormat, printList } from './listText.ts';
import { parsePickList } from './pickList.ts';
import { eventSet } from './stream.ts';

test.each<ListFormat>(['text', 'csv', 'json'])('a list that was saved as %s is read back whole', (format) => {
  const one = fc.tuple(fc.nat(3), fc.bigInt(0n, 2n ** 64n - 1n));
  fc.assert(
    fc.property(fc.array(one), (pairs) => {
      const events = eventSet(
        pairs.map(([run]) => run),
        BigUint64Array.from(pairs, ([, event]) => event),
      );
      expect(parsePickList(printList(format, events))).toMatchObject({ events, wrong: [] });
    }),
    { numRuns: 50 },
  );
});
