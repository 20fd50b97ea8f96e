import { describe, expect, it } from 'vitest';
import type { DatasetFamily, Manifest, Part } from './manifest.ts';
import { chooseSearched, distanceFromRaw, exampleEvent, searchedByRun } from './pickChoice.ts';

const TYPES = ['RAW', 'AOD', 'DAOD_PHYS', 'DAOD_EGAM7'];
const object = { path: 'x', bytes: 1, sha256: '' };
const part = (dspid: number, type: string, rows = 10): Part => ({
  dspid,
  dstypeid: TYPES.indexOf(type),
  rows,
  first: '1',
  last: '9',
  keys: object,
  records: object,
  index: object,
});
const family = (dspid: number, streamName: string, prodStep: string, amiTag: string): DatasetFamily => ({
  dspid,
  project: 'data18_13TeV',
  runNumber: 358031,
  streamName,
  prodStep,
  amiTag,
});
const RUN = searchedByRun(
  {
    families: [
      family(1, 'physics_Main', 'merge', 'f961_m2015'),
      family(2, 'physics_Main', 'recon', 'r13286'),
      family(3, 'physics_Main', 'deriv', 'r13286_p4910'),
      family(4, 'physics_Main', 'deriv', 'r13286_p5057'),
      family(5, 'express_express', 'merge', 'f961_m2015'),
      family(6, 'physics_Late', 'merge', 'f961_m2015'),
      family(7, 'physics_BphysLS', 'merge', 'f961_m2015'),
      family(8, 'physics_Empty', 'merge', 'f961_m2015'),
      family(9, 'physics_Late', 'daq', 'o1'),
    ],
    parts: [
      part(1, 'AOD', 1000),
      part(2, 'AOD', 500),
      part(2, 'AOD', 500),
      part(3, 'DAOD_PHYS', 900),
      part(3, 'DAOD_EGAM7', 100),
      part(4, 'DAOD_EGAM7', 120),
      part(4, 'DAOD_PHYS', 910),
      part(5, 'AOD', 50),
      part(6, 'AOD', 70),
      part(7, 'AOD', 60),
      part(8, 'AOD', 0),
      part(9, 'RAW', 80),
    ],
  } as unknown as Manifest,
  (dstypeid) => TYPES[dstypeid]!,
).get(358031)!;
const chosen = (options: Parameters<typeof chooseSearched>[1]) =>
  chooseSearched(RUN, options).map((round) => round.map(({ dspid, dataType }) => `${dspid} ${dataType}`));

describe('what is looked into', () => {
  it('is of each stream AOD in its newest version, streams with many records first', () => {
    expect(chosen({})).toEqual([['2 AOD'], ['6 AOD'], ['7 AOD'], ['5 AOD'], ['9 RAW']]);
  });
  it('is RAW where nothing else is left', () => {
    expect(chosen({ stream: 'physics_Late', prodStep: 'daq' })).toEqual([['9 RAW']]);
  });
  it('is the newest version of a data type', () => {
    expect(chosen({ dataType: 'DAOD_PHYS' })).toEqual([['4 DAOD_PHYS']]);
    expect(chosen({ dataType: 'daod_*' })).toEqual([['4 DAOD_PHYS', '4 DAOD_EGAM7']]);
  });
  it('is the type nearest to AOD of a version', () => {
    expect(chosen({ version: 'r13286_p4910' })).toEqual([['3 DAOD_PHYS']]);
    expect(chosen({ version: 'r*', stream: 'physics_Main' })).toEqual([['2 AOD']]);
    expect(chosen({ version: 'any', stream: 'physics_Main' })).toEqual([['1 AOD', '2 AOD']]);
  });
  it('is all there is where all is asked for, but for what has no records', () => {
    const [all] = chosen({ dataType: 'any', version: 'any' });
    expect(all).toHaveLength(10);
    expect(all).not.toContain('8 AOD');
  });
  it('keeps to stream, step and project', () => {
    expect(chosen({ stream: 'express*' })).toEqual([['5 AOD']]);
    expect(chosen({ prodStep: 'deriv' })).toEqual([['4 DAOD_PHYS']]);
    expect(chosen({ project: 'data17*' })).toEqual([]);
  });
});

it('derivations are the farthest from RAW', () => {
  const types = ['DAOD_PHYS', 'NTUP_PILEUP', 'AOD', 'ESD', 'RAW'];
  expect(types.sort((a, b) => distanceFromRaw(a) - distanceFromRaw(b))).toEqual([
    'RAW',
    'ESD',
    'AOD',
    'NTUP_PILEUP',
    'DAOD_PHYS',
  ]);
});

it('an event to try is one of what is looked into first, in the largest run', () => {
  const small = RUN.filter(({ dspid }) => dspid === 5).map((one) => ({
    ...one,
    family: { ...one.family, runNumber: 1 },
  }));
  const last = String(2n ** 64n - 1n);
  const run = RUN.map((one) => (one.dspid === 2 ? { ...one, parts: [{ ...one.parts[0]!, first: last }] } : one));
  expect(exampleEvent([small, run])).toEqual({ runNumber: 358031, event: 2n ** 64n - 1n });
  expect(exampleEvent([])).toBeUndefined();
});
