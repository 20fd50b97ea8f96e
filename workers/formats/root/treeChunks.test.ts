import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../io/byteSource.ts';
import type { Chunk, FileSummary } from '../eventFile.ts';
import type { Branch } from './branch.ts';
import { openRootFile } from './openRootFile.ts';
import { openTree } from './openTree.ts';
import { chunksOf } from './treeChunks.ts';
import { columnBytes, TreeFile } from './treeFile.ts';

describe('chunks of a tree', () => {
  it('end where baskets of most branches do, and take as many of them as fit', () => {
    const clusters = [0, 100_000, 200_000, 300_000, 400_000];
    const branches = [branch(clusters), branch(clusters), branch([0, 50_000, 400_000])];
    expect(chunksOf({ events: 400_000, branches, entryBytes: [4, 4, 4], unsupported: [] })).toEqual([
      { begin: 0, end: 200_000 },
      { begin: 200_000, end: 400_000 },
    ]);
  });

  it('are parts of equal length where no baskets end together, and share a number', () => {
    const branches = [branch([0, 1_000_000])];
    expect(chunksOf({ events: 1_000_000, branches, entryBytes: [4], unsupported: [] })).toEqual([
      { begin: 0, end: 250_000, group: 0 },
      { begin: 250_000, end: 500_000, group: 0 },
      { begin: 500_000, end: 750_000, group: 0 },
      { begin: 750_000, end: 1_000_000, group: 0 },
    ]);
  });

  it('have fewer events where these are large', () => {
    const borders = Array.from({ length: 11 }, (_, i) => i * 1000);
    const branches = [branch(borders)];
    const chunks = chunksOf({ events: 10_000, branches, entryBytes: [10_000], unsupported: [] });
    expect(chunks.map(({ end }) => end)).toEqual([3000, 6000, 9000, 10_000]);
  });

  it('are none of a tree without events', () => {
    expect(chunksOf({ events: 0, branches: [branch([0])], entryBytes: [0], unsupported: [] })).toEqual([]);
  });
});

it('a basket that reaches into the next chunk is fetched once, and its entries come in order', async () => {
  const bytes = readFileSync(new URL('fixtures/trees/uproot-foriter2.root', import.meta.url));
  const reads: [number, number][] = [];
  const source: ByteSource = {
    url: 'words.root',
    size: bytes.length,
    etag: undefined,
    read: async (offset, length) => {
      reads.push([offset, length]);
      return bytes.slice(offset, offset + length);
    },
  };
  const root = await openRootFile(source);
  const { branches, events } = await openTree(root, root.keys[0]!);
  const whole = await readAll(new TreeFile(source, branches, summaryOf(branches, [{ begin: 0, end: events }])));
  reads.length = 0;
  const chunks = [0, 8, 9, 24, events].slice(1).map((end, i) => ({ begin: [0, 8, 9, 24][i]!, end }));
  expect(await readAll(new TreeFile(source, branches, summaryOf(branches, chunks)))).toEqual(whole);
  expect(whole.length).toBe(31);
  const [data] = branches;
  const fetched = reads.reduce((sum, [, length]) => sum + length, 0);
  const [first, last] = [data!.baskets.offsets[0]!, data!.baskets.offsets.at(-1)! + data!.baskets.bytes.at(-1)!];
  expect(fetched).toBeLessThanOrEqual(last - first);
  // Each byte on disk counts once.
  const shares = columnBytes(branches, chunks);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(
    data!.baskets.bytes.reduce((sum, b) => sum + b, 0),
    6,
  );
});

it('a basket in the tree that has no table takes the counts of all its entries, whichever are wanted', async () => {
  const counter = { ...branch([0, 2, 4]), info: { name: 'n', type: 'int32', depth: 0, nullable: false } as const };
  const counts = [basketOf([1, 0]), basketOf([2, 1])];
  counter.baskets.offsets.set([0, 100]);
  counter.baskets.bytes.fill(counts[0]!.length);
  const x: Branch = {
    info: { name: 'x', type: 'int32', depth: 1, nullable: false },
    interpretation: { kind: 'numbers', stored: { kind: 'int32' }, perEntry: undefined, header: 0, innerLength: 1 },
    baskets: { entries: Float64Array.of(0), offsets: new Float64Array(0), bytes: new Float64Array(0) },
    embedded: { firstEntry: 0, entries: 4, values: Uint8Array.from([7, 8, 9, 6].flatMap(int32)), starts: undefined },
    counter,
  };
  const source: ByteSource = {
    url: 'counts.root',
    size: 200,
    etag: undefined,
    read: async (offset, length) => counts[offset / 100]!.subarray(0, length),
  };
  const chunks = [0, 1, 3].map((begin, i) => ({ begin, end: [1, 3, 4][i]! }));
  const file = new TreeFile(source, [x], summaryOf([x], chunks));
  const found = await Promise.all(chunks.map(async (_, chunk) => (await file.readChunk(chunk, ['x']))[0]!.values));
  expect(found.map((values) => [...(values as Int32Array)])).toEqual([[7], [8, 9], [6]]);
  // What is told beforehand is what is read.
  expect(file.ranges(0, ['x'])).toEqual([0, 100].map((offset) => [offset, counts[0]!.length]));
});

const int32 = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];

/** Numbers that are not packed, behind a key. */
function basketOf(values: number[]): Uint8Array {
  const keyBytes = 60;
  const bytes = new Uint8Array(keyBytes + 4 * values.length);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, bytes.length);
  view.setInt32(6, 4 * values.length);
  view.setInt16(14, keyBytes);
  view.setInt32(keyBytes - 9, values.length);
  view.setInt32(keyBytes - 5, bytes.length);
  values.forEach((value, i) => {
    view.setInt32(keyBytes + 4 * i, value);
  });
  return bytes;
}

async function readAll(file: TreeFile): Promise<string[]> {
  const all: string[] = [];
  for (let chunk = 0; chunk < file.summary.chunks.length; chunk++) {
    const { values, dictionary } = (await file.readChunk(chunk, ['data']))[0]!;
    for (const code of values as Uint32Array) all.push(dictionary![code]!);
  }
  return all;
}

function summaryOf(branches: Branch[], chunks: Chunk[]): FileSummary {
  return { columns: branches.map(({ info }) => info), chunks, unsupported: [] } as unknown as FileSummary;
}

/** Flat numbers in baskets that begin at these entries. */
function branch(entries: number[]): Branch {
  const count = entries.length - 1;
  return {
    info: { name: 'x', type: 'int32', depth: 0, nullable: false },
    interpretation: { kind: 'numbers', stored: { kind: 'int32' }, perEntry: 1, header: 0, innerLength: 1 },
    baskets: {
      entries: Float64Array.from(entries),
      offsets: new Float64Array(count).fill(100),
      bytes: new Float64Array(count).fill(100),
    },
  };
}
