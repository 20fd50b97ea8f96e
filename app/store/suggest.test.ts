import { expect, test } from 'vitest';
import { buildSchema } from '../../core/schema/build.ts';
import type { ColumnInfo } from '../../core/schema/column.ts';
import { suggestFirst } from './suggest.ts';

const columns = (depth: number, ...names: string[]): ColumnInfo[] =>
  names.map((name) => ({ name, type: 'float32', depth, nullable: false }));
const first = (all: ColumnInfo[]) => suggestFirst(buildSchema(all), () => undefined).map(({ axis }) => axis.value);

test('what a file is about first is its leptons and the missing momentum', () => {
  const nano = [...columns(1, 'Jet_pt', 'Muon_pt', 'Muon_eta'), ...columns(0, 'MET_pt', 'PV_npvs')];
  expect(first(nano)).toEqual(['len(Muon)', 'Muon.pt', 'Muon.eta', 'MET.pt']);
});

test('Cartesian momenta are shown by what they amount to', () => {
  const hzz = [...columns(1, 'Muon_Px', 'Muon_Py', 'Muon_Pz', 'Muon_E'), ...columns(0, 'MET_px', 'MET_py')];
  expect(first(hzz)).toEqual(['len(Muon)', 'Muon.pt', 'Muon.eta', 'MET.pt']);
});

test('without an energy there is no pseudorapidity of Cartesian momenta', () => {
  expect(first(columns(1, 'Muon_Px', 'Muon_Py', 'Muon_Pz'))).toEqual(['len(Muon)', 'Muon.pt']);
});
