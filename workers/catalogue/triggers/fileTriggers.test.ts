import { afterAll, describe, expect, it } from 'vitest';
import { chainCounts, chainOverlaps } from '../../../core/catalogue/triggerCounts.ts';
import { sharedData } from '../../testing/sharedData.ts';
import { nodeCatalogueThreads } from '../nodeCatalogue.ts';
import { countFileTriggers } from './fileTriggers.ts';

const threads = nodeCatalogueThreads({ workers: 2 });
afterAll(() => threads.close());

const singleMu = sharedData('Run2012B_SingleMu-1000.parquet');
const tree = sharedData('nano_dimuon.root');
const table = sharedData('nano_dimuon.parquet');

async function count(path: string, pattern: string, blocks?: readonly [number, number]) {
  const { counts, menu, lacking } = await countFileTriggers(threads, [{ kind: 'path', path }], pattern, {
    pairs: true,
    ...(blocks && { blocks }),
  });
  const overlaps = chainOverlaps(counts, menu)!;
  const both = (a: string, b: string) =>
    overlaps.both[overlaps.names.indexOf(a) * overlaps.names.length + overlaps.names.indexOf(b)];
  return { counts, rows: chainCounts(counts, menu), both, overlaps, lacking };
}

describe('trigger columns of event files', () => {
  it.skipIf(!singleMu)('overlap as they do in real data: 583, 630, both 583', async () => {
    const { counts, rows, both } = await count(singleMu!, 'HLT_*');
    expect(counts).toMatchObject({ records: 1000, events: 1000, elsewhere: 0 });
    expect(Object.fromEntries(rows.map(({ chain, fired }) => [chain, fired[0]]))).toEqual({
      HLT_IsoMu24_eta2p1: 583,
      HLT_IsoMu24: 630,
      HLT_IsoMu17_eta2p1_LooseIsoPFTau20: 139,
    });
    expect(both('HLT_IsoMu24_eta2p1', 'HLT_IsoMu24')).toBe(583);
    const [first] = (await count(singleMu!, 'HLT_IsoMu24*')).rows;
    expect(first).toMatchObject({ chain: 'HLT_IsoMu24_eta2p1', unique: 0 });
  });

  it.skipIf(!tree || !table)('are the same from a tree and from a table: 58 of 664 paths fired', async () => {
    const [a, b] = await Promise.all([count(tree!, 'HLT_*'), count(table!, 'HLT_*')]);
    expect(a.rows).toHaveLength(664);
    expect(a.overlaps.names).toHaveLength(58);
    const byName = (rows: typeof a.rows) =>
      new Map(rows.map(({ chain, fired, unique }) => [chain, [fired[0], unique]]));
    expect(byName(b.rows)).toEqual(byName(a.rows));
    expect(b.counts.inExactly).toEqual(a.counts.inExactly);
    for (const one of a.overlaps.names) {
      for (const other of a.overlaps.names) expect(b.both(one, other)).toBe(a.both(one, other));
    }
  });

  it.skipIf(!singleMu)('are counted by luminosity block', async () => {
    const { counts } = await count(singleMu!, 'HLT_*', [1, 200]);
    expect(counts.events + counts.elsewhere).toBe(1000);
    expect(counts.events).toBe(307);
  });

  it.skipIf(!singleMu)('that are not there are named', async () => {
    await expect(count(singleMu!, 'L1_*')).rejects.toThrow('has no columns of booleans that fit L1_*');
  });
});
