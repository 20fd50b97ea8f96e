import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DatasetFamily, Part } from '../../../core/catalogue/manifest.ts';
import { hitAt } from '../../../core/catalogue/picked.ts';
import { eventSet } from '../../../core/catalogue/stream.ts';
import { BYTES_OF_GROUP, RECORDS_OF_GROUP, type RecordBatch } from '../../../core/catalogue/tables.ts';
import { MemoryStore, openInMemory } from '../testing/memoryCatalogue.ts';
import { anyRecords, seeded } from '../testing/records.ts';
import { PartWriter } from '../write/partWriter.ts';
import { pickContext } from './names.ts';
import { pickEvents, pickEventsCost } from './pickEvents.ts';

const RUN = 358031;
const TYPES = [
  { dstypeid: 1, format: 'RAW', group: '' },
  { dstypeid: 2, format: 'AOD', group: '' },
  { dstypeid: 3, format: 'DAOD', group: 'PHYS' },
];
const family = (dspid: number, streamName: string, amiTag: string): DatasetFamily => ({
  dspid,
  project: 'data18_13TeV',
  runNumber: RUN,
  streamName,
  prodStep: 'merge',
  amiTag,
});

/** Counts what is asked of it. */
class CountingStore extends MemoryStore {
  readonly read = { requests: 0, bytes: 0 };

  override source(path: string) {
    const source = super.source(path);
    const read: typeof source.read = (offset, length, signal) => {
      this.read.requests++;
      this.read.bytes += length;
      return source.read(offset, length, signal);
    };
    return { ...source, read };
  }
}

async function writePart(store: MemoryStore, dspid: number, dstypeid: number, batch: RecordBatch): Promise<Part[]> {
  const writer = new PartWriter(store, { dspid, dstypeid, families: ['provenance', 'l1', 'hlt'] });
  await writer.add(batch);
  return writer.finish();
}

/** What a hit is told by. */
const identity = (dspid: number, dstypeid: number, event: bigint, seq: number, guid: bigint) =>
  [dspid, dstypeid, event, seq, guid].join(' ');

function recordsOf(dspid: number, dstypeid: number, { rows, columns }: RecordBatch): { event: bigint; text: string }[] {
  const value = (name: string, row: number) => columns.get(name)!.values[row]!;
  return Array.from({ length: rows }, (_, row) => {
    const event = value('eventno', row) as bigint;
    return {
      event,
      text: identity(dspid, dstypeid, event, value('seq', row) as number, value('guid_hi', row) as bigint),
    };
  });
}

