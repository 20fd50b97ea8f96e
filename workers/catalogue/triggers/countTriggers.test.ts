import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Part } from '../../../core/catalogue/manifest.ts';
import { brokenSums } from '../../../core/catalogue/overlapPairs.ts';
import { type Family, RECORD_COLUMNS, type RecordBatch } from '../../../core/catalogue/tables.ts';
import { chainOverlaps, type TriggerQuestion } from '../../../core/catalogue/triggerCounts.ts';
import { type ColumnData, VALUE_ARRAYS } from '../../../core/schema/column.ts';
import { MemoryStore, openInMemory } from '../testing/memoryCatalogue.ts';
import { seeded } from '../testing/records.ts';
import { PartWriter } from '../write/partWriter.ts';
import { countTriggers } from './countTriggers.ts';

const RUN = 358_031;
const family = (dspid: number, runNumber: number) => ({
  dspid,
  runNumber,
  project: 'data18_13TeV',
  streamName: 'physics_Main',
  prodStep: 'merge',
  amiTag: `r${dspid}_p1`,
});
const families = [family(1, RUN), family(2, RUN), family(3, RUN + 1)];

/** What an event fired, and when it was, whichever record tells: from its number alone. */
function eventOf(runNumber: number, eventno: bigint, chains: number) {
  const random = seeded(Number(eventno % 1_000_003n) + runNumber);
  const pass = (share: number) => Array.from({ length: chains }, (_, bit) => bit).filter(() => random() < share);
  // Where there are many events, luminosity blocks follow one another.
  const block = eventno >> 60n === 1n ? Number(eventno & 0xfffffn) / 14_000 : random() * 5;
  const lb = random() < 0.1 ? undefined : 1 + Math.floor(block);
  return {
    lb,
    time: 1_530_000_000 + (lb ?? 0) * 60 + Math.floor(random() * 60),
    ph: pass(0.2),
    pt: pass(0.1),
    rs: pass(0.02),
  };
}

const known = new Map<string, ReturnType<typeof eventOf>>();

function knownEvent(runNumber: number, eventno: bigint, chains: number) {
  const key = `${runNumber} ${eventno} ${chains}`;
  const event = known.get(key) ?? eventOf(runNumber, eventno, chains);
  known.set(key, event);
  return event;
}

/** Records of these events: where they lie is all zeros. */
function recordsOf(
  runNumber: number,
  eventnos: readonly bigint[],
  own: readonly Family[],
  chains: number,
): RecordBatch {
  const sorted = BigUint64Array.from(eventnos).sort();
  const rows = sorted.length;
  const location = RECORD_COLUMNS.filter(({ family, nullable }) => family === 'location' && !nullable);
  const columns = new Map(
    location.map(({ name, type }): [string, ColumnData] => [
      name,
      { type, length: rows, offsets: [], values: new VALUE_ARRAYS[type](rows) },
    ]),
  );
  columns.get('eventno')!.values = sorted;
  if (!own.includes('hlt')) return { rows, columns };
  const events = Array.from(sorted, (eventno) => knownEvent(runNumber, eventno, chains));
  const set = (name: string, column: Partial<ColumnData>) =>
    columns.set(name, {
      type: 'uint16',
      length: events.length,
      offsets: [],
      values: new Uint16Array(),
      ...column,
    });
  for (const name of ['ph', 'pt', 'rs'] as const) {
    const offsets = new Uint32Array(events.length + 1);
    events.forEach((event, i) => {
      offsets[i + 1] = offsets[i]! + event[name].length;
    });
    set(name, { offsets: [offsets], values: Uint16Array.from(events.flatMap((event) => event[name])) });
  }
  const valid = Uint8Array.from(events, ({ lb }) => Number(lb !== undefined));
  set('lb', { type: 'uint32', values: Uint32Array.from(events, ({ lb }) => lb ?? 0), valid });
  set('time', { type: 'int64', values: BigInt64Array.from(events, ({ time }) => BigInt(time) * 1_000_000_000n) });
  return { rows, columns };
}

const DECISIONS: readonly Family[] = ['l1', 'hlt'];

interface Piece {
  dspid: number;
  dstypeid: number;
  events: bigint[];
  families?: Family[];
}

async function write(pieces: readonly Piece[], chains: number) {
  const store = new MemoryStore();
  const parts: Part[] = [];
  for (const { dspid, dstypeid, events, families: own = DECISIONS } of pieces) {
    const writer = new PartWriter(store, { dspid, dstypeid, families: own });
    await writer.add(recordsOf(families[dspid - 1]!.runNumber, events, own, chains));
    parts.push(...(await writer.finish()));
  }
  return { store, parts };
}

async function open(pieces: readonly Piece[], chains: number) {
  const { store, parts } = await write(pieces, chains);
  return openInMemory(store, { families, parts });
}

const members = [
  { dspid: 1, dstypeid: 10 },
  { dspid: 1, dstypeid: 11 },
  { dspid: 2, dstypeid: 10 },
  { dspid: 3, dstypeid: 10 },
];
const question: TriggerQuestion = { level: 2, list: 'ph', pairs: true };

