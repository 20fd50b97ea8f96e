import { describe, expect, it } from 'vitest';
import { buildSchema } from '../../../core/schema/build.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import { openSourceInNode } from '../../io/nodeFile.ts';
import { sharedData } from '../../testing/sharedData.ts';
import type { EventFile } from '../eventFile.ts';
import { openEventFile } from '../open.ts';
import { openFile } from '../testing/values.ts';

const [DY, DY_TWIN, DIMUON, TT, OPEN_DATA] = [
  'nano_dy.root',
  'nano_dy.parquet',
  'nano_dimuon.root',
  'nano_tt_v12.root',
  'open-data-example.root',
].map(sharedData);
const HZZ = ['zlib', 'lz4', 'lzma', 'zstd', 'uncompressed'].map((name) => sharedData(`uproot-HZZ-${name}.root`));

describe.skipIf(!DY || !DY_TWIN)('NanoAOD as a tree (needs shared/data)', () => {
  it('has the columns and values of its Parquet twin', async () => {
    const [tree, twin] = [await openFile(DY!), await openFile(DY_TWIN!)];
    expect(tree.summary).toMatchObject({ format: 'ttree', events: 40, unsupported: [] });
    const names = twin.summary.columns.map(({ name }) => name);
    expect(tree.summary.columns.map(({ name }) => name).sort()).toEqual([...names].sort());
    const [ours, theirs] = await Promise.all([readAll(tree, names), readAll(twin, names)]);
    ours.forEach((column, i) => {
      expect([names[i], column.offsets, Array.from(column.values, Number)]).toEqual([
        names[i],
        theirs[i]!.offsets,
        Array.from(theirs[i]!.values, Number),
      ]);
    });
  });

  it('has the same collections, fields, references and counts', async () => {
    const [tree, twin] = await Promise.all(
      [DY!, DY_TWIN!].map(async (path) => buildSchema((await openFile(path)).summary.columns)),
    );
    const shape = ({ collections, records }: typeof tree) => [
      [...collections.values()]
        .map(({ name, fields, references, count }) => [
          name,
          fields.map((f) => f.name).sort(),
          references.length,
          count?.name,
        ])
        .sort(),
      [...records.keys()].sort(),
    ];
    expect(shape(tree!)).toEqual(shape(twin!));
  });

  it('tells the trees of its file, and opens the one that is asked for', async () => {
    const events = await openFile(DY!);
    expect(events.summary.trees).toEqual({
      open: 'Events',
      all: [
        { name: 'Events', kind: 'TTree', events: 40 },
        { name: 'Runs', kind: 'TTree' },
      ],
    });
    const runs = await openTree(DY!, 'Runs');
    expect(runs.summary.events).toBe(1);
    expect(await sum(runs, 'genEventSumw_')).toBeGreaterThan(0);
  });

  it('names the trees where there is none of the name', async () => {
    await expect(openTree(DY!, 'Event')).rejects.toMatchObject({
      tag: 'format',
      message: expect.stringContaining("no tree 'Event'"),
      hint: 'it has Events, Runs',
      place: { trees: ['Events', 'Runs'] },
    });
  });
});

it.skipIf(!DIMUON || !TT)('real trees have the sums that others find (needs shared/data)', async () => {
  const tt = await openFile(TT!);
  expect((await read(tt, 'Jet_pt')).values.length).toBe(1504);
  expect(await sum(tt, 'Jet_pt')).toBeCloseTo(98137.13, 1);
  expect(await sum(tt, 'MET_pt')).toBeCloseTo(15488.578, 2);
  expect(await sum(tt, 'genWeight')).toBeCloseTo(66735.305, 2);
  const dimuon = await openFile(DIMUON!);
  expect(new Set(Array.from((await read(dimuon, 'run')).values, Number))).toEqual(new Set([315267]));
});

it.skipIf(!OPEN_DATA)('baskets within the tree are read (needs shared/data)', async () => {
  const file = await openFile(OPEN_DATA!);
  expect(file.summary.events).toBe(100_000);
  expect((await read(file, 'Muon_pt')).values.length).toBe(235_286);
  expect(await sum(file, 'Muon_pt')).toBeCloseTo(4_010_997.93, 1);
});

describe.each(HZZ)('one tree in each of the compressions (needs shared/data)', (path) => {
  it.skipIf(!path)(`${path?.split('-').at(-1)}`, async () => {
    const file = await openFile(path!);
    expect(file.summary.events).toBe(2421);
    expect((await read(file, 'Muon_Px')).values.length).toBe(3825);
    expect(await sum(file, 'Muon_Px')).toBeCloseTo(-2506.0211, 2);
    expect((await read(file, 'Jet_Px')).values.length).toBe(2773);
  });
});

/** All chunks of columns, put together. */
async function readAll(file: EventFile, names: string[]): Promise<ColumnData[]> {
  expect(file.summary.chunks.length).toBe(1);
  return file.readChunk(0, names);
}

async function read(file: EventFile, name: string): Promise<ColumnData> {
  return (await readAll(file, [name]))[0]!;
}

async function sum(file: EventFile, name: string): Promise<number> {
  return Array.from((await read(file, name)).values, Number).reduce((total, value) => total + value, 0);
}

async function openTree(path: string, tree: string): Promise<EventFile> {
  const { source, file } = await openSourceInNode({ kind: 'path', path, tree }, { counter: { bytes: 0, requests: 0 } });
  return openEventFile(source, file);
}