describe('a pick', () => {
  it('finds what a search through all records finds, on any catalogue', async () => {
    // Few different numbers: duplicates within a row group, over its borders and over parts that overlap, at both ends of uint64.
    const bases = [0n, 2n ** 53n, 2n ** 64n - 5000n];
    const part = fc.record({
      dspid: fc.constantFrom(1, 2),
      dstypeid: fc.constantFrom(2, 3),
      rows: fc.constantFrom(1, 5, RECORDS_OF_GROUP, RECORDS_OF_GROUP + 1, 2600),
      base: fc.constantFrom(...bases),
      spread: fc.constantFrom(3, 600, 5000),
      seed: fc.nat(1000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 4 }), fc.nat(1000), async (specs, seed) => {
        const store = new MemoryStore();
        const parts: Part[] = [];
        const all: { event: bigint; text: string }[] = [];
        for (const { dspid, dstypeid, rows, base, spread, seed: own } of specs) {
          const random = seeded(own);
          const numbers = Array.from({ length: rows }, () => base + BigInt(Math.floor(random() * spread)));
          const batch = anyRecords(numbers, [], own);
          const writer = new PartWriter(store, { dspid, dstypeid, families: [] });
          await writer.add(batch);
          parts.push(...(await writer.finish()));
          all.push(...recordsOf(dspid, dstypeid, batch));
        }
        const families = [family(1, 'physics_Main', 'f1_m1'), family(2, 'express_express', 'f1_m1')];
        const catalogue = await openInMemory(store, { families, parts }, { dstypes: TYPES });
        const random = seeded(seed);
        const ends = parts.flatMap(({ first, last }) => [BigInt(first), BigInt(last)]);
        const asked = eventSet(
          RUN,
          BigUint64Array.from([
            ...ends,
            ...bases.flatMap((base) => Array.from({ length: 8 }, () => base + BigInt(Math.floor(random() * 5000)))),
          ]),
        );
        const picked = await pickEvents(catalogue, { events: asked, dataType: 'any', version: 'any' });
        const context = pickContext(catalogue);
        const numbers = new Set(asked.runs[0]!.events);
        const expected = all.filter(({ event }) => numbers.has(event));
        const hits = Array.from(picked.hitEvent, (_, index) => hitAt(picked, index, context));
        expect(
          hits.map((hit) => identity(hit.dspid, hit.dstypeid, hit.event, hit.seq, hit.reference.guid.hi)).sort(),
        ).toEqual(expected.map(({ text }) => text).sort());
        const there = new Set(expected.map(({ event }) => event));
        expect([...picked.missing].map((index) => picked.events[index])).toEqual(
          [...asked.runs[0]!.events].filter((event) => !there.has(event)),
        );
        const many = new Map<string, number>();
        const place = (text: string) => text.split(' ').slice(0, 3).join(' ');
        for (const { text } of expected) many.set(place(text), (many.get(place(text)) ?? 0) + 1);
        for (const hit of hits)
          expect(hit.isDuplicate).toBe(many.get(`${hit.dspid} ${hit.dstypeid} ${hit.event}`)! > 1);
        catalogue.close();
      }),
      { numRuns: 25 },
    );
  });

  it('tells all that a record says', async () => {
    const store = new MemoryStore();
    const batch = anyRecords([7n, 8n], ['provenance', 'l1', 'hlt'], 3, {
      tid: [123456_01n, 123456_01n],
      prov_dstypeid: new Array(30).fill(1),
      lb: [55, 56],
    });
    for (const name of ['prov_dstypeid', 'prov_guid_hi', 'prov_guid_lo', 'prov_oid1', 'prov_oid2']) {
      const column = batch.columns.get(name)!;
      column.offsets = [Uint32Array.of(0, 2, 2)];
      column.values = column.values.constructor === Int16Array ? Int16Array.of(2, 1) : BigUint64Array.of(11n, 12n);
    }
    const parts = await writePart(store, 1, 3, batch);
    const catalogue = await openInMemory(
      store,
      { families: [family(1, 'physics_Main', 'r1_p2')], parts },
      { dstypes: TYPES },
    );
    const picked = await pickEvents(catalogue, { events: eventSet(RUN, BigUint64Array.of(7n)) });
    const hit = hitAt(picked, 0, pickContext(catalogue));
    const value = (name: string) => {
      const { values, valid } = batch.columns.get(name)!;
      return valid?.[0] === 0 ? undefined : values[0];
    };
    const list = (name: string) => {
      const { values, offsets } = batch.columns.get(name)!;
      return [...values.subarray(0, offsets[0]![1]!)];
    };
    expect(hit).toMatchObject({
      dataset: 'data18_13TeV.00358031.physics_Main.merge.DAOD_PHYS.r1_p2_tid00123456_01',
      dataType: 'DAOD_PHYS',
      reference: { guid: { hi: value('guid_hi'), lo: value('guid_lo') }, oid1: value('oid1'), oid2: value('oid2') },
      lb: value('lb'),
      bcid: value('bcid'),
      time: value('time'),
      l1id: value('l1id'),
      l1psk: value('l1psk'),
      hpsk: value('hpsk'),
      mcChannel: value('mc_channel'),
      mcWeight: value('mc_weight'),
      provenance: [
        { dataType: 'AOD', reference: { guid: { hi: 11n, lo: 11n }, oid1: 11n, oid2: 11n } },
        { dataType: 'RAW', reference: { guid: { hi: 12n, lo: 12n }, oid1: 12n, oid2: 12n } },
      ],
    });
    for (const name of ['tbp', 'tap', 'tav', 'ph', 'pt', 'rs'] as const) expect(hit.bits[name]).toEqual(list(name));
    catalogue.close();
  });

  it('looks into further streams only for what larger ones lack, with two requests and some 150 kB each', async () => {
    const store = new CountingStore();
    const streams = [1300, 1200, 1100, 10].map((rows, k) => ({ rows, dspid: k + 1, name: `physics_${k}` }));
    const parts = await Promise.all(
      streams.map(({ rows, dspid }) =>
        writePart(
          store,
          dspid,
          2,
          anyRecords(
            Array.from({ length: rows }, (_, i) => BigInt(i * 4 + (dspid % 4))),
            ['provenance', 'l1', 'hlt'],
          ),
        ),
      ),
    );
    const families = streams.map(({ dspid, name }) => family(dspid, name, 'f1_m1'));
    const catalogue = await openInMemory(store, { families, parts: parts.flat() }, { dstypes: TYPES });
    for (const [event, requests] of [
      [5n, 2],
      [6n, 4],
      [7n, 6],
    ] as const) {
      // Indices that a thread keeps would spare requests.
      const fresh = await openInMemory(store, { families, parts: parts.flat() }, { dstypes: TYPES });
      const before = { ...store.read };
      const found = await pickEvents(fresh, { events: eventSet(RUN, BigUint64Array.of(event)) });
      expect(found.hitEvent).toHaveLength(1);
      expect(found.looked[0]).toMatchObject({ others: 4 - requests / 2 });
      expect(store.read.requests - before.requests).toBe(requests);
      expect(store.read.bytes - before.bytes).toBeLessThan(500_000);
      fresh.close();
    }
    const last = await pickEvents(catalogue, { events: eventSet(RUN, BigUint64Array.of(4n, 5n)) });
    expect(last.looked[0]!.searched).toHaveLength(4);
    expect(Array.from(last.hitEvent, (_, k) => hitAt(last, k, pickContext(catalogue)).dspid)).toEqual([4, 1]);
    catalogue.close();
  });

  it('of one event takes two requests and the bytes of one row group, however many there are', async () => {
    const store = new CountingStore();
    const random = seeded(1);
    const numbers = Array.from({ length: 40 * RECORDS_OF_GROUP }, () => BigInt(Math.floor(random() * 2 ** 40)));
    const batch = anyRecords(numbers, ['l1'], 1);
    const parts = await writePart(store, 1, 2, batch);
    const catalogue = await openInMemory(
      store,
      { families: [family(1, 'physics_Main', 'f1')], parts },
      { dstypes: TYPES },
    );
    const own = batch.columns.get('eventno')!.values as BigUint64Array;
    const before = { ...store.read };
    const events = eventSet(RUN, BigUint64Array.of(own[12_345]!));
    const cost = pickEventsCost(catalogue, { events });
    const picked = await pickEvents(catalogue, { events });
    const requests = store.read.requests - before.requests;
    const bytes = store.read.bytes - before.bytes;
    expect(picked.hitEvent).toHaveLength(1);
    expect(requests).toBe(2);
    expect(bytes).toBeLessThan(BYTES_OF_GROUP + 40_000);
    expect(cost).toMatchObject({ objects: 2, requests: 2, further: 0 });
    expect(Math.abs(cost.bytes - bytes)).toBeLessThan(bytes / 4);
    const again = await pickEvents(catalogue, { events: eventSet(RUN, own.slice(0, 9000)) });
    expect(again.missing).toHaveLength(0);
    catalogue.close();
  });

  it('says so where a run is not there, and where events are too many', async () => {
    const catalogue = await openInMemory(new MemoryStore(), {});
    const picked = await pickEvents(catalogue, { events: eventSet(RUN, BigUint64Array.of(5n)) });
    expect(picked.looked).toEqual([{ runNumber: RUN, searched: [], others: 0 }]);
    expect([...picked.missing]).toEqual([0]);
    const many = eventSet(
      RUN,
      BigUint64Array.from({ length: 10_001 }, (_, i) => BigInt(i)),
    );
    await expect(pickEvents(catalogue, { events: many })).rejects.toThrow('10001 events are too many');
    catalogue.close();
  });
});
