import { describe, expect, it } from 'vitest';
import { derivationsOf, firstDataset, streamsOf } from './chooseStreams.ts';

const container = (dspid: number, dstypeid: number, run: string, type: string, bytes = 600, events_rucio = 2) => ({
  dspid,
  dstypeid,
  name: `data18_13TeV.${run}.physics_Main.deriv.${type}.r13286_p4910`,
  bytes,
  events_rucio,
});
const all = [
  container(2, 1, '00358096', 'AOD'),
  container(3, 3, '00358031', 'DAOD_PHYS'),
  container(3, 2, '00358031', 'DAOD_EGAM7', 100, 1),
  container(3, 1, '00358031', 'AOD'),
  container(2, 3, '00358096', 'DAOD_PHYS', 600, 6),
  container(1, 1, '00358000', 'RAW', 0, 0),
];

describe('streams', () => {
  it('begin with the dataset that has most derivations, or else most data types', () => {
    expect(firstDataset(all)).toBe(3);
    expect(firstDataset(all.filter(({ dspid }) => dspid !== 3))).toBe(2);
    expect(firstDataset([...all, container(4, 2, '00358099', 'DAOD_A'), container(4, 3, '00358099', 'DAOD_B')])).toBe(
      3,
    );
    expect(firstDataset(all.slice(-1))).toBe(1);
    expect(firstDataset([])).toBeUndefined();
  });

  it('are the derivations of a dataset, by name; all data types where it has one derivation', () => {
    expect(derivationsOf(all, 3).map(({ dstypeid }) => dstypeid)).toEqual([2, 3]);
    expect(derivationsOf(all, 2).map(({ dstypeid }) => dstypeid)).toEqual([1, 3]);
    expect(derivationsOf(all, 9)).toEqual([]);
  });

  it('are containers with the mean size of their events', () => {
    expect(streamsOf(derivationsOf(all, 3))).toEqual([
      { name: all[2]!.name, members: [{ dspid: 3, dstypeid: 2 }], size: 100 },
      { name: all[1]!.name, members: [{ dspid: 3, dstypeid: 3 }], size: 300 },
    ]);
    expect(streamsOf(all.slice(-1))[0]).not.toHaveProperty('size');
  });

  it('take runs together where that is wanted', () => {
    expect(streamsOf([all[1]!, all[2]!, all[4]!], { runsTogether: true })).toEqual([
      {
        name: 'data18_13TeV.*.physics_Main.deriv.DAOD_PHYS.r13286_p4910',
        members: [
          { dspid: 3, dstypeid: 3 },
          { dspid: 2, dstypeid: 3 },
        ],
        size: 150,
      },
      { name: all[2]!.name, members: [{ dspid: 3, dstypeid: 2 }], size: 100 },
    ]);
  });
});
