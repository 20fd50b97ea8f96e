import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OverlapCounts } from './overlap.ts';
import { bytesOfPair, overlapBytes } from './overlapBytes.ts';
import { brokenSums, eventsOfUnion, overlapPairs } from './overlapPairs.ts';

/** Streams as lists of events, an event more than once where it has duplicates. */
const streams = fc.array(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 60 }), { maxLength: 9 });

/** A count that knows nothing of ranks and bits. */
function counted(lists: readonly number[][]): OverlapCounts {
  const sets = lists.map((list) => new Set(list));
  const inExactly = new Float64Array(lists.length + 1);
  for (const event of new Set(lists.flat())) {
    const k = sets.filter((set) => set.has(event)).length;
    inExactly[k] = inExactly[k]! + 1;
  }
  return {
    names: lists.map((_, i) => `S${i}`),
    records: Float64Array.from(lists, (list) => list.length),
    both: Float64Array.from(sets.flatMap((a) => sets.map((b) => [...a].filter((event) => b.has(event)).length))),
    inExactly,
    duplicates: lists.reduce((sum, list, i) => sum + list.length - sets[i]!.size, 0),
  };
}

describe('pairs of streams', () => {
  it('are those of the sets, each once, and add up to the events of either stream', () => {
    fc.assert(
      fc.property(streams, (lists) => {
        const counts = counted(lists);
        const sets = lists.map((list) => new Set(list));
        const pairs = overlapPairs(counts);
        expect(pairs).toHaveLength((lists.length * (lists.length - 1)) / 2);
        for (const pair of pairs) {
          const [a, b] = [sets[pair.stream1]!, sets[pair.stream2]!];
          const union = new Set([...a, ...b]);
          expect(pair.stream1).toBeLessThan(pair.stream2);
          expect(pair.events_stream1_only).toBe([...union].filter((event) => !b.has(event)).length);
          expect(pair.events_stream2_only).toBe([...union].filter((event) => !a.has(event)).length);
          expect(pair.events_stream1_only + pair.events_bothstreams).toBe(a.size);
          expect(pair.events_stream2_only + pair.events_bothstreams).toBe(b.size);
          expect(pair.ratio).toBe(union.size === 0 ? 0 : pair.events_bothstreams / union.size);
        }
        expect(eventsOfUnion(counts)).toBe(new Set(lists.flat()).size);
      }),
    );
  });

  it('hold all sum rules, and break some where one number is another', () => {
    fc.assert(
      fc.property(streams, fc.nat(), fc.constantFrom('both', 'inExactly', 'duplicates'), (lists, at, which) => {
        const counts = counted(lists);
        expect(brokenSums(counts)).toEqual([]);
        if (which === 'duplicates') counts.duplicates += 1;
        else if (counts[which].length > 0) counts[which][at % counts[which].length]! += 1;
        else return;
        expect(brokenSums(counts)).not.toEqual([]);
      }),
    );
  });

  it('say which rule is broken by less records than events, fractions and lengths', () => {
    const counts = counted([[1, 2], [2]]);
    expect(brokenSums({ ...counts, records: Float64Array.of(1, 1) })).toContain('records ≥ events_uniq of S0');
    expect(brokenSums({ ...counts, duplicates: 0.5 })).toContain('counts are whole numbers');
    expect(brokenSums({ ...counts, inExactly: Float64Array.of(0, 1) })).toEqual(['lengths']);
  });
});

describe('bytes of overlap', () => {
  it('are those of the copies past the first one where events have one size', () => {
    fc.assert(
      fc.property(streams, fc.integer({ min: 1, max: 1000 }), (lists, size) => {
        const counts = counted(lists);
        const bytes = overlapBytes(
          counts,
          lists.map(() => size),
        )!;
        const copies = lists.reduce((sum, list) => sum + new Set(list).size, 0);
        expect(bytes.stored).toBe(copies * size);
        expect(bytes.duplicates).toBe(counts.duplicates * size);
        expect(bytes.overlap).toBeCloseTo((copies - new Set(lists.flat()).size) * size, 6);
      }),
    );
  });

  it('take the mean of both sizes for a pair, and are not known without them', () => {
    const counts = counted([[1, 2, 3], [2, 3, 4, 4], []]);
    const [pair, empty] = overlapPairs(counts);
    expect(bytesOfPair(pair!, [100, 300])).toBe(400);
    expect(bytesOfPair(pair!, [100, undefined])).toBeUndefined();
    expect(bytesOfPair(empty!, [100, 300, undefined])).toBe(0);
    expect(overlapBytes(counts, [100, undefined, 5])).toBeUndefined();
    expect(overlapBytes(counts, [100, 300, undefined])).toEqual({
      stored: 1200,
      duplicates: 300,
      overlap: expect.closeTo(400),
    });
  });
});
