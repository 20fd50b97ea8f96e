import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addTriggerCounts,
  chainCounts,
  chainOverlaps,
  secondsOf,
  type TriggerQuestion,
} from '../../../core/catalogue/triggerCounts.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import { withCounting } from '../kernels/counting.ts';
import { ChainPairs } from './chainPairs.ts';
import { TriggerTally } from './triggerTally.ts';

interface Event {
  lb: number | undefined;
  lists: number[][];
  isFirst: boolean;
}

const bits = (most: number) =>
  fc.uniqueArray(fc.nat(most), { maxLength: 12 }).map((list) => list.sort((a, b) => a - b));
const event = fc.constantFrom(8, 511, 65_535).chain((most) =>
  fc.record({
    lb: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
    lists: fc.tuple(bits(most), bits(most), bits(most)),
    isFirst: fc.boolean(),
  }),
);

function listColumn(lists: number[][]): ColumnData {
  const offsets = Uint32Array.from({ length: lists.length + 1 }, (_, i) => lists.slice(0, i).flat().length);
  return { type: 'uint16', length: lists.length, offsets: [offsets], values: Uint16Array.from(lists.flat()) };
}

function flat<T extends Uint32Array | BigInt64Array>(
  type: 'uint32' | 'int64',
  values: T,
  valid: boolean[],
): ColumnData {
  return { type, length: values.length, offsets: [], values, valid: Uint8Array.from(valid, Number) };
}

const blockColumn = (events: Event[]) =>
  flat(
    'uint32',
    Uint32Array.from(events, ({ lb }) => lb ?? 0),
    events.map(({ lb }) => lb !== undefined),
  );

/** Counts events in batches, each of which is a task of its own or goes on with the one before. */
async function count(question: TriggerQuestion, batches: Event[][], apart: boolean) {
  const one = (own: Event[][]) =>
    withCounting((counting) => {
      const tally = new TriggerTally(question, question.pairs ? new ChainPairs(counting, question.chosen) : undefined);
      for (const events of own) {
        const columns = [0, 1, 2].map((list) => listColumn(events.map(({ lists }) => lists[list]!)));
        const isWithin = tally.within(blockColumn(events), events.length);
        const isFirst = events.every((event) => event.isFirst)
          ? undefined
          : Uint8Array.from(events, (event) => Number(event.isFirst));
        tally.add(columns, events.length, { isFirst, isWithin, where: 'test' });
      }
      return tally.finish();
    });
  if (!apart) return one(batches);
  const parts = await Promise.all(batches.map((events) => one([events])));
  return parts.reduce(addTriggerCounts);
}

/** The same by sets of names. */
function dumb({ list, blocks, chosen, level }: TriggerQuestion, events: Event[]) {
  const within = ({ lb }: Event) => !blocks || (lb !== undefined && lb >= blocks[0] && lb <= blocks[1]);
  const first = events.filter(({ isFirst }) => isFirst);
  const counted = first.filter(within);
  const inside = events.filter(within);
  const place = (level === 1 ? ['tbp', 'tap', 'tav'] : ['ph', 'pt', 'rs']).indexOf(list);
  const among = counted.map(({ lists }) => lists[place]!.filter((bit) => !chosen || chosen.includes(bit)));
  return {
    records: events.length,
    duplicates: inside.length - counted.length,
    events: counted.length,
    elsewhere: events.length - inside.length,
    fired: (index: number, bit: number) => counted.filter(({ lists }) => lists[index]!.includes(bit)).length,
    unique: (bit: number) => among.filter((own) => own.length === 1 && own[0] === bit).length,
    inExactly: (k: number) => among.filter((own) => own.length === k).length,
    both: (a: number, b: number) => among.filter((own) => own.includes(a) && own.includes(b)).length,
    met: [...new Set(among.flat())].sort((a, b) => a - b),
  };
}

const questions = fc.record({
  level: fc.constant(1 as const),
  list: fc.constantFrom('tbp' as const, 'tap' as const, 'tav' as const),
  blocks: fc.option(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 3, max: 6 })), { nil: undefined }),
  chosen: fc.option(bits(511), { nil: undefined }),
  pairs: fc.constant(true),
});

