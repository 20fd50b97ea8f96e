import { expect, it } from 'vitest';
import { schemaOf } from '../expr/testing/check.ts';
import { compileDocument } from './compile.ts';
import type { AnalysisDocument } from './document.ts';

const SCHEMA = schemaOf(`
  run: uint32; x: float64; HLT_IsoMu24: bool; MET_pt: float32; MET_phi: float32; deep: float32[][]
  nMuon: uint32; Muon_pt: float32[]; Muon_eta: float32[]; Muon_phi: float32[]; Muon_mass: float32[]
  Muon_charge: int8[]; Muon_jetIdx: int16[]
  Jet_pt: float32[]; Jet_eta: float32[]; Jet_phi: float32[]; Jet_area: float64[]; LHEPdfWeight: float32[]
`);

/** Columns that a document with one histogram of `value` reads, and the columns that tell the sizes of collections. */
function needed(value: string, more: Partial<AnalysisDocument> = {}): { columns: string[]; sizes: string } {
  const document: AnalysisDocument = {
    lumiscope: 1,
    datasets: [],
    define: [],
    select: [],
    histograms: [{ name: 'h', axes: [{ value, bins: 1, range: [0, 1] }] }],
    defaults: {},
    ...more,
  };
  const { program, errors } = compileDocument(document, SCHEMA);
  if (!program) throw new Error(JSON.stringify(errors));
  const sizes = program.collections.map(({ name, columns }) => `${name}: ${columns.join(' ')}`).join('; ');
  return { columns: program.columns, sizes };
}

it('only what is used is read', () => {
  expect(needed('x')).toEqual({ columns: ['x'], sizes: '' });
  expect(needed('MET.pt')).toEqual({ columns: ['MET_pt'], sizes: '' });
  expect(needed('Muon.pt')).toEqual({ columns: ['Muon_pt'], sizes: 'Muon: Muon_pt' });
  expect(needed('Muon[Muon.charge > 0].pt')).toEqual({
    columns: ['Muon_pt', 'Muon_charge'],
    sizes: 'Muon: Muon_pt Muon_charge',
  });
});

it('a four-vector reads its components, and Δη reads η', () => {
  expect(needed('(Muon[0] + Muon[1]).mass').columns).toEqual(['Muon_pt', 'Muon_eta', 'Muon_phi', 'Muon_mass']);
  expect(needed('sum(Jet).pt').columns).toEqual(['Jet_pt', 'Jet_eta', 'Jet_phi']);
  expect(needed('Muon[0].deltaeta(Jet[0])').columns).toEqual(['Muon_eta', 'Jet_eta']);
});

it('a definition that nothing uses reads nothing', () => {
  expect(needed('x', { define: [{ name: 'm', expression: 'sum(Muon.pt)' }] }).columns).toEqual(['x']);
});

it('a cut that is switched off reads nothing', () => {
  const cut = { name: 'c', expression: 'HLT.IsoMu24' };
  expect(needed('x', { select: [{ ...cut, enabled: false }] }).columns).toEqual(['x']);
  expect(needed('x', { select: [{ ...cut, enabled: true }] }).columns).toEqual(['x', 'HLT_IsoMu24']);
});

it('where items are only counted, the smallest column counts them', () => {
  expect(needed('len(Muon)')).toEqual({ columns: ['Muon_charge'], sizes: 'Muon: Muon_charge' });
  expect(needed('len(LHEPdfWeight)').columns).toEqual(['LHEPdfWeight']);
  expect(needed('nMuon')).toEqual({ columns: ['nMuon'], sizes: '' });
});

it('a column that is read anyway counts as well', () => {
  expect(needed('len(Muon[Muon.pt > 3])').columns).toEqual(['Muon_pt']);
});

it('a reference needs the number of items that it may point to', () => {
  expect(needed('len(Muon[Muon.jet is not None])')).toEqual({
    columns: ['Muon_jetIdx', 'Jet_pt'],
    sizes: 'Muon: Muon_jetIdx; Jet: Jet_pt',
  });
  expect(needed('Muon.jet.eta').columns).toEqual(['Muon_jetIdx', 'Jet_eta']);
});

it('a document of constants reads one small column, for the number of events', () => {
  expect(needed('1').columns).toEqual(['HLT_IsoMu24']);
});

it('a default stands in for a column that there isn’t, and reads nothing', () => {
  const both = needed('MET.pt', {
    select: [{ name: 'c', expression: 'HLT.Mu50 or HLT_Mu50', enabled: true }],
    defaults: { HLT_Mu50: false },
  });
  expect(both.columns).toEqual(['MET_pt']);
});

it('what only a default stands in for is never read, not even to count events', () => {
  const document: AnalysisDocument = {
    lumiscope: 1,
    datasets: [],
    define: [],
    select: [],
    histograms: [{ name: 'h', axes: [{ value: '1', bins: 1, range: [0, 1] }] }],
    defaults: { HLT_new: true },
  };
  expect(compileDocument(document, schemaOf('x: float64')).program?.columns).toEqual(['x']);
});
