import fc from 'fast-check';
import { expect, test } from 'vitest';
import { containerName, type DatasetName, parseDatasetName, parseDataType, printDatasetName } from './datasetName.ts';

/** Names that stand in public code, analyses and reports of the experiment. */
const REAL = [
  'data15_13TeV.00276262.physics_Main.merge.AOD.r7562_p2521',
  'data15_13TeV.00267639.physics_Main.merge.DAOD_HIGG8D1.f598_m1441_p2361',
  'data15_13TeV.00284154.physics_Main.merge.DAOD_HIGG3D1.r7562_p2521_p2667',
  'data15_hi.00287281.express_express.merge.AOD.x353_m1512',
  'data18_13TeV.00358031.physics_Main.daq.RAW',
  'data22_13p6TeV.00431493.physics_Main.daq.RAW',
  'data21_comm.00404400.express_express.merge.RAW',
  'mc16_13TeV.361107.PowhegPythia8EvtGen_AZNLOCTEQ6L1_Zmumu.deriv.DAOD_PHYS.e3601_e5984_s3126_s3136_r10724_r10726_p4164',
  'mc16_13TeV.361022.Pythia8EvtGen_A14NNPDF23LO_jetjet_JZ2W.deriv.DAOD_EXOT15.e3668_s3126_r9364_r9315_p4696',
  'mc16.999031.P8BEG_23lo_ggX18p4_Upsilon1Smumu_4mu_3pt2.deriv.DAOD_BPHY4.e8304_a875_r10724_r10726_p3712_pUM999999',
  'mc16_13TeV.410470.PhPy8EG_A14_ttbar_hdamp258p75_nonallhad.merge.AOD.e6337_s3126_r10724_tid21999999_00',
  'valid1.361107.PowhegPythia8EvtGen_AZNLOCTEQ6L1_Zmumu.recon.ESD.e3601_s3126_r11234',
];

test.each(REAL)('%s is taken apart and printed as it was', (name) => {
  expect(printDatasetName(parseDatasetName(name))).toBe(name);
});

test('the parts of a name have their places', () => {
  expect(parseDatasetName('data18_13TeV.00358031.physics_Main.deriv.DAOD_EGAM7.r13286_p4910_tid27001234_00')).toEqual({
    project: 'data18_13TeV',
    runNumber: 358031,
    streamName: 'physics_Main',
    prodStep: 'deriv',
    dataType: { format: 'DAOD', group: 'EGAM7' },
    amiTag: 'r13286_p4910',
    tid: { task: 27001234, sub: 0 },
  });
});

test('the container has the name without the task', () => {
  const name = parseDatasetName('data18_13TeV.00358031.physics_Main.merge.AOD.f1002_m2037_tid00123456_01');
  expect(containerName(name)).toBe('data18_13TeV.00358031.physics_Main.merge.AOD.f1002_m2037');
});

test('a scope, and the slash of old containers, are no part of a name', () => {
  const name = 'data15_13TeV.00276262.physics_Main.merge.AOD.r7562_p2521';
  expect(printDatasetName(parseDatasetName(` data15_13TeV:${name}/ `))).toBe(name);
});

test('tasks of old names, without a number behind, are their first part', () => {
  const name = parseDatasetName('misal1_csc11.005145.PythiaZmumu.digit.RDO.v12003101_tid003501');
  expect(name.tid).toEqual({ task: 3501, sub: 0 });
});

test.each([
  ['data18_13TeV.00358031.physics_Main.deriv.DAOD_EGAM7', 'has 5 parts, not 6'],
  ['', 'has 1 parts, not 6'],
  ['data18_13TeV.periodA.physics_Main.PhysCont.DAOD_PHYS.grp18_v01_p5314', 'the runs of a period'],
  ['data18_13TeV.run1.physics_Main.deriv.AOD.r1', 'has no good run number: run1'],
  ['data18_13TeV.4294967296.physics_Main.deriv.AOD.r1', 'has no good run number'],
  ['data18_13TeV.00358031.physics Main.deriv.AOD.r1', 'has no good streamName: physics Main'],
  ['.00358031.physics_Main.deriv.AOD.r1', 'has no good project: nothing'],
  ['data18_13TeV.00358031.physics_Main.deriv.aod.r1', 'has no good data type: aod'],
  ['data18_13TeV.00358031.physics_Main.deriv.AOD.', 'has no good AMI tag: nothing'],
  ['data18_13TeV.00358031.physics_Main.deriv.AOD.r1__p2', 'has no good AMI tag: r1__p2'],
  ['data18_13TeV.00358031.physics_Main.deriv.AOD.r1_tid12_00', 'has no good AMI tag'],
])('"%s" is refused: %s', (name, reason) => {
  expect(() => parseDatasetName(name)).toThrow(reason);
});

test('a data type is a format, perhaps with a group', () => {
  expect(parseDataType('AOD')).toEqual({ format: 'AOD' });
  expect(parseDataType('DRAW_ZMUMU')).toEqual({ format: 'DRAW', group: 'ZMUMU' });
  expect(parseDataType('DAOD_L1CALO1')).toEqual({ format: 'DAOD', group: 'L1CALO1' });
  expect(parseDataType('DAOD_')).toBeUndefined();
});

const word = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,9}$/);
const names: fc.Arbitrary<DatasetName> = fc.record(
  {
    project: fc.oneof(fc.constantFrom('data18_13TeV', 'mc20_13TeV'), word),
    runNumber: fc.nat(0xffff_ffff),
    streamName: word,
    prodStep: word,
    dataType: fc.record(
      { format: fc.constantFrom('AOD', 'DAOD', 'EVNT'), group: fc.stringMatching(/^[A-Z][A-Z0-9]{0,5}$/) },
      { requiredKeys: ['format'], noNullPrototype: true },
    ),
    amiTag: fc.stringMatching(/^[a-z]\d{1,5}(_[a-z]\d{1,5}){0,3}$/),
    tid: fc.record({ task: fc.nat(9_999_999_999), sub: fc.nat(99) }),
  },
  { requiredKeys: ['project', 'runNumber', 'streamName', 'prodStep', 'dataType', 'amiTag'], noNullPrototype: true },
);

test('whatever name is printed is read as it was', () => {
  fc.assert(
    fc.property(names, (name) => {
      expect(parseDatasetName(printDatasetName(name))).toEqual(name);
    }),
  );
});