describe('chains counted over events', () => {
  it('are those of a dumb count, in one task or in many', async () => {
    await fc.assert(
      fc.asyncProperty(
        questions,
        fc.array(fc.array(event, { maxLength: 30 }), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async ({ blocks, chosen, ...rest }, batches, apart) => {
          const question: TriggerQuestion = { ...rest, ...(blocks && { blocks }), ...(chosen && { chosen }) };
          const counts = await count(question, batches, apart);
          const truth = dumb(question, batches.flat());
          const { records, duplicates, events, elsewhere, pairs } = counts;
          expect({ records, duplicates, events, elsewhere }).toEqual({
            records: truth.records,
            duplicates: truth.duplicates,
            events: truth.events,
            elsewhere: truth.elsewhere,
          });
          for (const row of chainCounts(counts, undefined)) {
            expect(row.fired).toEqual([0, 1, 2].map((list) => truth.fired(list, row.bit)));
            expect(row.unique).toBe(chosen && !chosen.includes(row.bit) ? undefined : truth.unique(row.bit));
          }
          expect([...counts.inExactly]).toEqual(
            counts.inExactly.length ? [...counts.inExactly.keys()].map(truth.inExactly) : [],
          );
          expect([...counts.inExactly].reduce((a, b) => a + b, 0)).toBe(truth.events);
          expect([...pairs!.bits]).toEqual(truth.met);
          const { both } = chainOverlaps(counts, undefined)!;
          truth.met.forEach((a, i) => {
            truth.met.forEach((b, j) => {
              expect(both[i * truth.met.length + j]).toBe(truth.both(a, b));
            });
          });
        },
      ),
      { numRuns: 100 },
    );
  });

  it('keep their pairs when rows fill up and when more chains come than there was room for', async () => {
    const add = (pairs: ChainPairs, lists: number[][]) =>
      pairs.add(
        Uint32Array.from({ length: lists.length + 1 }, (_, i) => 2 * i),
        Uint16Array.from(lists.flat()),
        lists.length,
      );
    const counts = await withCounting((counting) => {
      const pairs = new ChainPairs(counting);
      add(
        pairs,
        Array.from({ length: 300_000 }, (_, i) => [i % 3, 5]),
      );
      add(
        pairs,
        Array.from({ length: 100 }, (_, i) => [5, 100 + i]),
      );
      return pairs.finish();
    });
    const at = (bit: number) => counts.bits.indexOf(bit);
    expect(counts.bits.length).toBe(104);
    expect(counts.both[at(0) * 104 + at(5)]).toBe(100_000);
    expect(counts.both[at(1) * 104 + at(5)]).toBe(100_000);
    expect(counts.both[at(0) * 104 + at(1)]).toBe(0);
    expect(counts.both[at(5) * 104 + at(199)]).toBe(1);
  });

  it('are refused where fired bits do not ascend, with the name of the object', () => {
    const tally = new TriggerTally({ level: 2, list: 'ph', pairs: false });
    expect(() =>
      tally.add(
        [
          listColumn([
            [3, 4],
            [7, 7],
          ]),
        ],
        2,
        { where: 'parts/x.parquet' },
      ),
    ).toThrow('parts/x.parquet has an event whose fired bits do not ascend: 7, then 7');
  });
});

describe('rates', () => {
  const question: TriggerQuestion = { level: 1, list: 'tav', pairs: false };
  const start = 1_530_000_000n * 1_000_000_000n;
  function timed(blocks: readonly [number, number] | undefined, seconds: number[], lbs: number[]) {
    const tally = new TriggerTally({ ...question, ...(blocks && { blocks }) });
    const times = BigInt64Array.from(seconds, (s) => start + BigInt(s * 1e9));
    const lb = flat(
      'uint32',
      Uint32Array.from(lbs),
      lbs.map(() => true),
    );
    tally.addTimes(
      358_031,
      lb,
      flat(
        'int64',
        times,
        lbs.map(() => true),
      ),
    );
    tally.add([undefined, undefined, listColumn(lbs.map(() => [4]))], lbs.length, {
      isWithin: tally.within(lb, lbs.length),
      where: 'test',
    });
    return tally.finish();
  }

  it('are events over the time of their luminosity blocks, each up to the next one, gaps left out', () => {
    const all = timed(undefined, [0, 30, 60, 100, 400, 430], [1, 1, 2, 2, 7, 7]);
    expect(secondsOf(all)).toBe(60 + 40 + 30);
    expect(chainCounts(all, undefined)[0]).toMatchObject({ chain: 'L1 bit 4', rate: 6 / 130, uniqueRate: 6 / 130 });
    const first = timed([1, 1], [0, 30, 60, 100, 400, 430], [1, 1, 2, 2, 7, 7]);
    expect(secondsOf(first)).toBe(60);
    expect(chainCounts(first, undefined)[0]!.rate).toBe(2 / 60);
  });

  it('are unknown where no time is known', () => {
    expect(chainCounts(timed(undefined, [5], [1]), undefined)[0]!.rate).toBeUndefined();
  });

  it('are the same whichever part comes first', () => {
    const parts = () => [timed(undefined, [0, 30], [1, 1]), timed(undefined, [20, 60, 90], [1, 2, 2])] as const;
    const [a, b] = parts();
    const forth = addTriggerCounts(a, b);
    const [c, d] = parts();
    expect(addTriggerCounts(d, c)).toEqual(forth);
    expect(secondsOf(forth)).toBe(90);
  });
});