/** What counting has to give, by sets of distinct events. */
function expectDumb(counts: Awaited<ReturnType<typeof countTriggers>>, pieces: readonly Piece[], chains: number) {
  const { blocks, chosen, list } = counts.question;
  const distinct = new Map<string, ReturnType<typeof eventOf>>();
  for (const { dspid, events } of pieces) {
    const { runNumber } = families[dspid - 1]!;
    for (const eventno of events) distinct.set(`${runNumber} ${eventno}`, knownEvent(runNumber, eventno, chains));
  }
  const all = [...distinct.values()];
  const isWithin = ({ lb }: { lb: number | undefined }) =>
    !blocks || (lb !== undefined && lb >= blocks[0] && lb <= blocks[1]);
  const own = all.filter(isWithin);
  const records = pieces.flatMap(({ dspid, events }) =>
    events.map((eventno) => knownEvent(families[dspid - 1]!.runNumber, eventno, chains)),
  );
  const within = records.filter(isWithin).length;
  expect(counts).toMatchObject({
    records: records.length,
    duplicates: within - own.length,
    events: own.length,
    elsewhere: records.length - within,
    blind: 0,
  });
  const fired = own.map((event) => event[list as 'ph']);
  const among = fired.map((bits) => bits.filter((one) => !chosen || chosen.includes(one)));
  for (let bit = 0; bit < chains; bit++) {
    (['ph', 'pt', 'rs'] as const).forEach((name, i) => {
      expect(counts.fired[i]![bit] ?? 0).toBe(own.filter((event) => event[name].includes(bit)).length);
    });
    expect(counts.unique[bit] ?? 0).toBe(among.filter((bits) => bits.length === 1 && bits[0] === bit).length);
  }
  const overlaps = chainOverlaps(counts, undefined)!;
  expect(brokenSums(overlaps)).toEqual([]);
  const bits = [...counts.pairs!.bits];
  bits.forEach((a, i) => {
    bits.forEach((b, j) => {
      const both = fired.filter((event) => event.includes(a) && event.includes(b)).length;
      expect(overlaps.both[i * bits.length + j]).toBe(both);
    });
  });
}

const numbers = fc.oneof(
  fc.bigInt({ min: 0n, max: 60n }),
  fc.bigInt({ min: 2n ** 64n - 9n, max: 2n ** 64n - 1n }),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
);
const pieces = fc.array(
  fc.record({
    dspid: fc.constantFrom(1, 2, 3),
    dstypeid: fc.constant(10),
    events: fc.array(numbers, { minLength: 1, maxLength: 40 }),
  }),
  { minLength: 1, maxLength: 5 },
);

describe('chains of records', () => {
  it('are those of the distinct events, however these lie in parts and data types', async () => {
    const blocks = fc.option(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 3, max: 5 })), {
      nil: undefined,
    });
    await fc.assert(
      fc.asyncProperty(pieces, blocks, fc.boolean(), async (own, range, some) => {
        const catalogue = await open(own, 7);
        const asked = { ...question, ...(range && { blocks: range }), ...(some && { chosen: [1, 3, 4] }) };
        expectDumb(await countTriggers(catalogue, members, asked), own, 7);
        catalogue.close();
      }),
      { numRuns: 20 },
    );
  });

  it('of many row groups are the same for any number of threads, with events on both sides of borders', async () => {
    const events = Array.from({ length: 70_000 }, (_, i) => 2n ** 60n + BigInt(i - (i % 1024 === 0 ? 1 : 0)));
    const own = [
      { dspid: 1, dstypeid: 10, events },
      { dspid: 1, dstypeid: 11, events: events.filter((_, i) => i % 10 === 0) },
    ];
    const asked = { ...question, blocks: [2, 3] as const };
    const { store, parts } = await write(own, 4);
    const seen: number[] = [];
    const of = async (workers: number) => {
      const catalogue = await openInMemory(store, { families, parts }, {}, workers);
      const counts = await countTriggers(catalogue, members, asked, {
        onProgress: ({ records }, total) => seen.push(records / total),
      });
      const alone = await countTriggers(catalogue, members.slice(0, 1), asked);
      catalogue.close();
      return { counts, alone };
    };
    const both = await of(1);
    expectDumb(both.counts, own, 4);
    expectDumb(both.alone, own.slice(0, 1), 4);
    expect(await of(3)).toEqual(both);
    expect(seen.filter((share) => share === 1)).toHaveLength(2);
    expect(seen.length).toBeGreaterThan(2);
  });

  it('of records without decisions are said to be so, and none at all are no chains', async () => {
    const catalogue = await open([{ dspid: 1, dstypeid: 10, events: [1n, 2n, 2n], families: [] }], 5);
    expect(await countTriggers(catalogue, members, question)).toMatchObject({ records: 3, events: 2, blind: 2 });
    expect(await countTriggers(catalogue, [], question)).toMatchObject({ records: 0, events: 0 });
    catalogue.close();
  });

  it('can be cancelled', async () => {
    const catalogue = await open([{ dspid: 1, dstypeid: 10, events: [1n, 2n] }], 5);
    const signal = AbortSignal.abort();
    await expect(countTriggers(catalogue, members, question, { signal })).rejects.toMatchObject({ tag: 'cancelled' });
    catalogue.close();
  });
});
