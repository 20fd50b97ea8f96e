/**
 * Fields of an EventIndex record as Hadoop keeps it, behind its key: names, in their order, as the schema of a dataset's `.VALIDATED` file lists them, and the 14 that augmented
 * records have behind. What is known of each, and from where: docs/relay.md, "Legacy import".
 * @see https://github.com/petya-vasileva/eventindex-h2o/blob/master/H2O.java (schema, two records) and
 * https://github.com/zbaranow/atlas-eventindex-kudu (`KuduImport.java`: types, augmented fields)
 */

const TOKEN = ['nam', 'db', 'cnt', 'clid', 'tech', 'oid'];

export const LEGACY_FIELDS: readonly string[] = [
  'LumiBlockN',
  'BunchId',
  'EventTime',
  'EventTimeNanoSec',
  'EventWeight',
  'McChannelNumber',
  'Lvl1ID',
  'IsSimulation',
  'IsCalibration',
  'IsTestBeam',
  'L1trigMask',
  'L2trigMask',
  'EFtrigMask',
  'SMK',
  'HLTPSK',
  'L1PSK',
  ...[0, 1, 2, 3].flatMap((token) => TOKEN.map((name) => `${name}${token}`)),
  'project',
  'streamname',
  'prodstep',
  'datatype',
  'amitag',
  ...['l1', 'l2', 'ef'].flatMap((level) =>
    (level === 'l1' ? ['tav', 'tap', 'tbp'] : ['ph', 'pt', 'rs']).map((list) => `${level}trigchains${list}`),
  ),
];

/** Fields of a record, and of an augmented one. */
export const PLAIN_FIELDS = 40;
export const AUGMENTED_FIELDS = 54;

/** What records say that no column of an event record holds, or that can't be told apart: counted, not stored. */
export const KEPT_OUT = {
  calibration: 'IsCalibration (field 9) is set',
  testBeam: 'IsTestBeam (field 10) is set',
  weightOfData: 'EventWeight (field 5) of recorded data is neither 0 nor 1',
  channelOfData: 'McChannelNumber (field 6) of recorded data is not 0',
  runOfSimulation: 'the run number of simulated conditions (in the key), where McChannelNumber is the dataset’s number',
  noLevel2: 'L2trigMask (field 12), of a run without level 2: it repeats what EFtrigMask passed for physics',
  level2Differs: 'L2trigMask (field 12), of a run without level 2: its first list is not that of EFtrigMask',
  oneListL2: 'L2trigMask (field 12) has one list: which of the three it is, is not said',
  oneListEF: 'EFtrigMask (field 13) has one list: which of the three it is, is not said',
  noMenu: 'fired bits (fields 11 to 13) of records without SMK (field 14): no menu says what they stand for',
  stream: 'nam0 (field 17) is not the data type of the dataset',
  provenance: 'an origin (fields 23 to 40) whose name is no data type',
  chains: 'lists of trigger chains (fields 46 to 54): the bits of the masks say the same',
} as const;

export type KeptOut = keyof typeof KEPT_OUT;
