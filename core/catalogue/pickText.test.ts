import { expect, test } from 'vitest';
import type { ColumnData } from '../schema/column.ts';
import type { DatasetFamily } from './manifest.ts';
import { TriggerMenu } from './menu.ts';
import type { Searched } from './pickChoice.ts';
import { gatherPicked } from './picked.ts';
import { masksOf, type PickContext, pickCsv, pickJson, pickText, printTime } from './pickText.ts';
import { eventSet } from './stream.ts';
import { parseHltMask, parseL1Mask } from './triggerMask.ts';

const LAST = 2n ** 64n - 1n;
const FAMILY: DatasetFamily = {
  dspid: 4,
  project: 'data18_13TeV',
  runNumber: 358031,
  streamName: 'physics_Main',
  prodStep: 'merge',
  amiTag: 'f961_m2015',
};
const CONTEXT: PickContext = {
  family: () => FAMILY,
  dataType: (dstypeid) => (dstypeid === 1 ? 'RAW' : 'AOD'),
  smkOf: () => 2650,
  menu: (smk) => new TriggerMenu(smk, [{ level: 1, bit: 3, chain: 'L1_MU20', seed: '' }]),
};

function flat(type: ColumnData['type'], values: ColumnData['values'], valid?: Uint8Array): ColumnData {
  return { type, length: values.length, offsets: [], values, ...(valid && { valid }) };
}
/** A list in the first of two records. */
const list = (type: ColumnData['type'], values: ColumnData['values']): ColumnData => ({
  type,
  length: 2,
  offsets: [Uint32Array.of(0, values.length, values.length)],
  values,
});

/** Two records of the last event there is, of which the first one says all, and one event that is not there. */
const PICKED = gatherPicked(
  eventSet(358031, BigUint64Array.of(5n, LAST)),
  [
    {
      runNumber: 358031,
      searched: [{ dspid: 4, dstypeid: 2, family: FAMILY, dataType: 'AOD' } as Searched],
      others: 3,
    },
  ],
  [
    {
      dspid: 4,
      dstypeid: 2,
      rows: 2,
      columns: new Map([
        ['eventno', flat('uint64', BigUint64Array.of(LAST, LAST))],
        ['seq', flat('int16', Int16Array.of(-7, 9))],
        ['tid', flat('int64', BigInt64Array.of(1478100n, 1478100n))],
        ['guid_hi', flat('uint64', BigUint64Array.of(0x0123456789abcdefn, 1n))],
        ['guid_lo', flat('uint64', BigUint64Array.of(0xfedcba9876543210n, 2n))],
        ['oid1', flat('uint64', BigUint64Array.of(0x228n, 3n))],
        ['oid2', flat('uint64', BigUint64Array.of(0x1_0000_0000n, 4n))],
        ['prov_dstypeid', list('int16', Int16Array.of(1))],
        ['prov_guid_hi', list('uint64', BigUint64Array.of(5n))],
        ['prov_guid_lo', list('uint64', BigUint64Array.of(6n))],
        ['prov_oid1', list('uint64', BigUint64Array.of(7n))],
        ['prov_oid2', list('uint64', BigUint64Array.of(8n))],
        ['lb', flat('uint32', Uint32Array.of(55, 0), Uint8Array.of(1, 0))],
        ['time', flat('int64', BigInt64Array.of(1_534_068_672_000_000_001n, 0n), Uint8Array.of(1, 0))],
        ['tbp', list('uint16', Uint16Array.of(3, 300))],
        ['tav', list('uint16', Uint16Array.of(3))],
        ['ph', list('uint16', Uint16Array.of(4000))],
        ['rs', list('uint16', Uint16Array.of(4000, 4001))],
      ]),
    },
  ],
);
const GUID = '01234567-89AB-CDEF-FEDC-BA9876543210';
const RAW = '00000000-0000-0005-0000-000000000006:00000007-00000008';

