import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NestedOffsets } from './nestedOffsets.ts';

/** Lists of lists of lists, none of whose parts can be missing: the definition level says how deep an entry reaches. */
const events = fc.array(
  fc.array(fc.array(fc.array(fc.constant(0), { maxLength: 3 }), { maxLength: 3 }), { maxLength: 3 }),
  {
    minLength: 1,
    maxLength: 20,
  },
);

type Nested = number | Nested[];

function levelsOf(events: Nested[]): { repetition: number[]; definition: number[] } {
  const [repetition, definition]: [number[], number[]] = [[], []];
  const visit = (value: Nested, depth: number, repeats: number) => {
    if (typeof value === 'number' || value.length === 0) {
      repetition.push(repeats);
      definition.push(depth);
      return;
    }
    value.forEach((item, i) => {
      visit(item, depth + 1, i === 0 ? repeats : depth + 1);
    });
  };
  for (const event of events) visit(event, 0, 0);
  return { repetition, definition };
}

/** The same in the obvious way: how many items come before each list. */
function offsetsOf(events: Nested[]): number[][] {
  const lengths = (lists: Nested[]) => {
    let sum = 0;
    return [0, ...lists.map((list) => (sum += (list as Nested[]).length))];
  };
  const inner = events.flat() as Nested[];
  return [lengths(events), lengths(inner), lengths(inner.flat() as Nested[])];
}

it('any rows of lists of lists, in pages of any length', () => {
  const pages = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 });
  fc.assert(
    fc.property(events, pages, fc.nat(), fc.nat(), (rows, lengths, a, b) => {
      const { repetition, definition } = levelsOf(rows);
      const nested = new NestedOffsets([1, 2, 3], rows.length);
      for (let at = 0, page = 0; at < repetition.length; page++) {
        const end = Math.min(repetition.length, at + lengths[page % lengths.length]!);
        nested.take(Uint8Array.from(repetition.slice(at, end)), Uint8Array.from(definition.slice(at, end)), end - at);
        at = end;
      }
      expect([nested.rows, nested.values]).toEqual([rows.length, (rows as Nested[]).flat(3).length]);
      const [from, to] = [a % rows.length, 1 + (b % rows.length)].sort((x, y) => x - y) as [number, number];
      const { offsets, begin, end } = nested.slice(from, to);
      expect(offsets.map((own) => [...own])).toEqual(offsetsOf(rows.slice(from, to)));
      expect([begin, end]).toEqual([rows.slice(0, from).flat(3).length, rows.slice(0, to).flat(3).length]);
    }),
  );
});

it.each([
  ['a list that goes on before it began', [1], [2]],
  ['a level past the depth', [0, 3], [2, 2]],
  ['an item without its list', [0, 2], [2, 1]],
  ['more rows than there are', [0, 0, 0], [2, 2, 2]],
])('%s is damage', (_, repetition, definition) => {
  const nested = new NestedOffsets([1, 2], 2);
  expect(() => nested.take(Uint8Array.from(repetition), Uint8Array.from(definition), repetition.length)).toThrow();
});
