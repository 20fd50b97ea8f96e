import { expect, it } from 'vitest';
import type { ColumnData } from '../../../core/schema/column.ts';
import { loadKernels } from '../kernels/kernels.ts';
import { interpret } from './interpret.ts';
import { NumberDecoder } from './numberDecoder.ts';
import type { Classes, ClassMember } from './rootFile.ts';
import type { BranchObject } from './treeObject.ts';

/** As ROOT's streamer infos have them. */
const MEMBERS: Record<string, [name: string, typeName: string, code: number][]> = {
  TVector3: [
    ['TObject', 'BASE', 66],
    ['fX', 'double', 8],
    ['fY', 'double', 8],
    ['fZ', 'double', 8],
  ],
  TLorentzVector: [
    ['TObject', 'BASE', 66],
    ['fP', 'TVector3', 61],
    ['fE', 'double', 8],
  ],
};
const CLASSES: Classes = {
  find: () => undefined,
  membersOf: (name) =>
    (MEMBERS[name] ?? []).map(([member, typeName, code]): ClassMember => ({ name: member, typeName, code, title: '' })),
};

/** Entries 0 and 1 of the branch `muonp4`, a `vector<TLorentzVector>`, of uproot-HZZ-objects.root, which ROOT wrote. */
const FOUR_VECTORS = Uint8Array.from(
  Buffer.from(
    [
      '40000086000900000002',
      '4000003c000400010000000002000000',
      '40000024000300010000000002000000',
      'c04a732160000000',
      'c0274f3120000000',
      'c020525380000000',
      '404b63c6a0000000',
      '4000003c000400010000000002000000',
      '40000024000300010000000002000000',
      '4042de6fa0000000',
      '3fe630ef80000000',
      'c0269d7b60000000',
      '4043b36ac0000000',
      '40000046000900000001',
      '4000003c000400010000000002000000',
      '40000024000300010000000002000000',
      'bfea206f60000000',
      'c038677d80000000',
      '4034333120000000',
      '403fb0c100000000',
    ].join(''),
    'hex',
  ),
);
const STARTS = Uint32Array.of(0, 138, 212);

it('vectors of four-vectors become lists of their numbers, as expressions call them', async () => {
  const columns = await decode(FOUR_VECTORS);
  expect(columns.map(([name]) => name)).toEqual(['px', 'py', 'pz', 'E']);
  for (const [, { offsets }] of columns) expect(offsets).toEqual([Uint32Array.of(0, 2, 3)]);
  const energies = columns[3]![1].values as Float64Array;
  expect(Array.from(energies, (energy) => energy.toFixed(4))).toEqual(['54.7795', '39.4017', '31.6904']);
  const px = columns[0]![1].values as Float64Array;
  expect(px[2]!.toFixed(4)).toBe('-0.8165');
});

it('objects that were written in another way are an error', async () => {
  const memberwise = FOUR_VECTORS.slice();
  memberwise[10] = 0x41;
  await expect(decode(memberwise)).rejects.toThrow('a way that is not read');
  const longer = FOUR_VECTORS.slice();
  longer[9] = 3;
  await expect(decode(longer)).rejects.toThrow('a way that is not read');
});

async function decode(values: Uint8Array): Promise<[string, ColumnData][]> {
  const branch = {
    _typename: 'TBranchElement',
    fName: 'muonp4',
    fClassName: 'vector<TLorentzVector>',
    fStreamerType: -1,
    fType: 0,
    fLeaves: { arr: [{ fLen: 1, fTitle: 'muonp4' }] },
  } as unknown as BranchObject;
  const read = interpret(branch, CLASSES);
  if ('reason' in read) throw new Error(read.reason);
  const kernels = await loadKernels();
  return read.map(({ leaf, depth, interpretation, interleaved }) => {
    if (interpretation.kind !== 'numbers') throw new Error('no numbers');
    const decoder = new NumberDecoder(interpretation, interleaved, depth, 2);
    decoder.take({ entries: 2, values, starts: STARTS }, 0, 2);
    return [leaf!, decoder.finish(kernels)];
  });
}
