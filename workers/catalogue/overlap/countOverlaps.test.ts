import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eventSet, type Stream } from '../../../core/catalogue/stream.ts';
import { countOverlaps, type OverlapProgress } from './countOverlaps.ts';
import { dumbCounts } from './testing/dumbCounts.ts';
import { memoryCatalogue } from './testing/memoryCatalogue.ts';

const LAST = 2n ** 64n - 1n;
const sorted = (keys: readonly bigint[]) => BigUint64Array.from(keys).sort();

const numbers = fc.array(
  fc.oneof(
    fc.bigInt({ min: 0n, max: 60n }),
    fc.bigInt({ min: LAST - 20n, max: LAST }),
    fc.bigInt({ min: 0n, max: LAST }),
  ),
  { maxLength: 30 },
);
/** Datasets of two data types in three runs: two datasets have the same run number. */
const RUNS = [7, 7, 9];
const shapes = fc.record({
  datasets: fc.array(fc.array(fc.array(numbers, { maxLength: 3 }), { minLength: 2, maxLength: 2 }), {
    minLength: RUNS.length,
    maxLength: RUNS.length,
  }),
  members: fc.array(fc.array(fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 1 })), { maxLength: 4 }), {
    minLength: 1,
    maxLength: 6,
  }),
  sets: fc.array(fc.array(fc.tuple(fc.constantFrom(7, 8, 9), fc.bigInt({ min: 0n, max: 60n })), { maxLength: 20 }), {
    maxLength: 2,
  }),
  workers: fc.integer({ min: 1, max: 3 }),
});

it('counts as sets do, of any datasets, runs and sets of events, with any number of threads', async () => {
  await fc.assert(
    fc.asyncProperty(shapes, async ({ datasets, members, sets, workers }) => {
      const catalogue = await memoryCatalogue(
        datasets.flatMap((types, dspid) =>
          types.map((parts, dstypeid) => ({
            dspid,
            dstypeid,
            runNumber: RUNS[dspid]!,
            parts: parts.map((keys) => ({ eventno: sorted(keys) })),
          })),
        ),
        { workers, groupRows: 7 },
      );
      const streams: Stream[] = [
        ...members.map((own, i) => ({
          name: `stream ${i}`,
          members: own.map(([dspid, dstypeid]) => ({ dspid, dstypeid })),
        })),
        ...sets.map((pairs, i) => ({
          name: `set ${i}`,
          events: eventSet(
            pairs.map(([run]) => run),
            BigUint64Array.from(pairs, ([, event]) => event),
          ),
        })),
      ];
      const counted = await countOverlaps(catalogue, streams);
      const { names, by, ...counts } = counted;
      expect(by).toEqual({ engine: 'wasm' });
      expect(names).toEqual(streams.map(({ name }) => name));
      const lists = [
        ...members.map((own) =>
          [...new Map(own.map((member) => [String(member), member])).values()].flatMap(([dspid, dstypeid]) =>
            datasets[dspid]![dstypeid]!.flat().map((event) => `${RUNS[dspid]}/${event}`),
          ),
        ),
        ...sets.map((pairs) => [...new Set(pairs.map(([run, event]) => `${run}/${event}`))]),
      ];
      expect(counts).toEqual(dumbCounts(lists));
      const size = streams.length;
      const { both, inExactly } = counts;
      let uniq = 0;
      for (let i = 0; i < size; i++) uniq += both[i * size + i]!;
      expect(inExactly.reduce((sum, events, k) => sum + k * events, 0)).toBe(uniq);
    }),
    { numRuns: 20 },
  );
});

const EACH = 600_000;

/** Two streams, of every second and every third event before the last there can be: more than one range. */
async function millions(workers: number) {
  const every = (step: number) => {
    const eventno = new BigUint64Array(EACH);
    const words = new Uint32Array(eventno.buffer);
    for (let i = 0; i < EACH; i++) {
      words[2 * i] = -1 - (EACH - i) * step;
      words[2 * i + 1] = -1;
    }
    return { eventno };
  };
  return memoryCatalogue(
    [2, 3].map((step, dstypeid) => ({ dspid: 1, dstypeid, runNumber: 1, parts: [every(step)] })),
    { workers, groupRows: 65_536 },
  );
}
const TWO: Stream[] = [0, 1].map((dstypeid) => ({ name: `every ${dstypeid + 2}`, members: [{ dspid: 1, dstypeid }] }));

it('tells of each range, and ends with the whole', async () => {
  const told: OverlapProgress[] = [];
  const { by, ...counts } = await countOverlaps(await millions(1), TWO, {
    onProgress: (progress) => told.push(progress),
  });
  expect(by).toEqual({ engine: 'wasm' });
  expect(told.map(({ records }) => records)).toEqual([...told.map(({ records }) => records)].sort((a, b) => a - b));
  expect(told.length).toBeGreaterThan(1);
  const { records, recordsTotal, secondsLeft, counts: last } = told.at(-1)!;
  expect({ records, recordsTotal, secondsLeft, last }).toEqual({
    records: 2 * EACH,
    recordsTotal: 2 * EACH,
    secondsLeft: 0,
    last: counts,
  });
  expect(told[0]!.counts.both[0]).toBeLessThan(counts.both[0]!);
  expect([...counts.both]).toEqual([EACH, EACH / 3, EACH / 3, EACH]);
  expect([...counts.inExactly]).toEqual([0, (4 * EACH) / 3, EACH / 3]);
});

it('stops at once when cancelled, and names an object that is missing', async () => {
  const catalogue = await millions(2);
  const abort = new AbortController();
  const counting = countOverlaps(catalogue, TWO, { signal: abort.signal, onProgress: () => abort.abort() });
  await expect(counting).rejects.toMatchObject({ tag: 'cancelled' });
  catalogue.objects.delete('memory/keys-1.parquet');
  await expect(countOverlaps(catalogue, TWO)).rejects.toThrow('keys-1.parquet');
  const unknown = [{ name: 'X', members: [{ dspid: 5, dstypeid: 0 }] }];
  await expect(countOverlaps(catalogue, unknown)).rejects.toMatchObject({ tag: 'document', message: /dataset 5.*X/ });
});

it('no stream, and streams without records, are counted too', async () => {
  const catalogue = await memoryCatalogue([{ dspid: 1, dstypeid: 0, runNumber: 1, parts: [] }]);
  expect(await countOverlaps(catalogue, [])).toMatchObject({ names: [], duplicates: 0 });
  const empty = { name: 'empty', members: [{ dspid: 1, dstypeid: 0 }] };
  const counts = await countOverlaps(catalogue, [empty, { name: 'none', events: { runs: [] } }]);
  expect([...counts.both, ...counts.inExactly, ...counts.records]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0]);
});

it('more streams than a matrix has room for are refused', async () => {
  const catalogue = await memoryCatalogue([{ dspid: 1, dstypeid: 0, runNumber: 1, parts: [] }]);
  const streams = Array.from({ length: 4097 }, (_, i) => ({ name: `${i}`, events: { runs: [] } }));
  await expect(countOverlaps(catalogue, streams)).rejects.toMatchObject({ tag: 'limit', message: /4097 .* 4096/ });
});
