import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listFromLink, listToLink } from './listLink.ts';
import { type ListFormat, printList } from './listText.ts';
import { parsePickList } from './pickList.ts';
import { eventSet } from './stream.ts';

const arbitraryList = fc.array(fc.tuple(fc.nat(3), fc.bigInt(0n, 2n ** 64n - 1n))).map((pairs) =>
  eventSet(
    pairs.map(([run]) => run),
    BigUint64Array.from(pairs, ([, event]) => event),
  ),
);

test.each<ListFormat>(['text', 'csv', 'json'])('a list that was saved as %s is read back whole', (format) => {
  fc.assert(
    fc.property(arbitraryList, (events) => {
      expect(parsePickList(printList(format, events))).toMatchObject({ events, wrong: [] });
    }),
    { numRuns: 50 },
  );
});

test('a link holds a list, unless it is long', () => {
  fc.assert(
    fc.property(arbitraryList, (events) => {
      expect(listFromLink(listToLink(events)!)).toEqual({ events, wrong: 0 });
    }),
    { numRuns: 50 },
  );
  const many = eventSet(
    1,
    BigUint64Array.from({ length: 1400 }, (_, event) => BigInt(event)),
  );
  expect(listToLink(many)).toBeUndefined();
  expect(listFromLink('358031:7,x;what:3')).toEqual({ events: eventSet(358031, BigUint64Array.of(7n)), wrong: 2 });
});
