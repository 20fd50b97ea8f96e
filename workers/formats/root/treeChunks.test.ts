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