test('text has a block for each record, with RAW, block and trigger, and says what was not found', () => {
  expect(pickText(PICKED, CONTEXT).split('\n')).toEqual([
    `358031 ${LAST} AOD f961_m2015 # one of several records`,
    '  dataset   data18_13TeV.00358031.physics_Main.merge.AOD.f961_m2015_tid00014781_00',
    `  GUID:OIDs ${GUID}:00000228-0000000100000000`,
    `  from      RAW ${RAW}`,
    '  taken     luminosity block 55, 2018-08-12T10:11:12.000000001Z',
    '  keys      SMK 2650',
    '  L1        1 of 2 after veto: L1_MU20',
    '  HLT       2: HLT bit 4000, HLT bit 4001 (rs)',
    '',
    `358031 ${LAST} AOD f961_m2015 # one of several records`,
    '  dataset   data18_13TeV.00358031.physics_Main.merge.AOD.f961_m2015_tid00014781_00',
    '  GUID:OIDs 00000000-0000-0001-0000-000000000002:00000003-00000004',
    '  keys      SMK 2650',
    '',
    '# 358031 5 not found: looked into physics_Main AOD f961_m2015; not in 3 other data types of the run',
    '',
  ]);
});

test('CSV has all events, and cells without values where there are none', () => {
  const [head, first, second, missing] = pickCsv(PICKED, CONTEXT).split('\r\n');
  const cell = (row: string, name: string) => row.split(',')[head!.split(',').indexOf(name)];
  expect(cell(first!, 'event')).toBe(String(LAST));
  expect(cell(first!, 'dataset')).toBe('data18_13TeV.00358031.physics_Main.merge.AOD.f961_m2015_tid00014781_00');
  expect(cell(first!, 'time')).toBe('2018-08-12T10:11:12.000000001Z');
  expect(cell(first!, 'provenance')).toBe(`RAW ${RAW}`);
  expect([cell(second!, 'lb'), cell(second!, 'time'), cell(second!, 'duplicate')]).toEqual(['', '', '1']);
  expect(missing).toMatch(/^358031,5,0,+$/);
  expect(missing!.split(',')).toHaveLength(head!.split(',').length);
});

test('JSON keeps numbers exact, decodes chains, and its masks read back', () => {
  const { records, not_found, duplicates } = JSON.parse(pickJson(PICKED, CONTEXT));
  expect({ duplicates, events: records.map((one: { event: unknown }) => one.event) }).toEqual({
    duplicates: 1,
    events: [String(LAST), String(LAST)],
  });
  expect(records[0].chains).toEqual([
    { level: 1, bit: 3, chain: 'L1_MU20', lists: ['tbp', 'tav'] },
    { level: 1, bit: 300, chain: null, lists: ['tbp'] },
    { level: 2, bit: 4000, chain: null, lists: ['ph', 'rs'] },
    { level: 2, bit: 4001, chain: null, lists: ['rs'] },
  ]);
  expect(parseL1Mask(records[0].l1_mask)).toEqual({ tbp: [3, 300], tap: [], tav: [3] });
  expect(parseHltMask(records[0].hlt_mask).ph).toEqual([4000]);
  expect(not_found).toEqual([{ run: 358031, event: 5, searched: expect.stringContaining('physics_Main AOD') }]);
});

test('times before 1970 have their nanoseconds', () => {
  expect(printTime(-1n)).toBe('1969-12-31T23:59:59.999999999Z');
});

test('a menu with more bits of level 1 than a mask has no mask of it', () => {
  const none = { tbp: [], tap: [], tav: [], ph: [3], pt: [], rs: [], lph: [], lpt: [], lrs: [] };
  const hit = (tav: number[]) => ({ bits: { ...none, tav } }) as unknown as Parameters<typeof masksOf>[0];
  expect(masksOf(hit([511]), 'data18_13TeV').l1).toMatch(/!$/);
  expect(masksOf(hit([512]), 'data18_13TeV')).toMatchObject({ l1: undefined, hlt: expect.stringMatching(/^D!/) });
});
