import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RecordCounts } from '../../../core/catalogue/recordCounts.ts';
import type { KeysOf, PartKeys } from '../overlap/testing/keyCatalogue.ts';
import { memoryCatalogue } from '../overlap/testing/memoryCatalogue.ts';
import { countRecords } from './countRecords.ts';

const LAST = 2n ** 64n - 1n;

interface Row {
  eventno: bigint;
  file: number;
}

/** Files 0, 3, 6 … are those of the first tid. */
const tidOf = (file: number) => 1_000_000_000_001n + BigInt(file % 3);

function partOf(rows: Row[]): PartKeys {
  const sorted = rows.toSorted((a, b) => (a.eventno < b.eventno ? -1 : a.eventno > b.eventno ? 1 : 0));
  return {
    eventno: BigUint64Array.from(sorted, ({ eventno }) => eventno),
    file: Int32Array.from(sorted, ({ file }) => file),
    tid: BigInt64Array.from(sorted, ({ file }) => tidOf(file)),
  };
}

function dumb(rows: Row[]) {
  const times = new Map<bigint, number>();
  for (const { eventno } of rows) times.set(eventno, (times.get(eventno) ?? 0) + 1);
  const dup = new Set([...times].filter(([, count]) => count > 1).map(([event]) => event));
  return { dup, counts: { events: rows.length, events_uniq: times.size, events_dup: dup.size } };
}

function dumbCounts(rows: Row[]): Omit<RecordCounts, 'dspid' | 'dstypeid' | 'byFile'> & { byFile: unknown[] } {
  const all = dumb(rows);
  const files = [...new Set(rows.map(({ file }) => file))].sort((a, b) => a - b);
  const has = (file: number, dup: Set<bigint>) =>
    new Set(rows.filter((row) => row.file === file && dup.has(row.eventno)).map(({ eventno }) => eventno)).size;
  const tids = [...new Set(files.map(tidOf))].sort().map((tid) => {
    const own = dumb(rows.filter(({ file }) => tidOf(file) === tid));
    const ownFiles = files.filter((file) => tidOf(file) === tid);
    return {
      tid,
      ...own.counts,
      files: ownFiles.length,
      files_dup: ownFiles.filter((file) => has(file, own.dup)).length,
    };
  });
  const byFile = files.map((file) => {
    const own = dumb(rows.filter((row) => row.file === file));
    const inTid = dumb(rows.filter((row) => tidOf(row.file) === tidOf(file)));
    return [
      file,
      tidOf(file),
      own.counts.events,
      own.counts.events_uniq,
      own.counts.events_dup,
      has(file, inTid.dup),
      has(file, all.dup),
    ];
  });
  return {
    ...all.counts,
    files: files.length,
    files_dup: files.filter((file) => has(file, all.dup)).length,
    tids,
    byFile,
  };
}

function plain({ byFile, ...counts }: RecordCounts) {
  const { file, tid, events, events_uniq, events_dup, dupInTid, dupInAll } = byFile;
  const columns = [file, tid, events, events_uniq, events_dup, dupInTid, dupInAll];
  return { ...counts, byFile: [...file].map((_, i) => columns.map((column) => column[i])) };
}

const row = fc.record({
  eventno: fc.oneof(
    fc.bigInt({ min: 0n, max: 12n }),
    fc.bigInt({ min: LAST - 3n, max: LAST }),
    fc.bigInt({ min: 0n, max: LAST }),
  ),
  file: fc.oneof(fc.nat({ max: 7 }), fc.constant(5000)),
});

it('counts records, distinct events and duplicates of containers, tids and files as a dumb count does', async () => {
  const shapes = fc.record({
    types: fc.array(fc.array(fc.array(row, { maxLength: 30 }), { maxLength: 5 }), { minLength: 1, maxLength: 3 }),
    workers: fc.integer({ min: 1, max: 3 }),
    groupRows: fc.integer({ min: 1, max: 40 }),
  });
  await fc.assert(
    fc.asyncProperty(shapes, async ({ types, workers, groupRows }) => {
      const datasets = types.map(
        (parts, dstypeid): KeysOf => ({ dspid: 4, dstypeid, runNumber: 1, parts: parts.map(partOf) }),
      );
      const catalogue = await memoryCatalogue(datasets, { workers, groupRows });
      const counted = await countRecords(catalogue, datasets);
      expect(counted.map(plain)).toEqual(
        types.map((parts, dstypeid) => ({ dspid: 4, dstypeid, ...dumbCounts(parts.flat()) })),
      );
    }),
    { numRuns: 40 },
  );
});

it('events_dup is how many event numbers occur more than once, not how many records are too many', async () => {
  const rows = [1n, 2n, 2n, 3n, 3n, 3n].map((eventno) => ({ eventno, file: 0 }));
  const datasets = [{ dspid: 1, dstypeid: 2, runNumber: 1, parts: [partOf(rows)] }];
  const [counts] = await countRecords(await memoryCatalogue(datasets), datasets);
  expect(counts).toMatchObject({ events: 6, events_uniq: 3, events_dup: 2, files: 1, files_dup: 1 });
});

it('names the object whose records can not be right', async () => {
  const keys = (part: PartKeys) => [{ dspid: 1, dstypeid: 0, runNumber: 1, parts: [part] }];
  const eventno = BigUint64Array.of(4n, 5n);
  const twoTids = keys({ eventno, file: Int32Array.of(7, 7), tid: BigInt64Array.of(1n, 2n) });
  await expect(countRecords(await memoryCatalogue(twoTids), twoTids)).rejects.toThrow(
    'memory/keys-0.parquet: file 7 has event 5 of tid 2, and events of another tid',
  );
  const negative = keys({ eventno, file: Int32Array.of(0, -1) });
  await expect(countRecords(await memoryCatalogue(negative), negative)).rejects.toThrow(
    'event 5 is in a file with the number -1',
  );
});
