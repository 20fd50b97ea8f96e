import { describe, expect, it } from 'vitest';
import { columnsOf, schemaOf } from '../expr/testing/check.ts';
import { buildSchema } from './build.ts';

/** Names as they are in NanoAOD files, with the columns that make each rule necessary. */
const NANO = schemaOf(`
  run: uint32; luminosityBlock: uint32; event: uint64
  nMuon: uint32; Muon_pt: float32[]; Muon_charge: int32[]; Muon_dxyErr: float32[]; Muon_jetIdx: int16[]
  Muon_genPartIdx: int16[]; Muon_fsrPhotonIdx: int16[]; Muon_tightId: bool[]
  nJet: uint32; Jet_pt: float32[]; Jet_muonIdx1: int16[]; Jet_muonIdx2: int16[]; Jet_electronIdx1: int16[]
  nGenPart: uint32; GenPart_pt: float32[]; GenPart_genPartIdxMother: int16[]; GenPart_pdgId: int32[]
  nSubGenJetAK8: uint32; SubGenJetAK8_pt: float32[]
  nL1_Obj: uint32; L1_Obj_pt: float32[]; L1_Mu3: bool
  nLHEPdfWeight: uint32; LHEPdfWeight: float32[]; LHEWeight_originalXWGTUP: float32
  MET_pt: float32; MET_phi: float32; HLT_IsoMu24_eta2p1: bool; HLT_IsoMu24: bool; Flag_goodVertices: bool
  fixedGridRhoFastjetAll: float32; Generator_weight: float32; genTtbarId: int32
`);

const fields = (schema: typeof NANO, name: string): string[] =>
  (schema.collections.get(name) ?? schema.records.get(name))?.fields.map((field) => field.name) ?? [];
const references = (schema: typeof NANO, name: string): [string, string][] =>
  schema.collections.get(name)?.references.map((reference) => [reference.name, reference.target]) ?? [];

describe('NanoAOD', () => {
  it('makes a collection of the lists that share a prefix, and knows its counter', () => {
    expect([...NANO.collections.keys()]).toEqual(['Muon', 'Jet', 'GenPart', 'SubGenJetAK8', 'L1_Obj', 'LHEPdfWeight']);
    expect(fields(NANO, 'Muon').slice(0, 2)).toEqual(['pt', 'charge']);
    expect(NANO.collections.get('Muon')?.count?.name).toBe('nMuon');
  });

  it('takes a prefix with an underscore where there is a counter for it', () => {
    expect(fields(NANO, 'L1_Obj')).toEqual(['pt']);
    expect(fields(NANO, 'L1')).toEqual(['Mu3']);
  });

  it('makes one collection of lists that have a counter each, as uproot writes them', () => {
    const schema = schemaOf(
      'nMuon: int32; nMuon_pt: int32; Muon_pt: float32[]; nMuon_isGlobal: int32; Muon_isGlobal: bool[]',
    );
    expect([...schema.collections.keys()]).toEqual(['Muon']);
    expect(fields(schema, 'Muon')).toEqual(['pt', 'isGlobal']);
    expect(schema.collections.get('Muon')?.count?.name).toBe('nMuon');
    expect([...schema.records.keys()]).toEqual([]);
  });

  it('makes a group of event values that share a prefix, up to the first underscore', () => {
    expect([...NANO.records.keys()]).toEqual(['L1', 'LHEWeight', 'MET', 'HLT', 'Flag', 'Generator']);
    expect(fields(NANO, 'HLT')).toEqual(['IsoMu24_eta2p1', 'IsoMu24']);
  });

  it('leaves names that fit no pattern as they are', () => {
    for (const name of ['run', 'event', 'fixedGridRhoFastjetAll', 'genTtbarId', 'nMuon']) {
      expect(NANO.columns.get(name)?.name).toBe(name);
      expect(NANO.records.has(name)).toBe(false);
    }
  });

  it('makes references of index columns, numbered ones and those into their own collection too', () => {
    expect(references(NANO, 'Muon')).toEqual([
      ['jet', 'Jet'],
      ['genPart', 'GenPart'],
    ]);
    expect(references(NANO, 'Jet')).toEqual([
      ['muon1', 'Muon'],
      ['muon2', 'Muon'],
    ]);
    expect(references(NANO, 'GenPart')).toEqual([['genPartMother', 'GenPart']]);
  });

  it('a bare list is a collection of its values', () => {
    expect(NANO.collections.get('LHEPdfWeight')).toMatchObject({
      self: { name: 'LHEPdfWeight' },
      fields: [],
      count: { name: 'nLHEPdfWeight' },
    });
  });

  it('is in GeV, cm and radians', () => {
    const units = Object.fromEntries(NANO.collections.get('Muon')?.fields.map(({ name, unit }) => [name, unit]) ?? []);
    expect(units).toMatchObject({ pt: 'GeV', dxyErr: 'cm', charge: undefined });
    expect(NANO.records.get('MET')?.fields.map(({ unit }) => unit)).toEqual(['GeV', 'rad']);
  });
});

describe('structs', () => {
  const schema = schemaOf(`
    Muon.pt: float32[]; Muon.jetIdx: int32[]; Jet.pt: float32[]; Jet.with_underscore: float32[]
    MET.pt: float32; MET.sig.xx: float32; Jet.constituents.pt: float32[][]
  `);

  it('lists of them are collections, single ones groups', () => {
    expect(fields(schema, 'Muon')).toEqual(['pt', 'jetIdx']);
    expect(references(schema, 'Muon')).toEqual([['jet', 'Jet']]);
    expect(fields(schema, 'Jet')).toEqual(['pt', 'with_underscore']);
  });

  it('a struct in a struct is a field with an underscore', () => {
    expect(fields(schema, 'MET')).toEqual(['pt', 'sig_xx']);
    expect(schema.columns.has('MET.sig.xx')).toBe(true);
  });
});

describe('PHYSLITE', () => {
  const schema = schemaOf(`
    AnalysisMuonsAuxDyn.pt: float32[]; AnalysisMuonsAuxDyn.eta: float32[]; AnalysisMuonsAuxDyn.phi: float32[]
    AnalysisJetsAuxDyn.m: float32[]; AnalysisJetsAuxDyn.DFCommonJets_jetClean: bool[]
    InDetTrackParticlesAuxDyn.d0: float32[]; PrimaryVerticesAux.z: float32[]
    EventInfoAuxDyn.eventNumber: uint64; EventInfoAuxDyn.mcEventWeights: float32[]; MET_CoreAuxDyn.sumet: float32[]
  `);

  it('names its collections without the store they lie in', () => {
    expect([...schema.collections.keys()]).toEqual([
      'AnalysisMuons',
      'AnalysisJets',
      'InDetTrackParticles',
      'PrimaryVertices',
      'EventInfo',
      'MET_Core',
    ]);
    expect(fields(schema, 'AnalysisMuons')).toEqual(['pt', 'eta', 'phi']);
    expect(fields(schema, 'AnalysisJets')).toEqual(['m', 'DFCommonJets_jetClean']);
    expect(schema.records.get('EventInfo')?.fields.map(({ name }) => name)).toEqual(['eventNumber']);
  });

  it('is in MeV, mm and radians', () => {
    const unit = (collection: string, name: string) =>
      schema.collections.get(collection)?.fields.find((field) => field.name === name)?.unit;
    expect(unit('AnalysisMuons', 'pt')).toBe('MeV');
    expect(unit('AnalysisJets', 'm')).toBe('MeV');
    expect(unit('MET_Core', 'sumet')).toBe('MeV');
    expect(unit('AnalysisMuons', 'phi')).toBe('rad');
    expect(unit('InDetTrackParticles', 'd0')).toBe('mm');
    expect(unit('AnalysisMuons', 'eta')).toBeUndefined();
  });
});

describe('other names', () => {
  it('a field that is there wins over a reference of its name', () => {
    const schema = schemaOf('Muon_jet: float32[]; Muon_jetIdx: int32[]; Jet_pt: float32[]');
    expect(references(schema, 'Muon')).toEqual([]);
  });

  it('an index that is no integer, or into nothing, is no reference', () => {
    const schema = schemaOf('Muon_jetIdx: float32[]; Muon_tauIdx: int32[]; Muon_Idx: int32[]; Jet_pt: float32[]');
    expect(references(schema, 'Muon')).toEqual([]);
  });

  it('a counter that may be missing, or is no integer, counts nothing', () => {
    const schema = schemaOf('nMuon: float32; Muon_pt: float32[]; nJet: int32?; Jet_pt: float32[]');
    expect(schema.collections.get('Muon')?.count).toBeUndefined();
    expect(schema.collections.get('Jet')?.count).toBeUndefined();
  });

  it('the unit that a file says comes before the one of a convention', () => {
    const time = { name: 'Muon_pt', type: 'int64', depth: 1, nullable: false, unit: 'ns' } as const;
    expect(buildSchema([time]).collections.get('Muon')?.fields[0].unit).toBe('ns');
  });

  it('lists of lists are columns, but no fields', () => {
    const schema = schemaOf('Muon_pt: float32[]; Muon_hits: float32[][]');
    expect(fields(schema, 'Muon')).toEqual(['pt']);
    expect(schema.columns.has('Muon_hits')).toBe(true);
  });

  it('underscores and points at an end split nothing', () => {
    const schema = schemaOf('_a: float32; a_: float32; .b: float32; b.: float32; _: float32[]');
    expect([...schema.records.keys()]).toEqual([]);
    expect(schema.collections.get('_')?.self?.name).toBe('_');
  });

  it('names that objects inherit are names like others', () => {
    const schema = buildSchema(columnsOf('__proto___pt: float32[]; constructor_pt: float32; toString: float32'));
    expect([...schema.columns.keys()]).toContain('toString');
    expect(schema.records.get('constructor')?.fields[0].name).toBe('pt');
  });

  it('no columns make an empty schema', () => {
    expect(buildSchema([])).toEqual({ collections: new Map(), records: new Map(), columns: new Map() });
  });
});
