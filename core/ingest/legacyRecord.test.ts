import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDatasetName } from '../catalogue/datasetName.ts';
import { AUGMENTED_FIELDS, LEGACY_FIELDS, PLAIN_FIELDS } from './legacyFields.ts';
import { LegacyReader } from './legacyRecord.ts';
import { LONGEST_RECORD, PackedRecords, unpackRecords, WORD } from './packedRecords.ts';
import { STAGED_COLUMNS } from './stagedHeader.ts';
import { type LegacyEvent, printLegacyLine } from './testing/legacyLine.ts';

const RUN2 = 'data15_13TeV.00284484.physics_ZeroBias.merge.AOD.r7446_p2492';
const RUN1 = 'data12_8TeV.00204158.physics_Egamma.merge.AOD.r4644_p1517';
const NAMES = new Set(STAGED_COLUMNS.map(({ name }) => name));
// Two records of the comments of https://github.com/petya-vasileva/eventindex-h2o/blob/master/H2O.java
const FIRST =
  '00284484-00795818900\t250,3020,1446517518,267401320,1.0,0,486739283,0,0,0,!Cs!B!B!B!O!F!C!B!B!E!J!D!!M!!!P!B!E!P!Bs!P!!/!MY!EP,dX!HG;ke;ke,dX!HG;ke;e!4!!BM!M!L!W!C!L!C!L!C!J!NH!!!!!!I/!KQ,2231,3417,4834,StreamAOD,8840A3A5-8BEF-4342-9D4F-56E649D2FE90,POOLContainer(DataHeader),D82968A1-CF91-4320-B2DD-E0F739CBC7E6,00000202,000001FE-000001BA,StreamRAW,FAF87BB2-D981-E511-9188-02163E00E205,00000000,00000000-0000-0000-0000-000000000000,00001000,00000000-3842DCA8,StreamESD,B2F30AE8-9BBD-3D45-A09A-AD2CBB5583C5,POOLContainer(DataHeader),D82968A1-CF91-4320-B2DD-E0F739CBC7E6,00000202,00000279-0000003E,,,,,,';

describe('records of the EventIndex in Hadoop', () => {
  it('are read as the columns that are staged', () => {
    const { row, reader } = readOne(RUN2, FIRST);
    expect(row).toEqual({
      eventno: 795_818_900n,
      oid1: 0x1fen,
      oid2: 0x1ban,
      mc_channel: null,
      mc_weight: null,
      prov_type: [1, 0],
      prov_guid_hi: [0xb2f30ae89bbd3d45n, 0xfaf87bb2d981e511n],
      prov_guid_lo: [0xa09aad2cbb5583c5n, 0x918802163e00e205n],
      prov_oid1: [0x279n, 0n],
      prov_oid2: [0x3en, 0x3842dca8n],
      lb: 250,
      bcid: 3020,
      l1psk: 4834,
      time: 1_446_517_518_267_401_320n,
      l1id: 486_739_283,
      tbp: [
        0, 173, 175, 177, 179, 194, 200, 203, 205, 207, 212, 222, 226, 227, 240, 241, 242, 258, 260, 265, 281, 390, 406,
        407, 471,
      ],
      tap: [],
      tav: [240],
      hpsk: 3417,
      ph: [1879],
      pt: [],
      rs: [30, 87, 88, 165, 178, 190, 213, 216, 228, 231, 243, 246, 256, 1096, 1097, 1098, 1099, 1100, 1101, 1677],
      lph: [],
      lpt: [],
      lrs: [],
    });
    expect(reader.provenanceTypes).toEqual(['RAW', 'ESD']);
    expect(reader.smk).toBe(2231);
    expect(reader.takeCounts()).toEqual({
      keptOut: { noLevel2: 1 },
      storage: {
        'POOLContainer(DataHeader),D82968A1-CF91-4320-B2DD-E0F739CBC7E6,00000202': 2,
        '00000000,00000000-0000-0000-0000-000000000000,00001000': 1,
      },
      triggered: 1,
      derived: 1,
    });
    expect(reader.takeCounts().triggered).toBe(0);
  });

  it('are what was written, whatever they hold', () => {
    fc.assert(
      fc.property(
        eventsOf(204158, true),
        fc.constantFrom('\t', ' ', '   '),
        fc.boolean(),
        (event, separator, isAugmented) => {
          const names = ['data12_8TeV', 'physics_Egamma', 'merge', 'AOD', 'r4644_p1517', ...Array(9).fill('')];
          const { ok, row, reader, records } = readOne(
            RUN1,
            printLegacyLine(event, isAugmented ? names : undefined, separator),
          );
          expect(reader.problem).toBeUndefined();
          expect(ok).toBe(true);
          expect([records.words[WORD.INPUT], records.doubles[WORD.LINE / 2]]).toEqual([3, 77]);
          const [own, ...origins] = event.tokens;
          const near = (stream: string) => ['StreamESD', 'StreamRAW'].indexOf(stream);
          const sorted = origins.toSorted((a, b) => near(a.stream) - near(b.stream));
          expect(row!.prov_type.map((type: number) => `Stream${reader.provenanceTypes[type]}`)).toEqual(
            sorted.map(({ stream }) => stream),
          );
          expect(row).toMatchObject({
            eventno: event.event,
            oid1: own!.oid1,
            oid2: own!.oid2,
            mc_channel: null,
            mc_weight: null,
            prov_guid_hi: sorted.map(({ guid }) => guid.hi),
            prov_guid_lo: sorted.map(({ guid }) => guid.lo),
            prov_oid1: sorted.map(({ oid1 }) => oid1),
            prov_oid2: sorted.map(({ oid2 }) => oid2),
            lb: event.lb,
            bcid: event.bcid,
            time: event.time,
            l1id: event.l1id ?? null,
            l1psk: event.l1psk || null,
            hpsk: event.hpsk || null,
            ...{ tbp: [], tap: [], tav: [], ...event.l1 },
            ...{ ph: [], pt: [], rs: [], ...event.ef },
            lph: event.l2?.ph ?? [],
            lpt: event.l2?.pt ?? [],
            lrs: event.l2?.rs ?? [],
          });
          expect(records.words.slice(WORD.GUID, WORD.GUID + 4)).toEqual(
            Uint32Array.from(
              [own!.guid.hi >> 32n, own!.guid.hi, own!.guid.lo >> 32n, own!.guid.lo].map((word) =>
                Number(word & 0xffff_ffffn),
              ),
            ),
          );
          expect(reader.smk).toBe(event.smk);
        },
      ),
    );
  });

  it('of simulation have a channel and a weight, and conditions of another run', () => {
    const name = 'mc16_13TeV.410470.PhPy8EG_ttbar.deriv.DAOD_TOPQ1.e6337_p3629';
    const line = FIRST.replace('StreamAOD', 'StreamDAOD_TOPQ1').replace(',1.0,0,486739283,0,', ',-7.2953E2,410470,,1,');
    const { row, reader } = readOne(name, line);
    expect(row).toMatchObject({ mc_channel: 410470, mc_weight: -729.53, l1id: null });
    expect(reader.takeCounts().keptOut).toEqual({ runOfSimulation: 1, noLevel2: 1 });
    expect(readOne(name, line.replace('410470', '410471')).reader.problem).toEqual({
      column: 1,
      field: 'key',
      reason: 'is of run 284484, not of 410470, the dataset’s',
    });
  });

  it.each([
    ['0.1', 0.1],
    ['-12.5', -12.5],
    ['1', 1],
    ['123456789012345678', 123456789012345680],
    ['1.7976931348623157E308', Number.MAX_VALUE],
    ['5e-324', 5e-324],
    ['0.000000000000000000001', 1e-21],
  ])('have the weight %s', (text, weight) => {
    const line = FIRST.replace(',1.0,0,486739283,0,', `,${text},284484,1,1,`);
    expect(readOne(RUN2.replace('data15', 'mc15'), line).row!.mc_weight).toBe(weight);
  });

  it('say what has no column', () => {
    const counted = (line: string, name = RUN2) => readOne(name, line).reader.takeCounts().keptOut;
    expect(counted(FIRST.replace(',0,0,0,', ',0,1,1,').replace(',1.0,0,', ',0.5,3,'))).toEqual({
      calibration: 1,
      testBeam: 1,
      weightOfData: 1,
      channelOfData: 1,
      noLevel2: 1,
    });
    expect(counted(FIRST.replace('dX!HG;ke;ke', 'B!;;'))).toEqual({ noLevel2: 1, level2Differs: 1 });
    expect(counted(FIRST.replace('dX!HG;ke;ke', '0'))).toEqual({});
    expect(counted(FIRST.replace('dX!HG;ke;ke', 'dX!HG').replace(/dX!HG;ke;e[^,]+/, 'B!'))).toEqual({
      oneListL2: 1,
      oneListEF: 1,
    });
    expect(counted(FIRST.replace(',2231,', ',0,'))).toEqual({ noLevel2: 1, noMenu: 1 });
    expect(counted(FIRST.replace('StreamAOD', 'StreamESD'))).toMatchObject({ stream: 1 });
    expect(counted(FIRST.replace('StreamESD', 'EmbeddingStream'))).toMatchObject({ provenance: 1 });
    expect(counted(`${FIRST},,,,,,,,,L1_EM3,,,,,`)).toMatchObject({ chains: 1 });
  });

  it.each([
    ['', 1, 'line', 'has 1 field, not 40 or 54'],
    [FIRST.replace(',,,,,,', ',,,,,'), 0, 'line', 'has 39 fields, not 40 or 54'],
    [`${FIRST}${','.repeat(15)}`, 0, 'line', 'has more than 54 fields, not 40 or 54'],
    [FIRST.slice(1), 1, 'key', 'has no run number of 8 digits'],
    [FIRST.replace('-0', '-'), 10, 'key', 'has no event number of 11 digits'],
    [
      FIRST.replace('00795818900', '18446744073709551616'),
      10,
      'key',
      'has no event number of at most 18446744073709551615',
    ],
    [FIRST.replace('00284484', '00284485'), 1, 'key', 'is of run 284485, not of 284484, the dataset’s'],
    [FIRST.replace(',3020,', ',65536,'), 26, 'BunchId', 'is no whole number of at most 65535: "65536"'],
    [
      FIRST.replace(',267401320,', ',1000000000,'),
      42,
      'EventTimeNanoSec',
      'is no whole number of at most 999999999: "1000000000"',
    ],
    [FIRST.replace(',1.0,', ',NaN,'), 52, 'EventWeight', 'is no finite number: "NaN"'],
    [FIRST.replace(',1.0,', ',,'), 52, 'EventWeight', 'is no finite number: it is empty'],
    [FIRST.replace(',0,0,0,', ',1,0,0,'), 68, 'IsSimulation', 'says simulation, the dataset is of data15_13TeV: "1"'],
    [FIRST.replace(',0,0,0,', ',2,0,0,'), 68, 'IsSimulation', 'is neither 0 nor 1: "2"'],
    [FIRST.replace('!Cs!', '!C?!'), 76, 'L1trigMask', 'has a letter that is none of A–Z a–z 0–9 + / and !'],
    [FIRST.replace('!EP,', '!EQ,'), 125, 'L1trigMask', 'stands for more than 1536 bits'],
    [FIRST.replace('!EP,', '!EO,'), 74, 'L1trigMask', 'stands for 1535 bits, which are no three lists'],
    [FIRST.replace('dX!HG;ke;ke', 'dX!HG;ke'), 127, 'L2trigMask', 'has two lists, not three'],
    [FIRST.replace('dX!HG;ke;ke', 'A;B;C;D'), 0, 'L2trigMask', 'has more than three lists'],
    [FIRST.replace('dX!HG;ke;ke', 'A;BAA!;C'), 0, 'L2trigMask', 'has bit 4096, of at most 4096'],
    [FIRST.replace('F-4342', 'F_4342'), 0, 'db0', 'is no GUID: "8840A3A5-8BEF_4342-9D4F-56E649D2FE90"'],
    [FIRST.replace('8840A3A5', 'G840A3A5'), 0, 'db0', 'is no GUID: "G840A3A5-8BEF-4342-9D4F-56E649D2FE90"'],
    [
      FIRST.replace('-000001BA', '000001BA'),
      0,
      'oid0',
      'is not two hexadecimal numbers with a hyphen in between: "000001FE000001BA"',
    ],
    [FIRST.replace(',00000202,', ',00000x02,'), 0, 'tech0', 'is no hexadecimal number: "00000x02"'],
    [FIRST.replace(',StreamESD,', ',,'), 0, 'nam2', 'is empty, the token is not'],
    [
      `${FIRST},data15_13TeV,physics_Main,,,,${','.repeat(8)}`,
      0,
      'streamname',
      'is of another dataset: it is physics_ZeroBias in this one: "physics_Main"',
    ],
  ])('are told from other lines: %#', (line, column, field, reason) => {
    const { ok, reader, records } = readOne(RUN2, line);
    expect(reader.problem).toMatchObject({ field, reason, ...(column > 0 && { column }) });
    expect([ok, records.rows, records.length]).toEqual([false, 0, 0]);
  });

  it('of another menu than those before are told', () => {
    const reader = new LegacyReader(parseDatasetName(RUN2));
    const records = new PackedRecords(new ArrayBuffer(4 * LONGEST_RECORD));
    const read = (line: string) => reader.read(Buffer.from(line), 0, line.length, records);
    expect(read(FIRST.replace(',2231,', ',2232,').replace('8840', 'X840'))).toBe(false);
    expect(read(FIRST)).toBe(true);
    expect(read(FIRST.replace(',2231,', ',0,'))).toBe(true);
    expect(read(FIRST.replace(',2231,', ',2232,'))).toBe(false);
    expect(reader.problem).toMatchObject({
      field: 'SMK',
      reason: 'is not 2231, as that of the records before: "2232"',
    });
  });

  it('that are damaged are read, or say where: never an exception, never bits out of range', () => {
    const mutation = fc.record({ at: fc.nat(700), bytes: fc.uint8Array({ maxLength: 4 }), drop: fc.nat(8) });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
        let line = Buffer.from(FIRST);
        for (const { at, bytes, drop } of mutations) {
          const from = at % (line.length + 1);
          line = Buffer.concat([line.subarray(0, from), bytes, line.subarray(from + drop)]);
        }
        const { ok, reader, row } = readOne(RUN2, line.toString('latin1'));
        if (ok)
          for (const list of [row!.tbp, row!.ph])
            expect(list).toEqual([...new Set<number>(list)].sort((a, b) => a - b));
        else {
          expect(reader.problem!.column).toBeGreaterThanOrEqual(0);
          expect(reader.problem!.column).toBeLessThanOrEqual(line.length + 1);
          expect(['key', 'line', ...LEGACY_FIELDS]).toContain(reader.problem!.field);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('have as many fields as their schema', () => {
    expect(LEGACY_FIELDS.length).toBe(AUGMENTED_FIELDS);
    expect(FIRST.split(',').length).toBe(PLAIN_FIELDS);
  });
});

const bits = (below: number) =>
  fc.uniqueArray(fc.nat(below - 1), { maxLength: 12 }).map((set) => set.sort((a, b) => a - b));
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const token = (...streams: string[]) =>
  fc.record({
    stream: fc.constantFrom(...streams),
    guid: fc.record({ hi: uint64, lo: uint64 }),
    oid1: uint64,
    oid2: uint64,
  });
const level = fc.record({ ph: bits(4096), pt: bits(4096), rs: bits(4096) });

function eventsOf(run: number, hasLevel2: boolean): fc.Arbitrary<LegacyEvent> {
  return fc.record({
    run: fc.constant(run),
    event: uint64,
    lb: fc.nat(0xffff_ffff),
    bcid: fc.nat(0xffff),
    time: fc.bigInt({ min: 0n, max: 2n ** 32n * 1_000_000_000n - 1n }),
    weight: fc.constantFrom('1.0', '0', '1'),
    channel: fc.constant(0),
    l1id: fc.option(fc.nat(0xffff_ffff), { nil: undefined }),
    simulated: fc.constant(false),
    l1: fc.option(fc.record({ tbp: bits(512), tap: bits(512), tav: bits(512) }), { nil: undefined }),
    l2: hasLevel2 ? fc.option(level, { nil: undefined }) : fc.constant(undefined),
    ef: fc.option(level, { nil: undefined }),
    smk: fc.integer({ min: 1, max: 5000 }),
    hpsk: fc.nat(5000),
    l1psk: fc.nat(5000),
    tokens: fc
      .tuple(token('StreamAOD'), fc.array(token('StreamESD', 'StreamRAW'), { maxLength: 3 }))
      .map(([own, origins]) => [own, ...origins]),
  });
}

/** One line, as a row of columns. */
function readOne(dataset: string, line: string) {
  const reader = new LegacyReader(parseDatasetName(dataset));
  const records = new PackedRecords(new ArrayBuffer(2 * LONGEST_RECORD));
  const bytes = Buffer.from(line, 'latin1');
  const ok = reader.read(bytes, 0, bytes.length, records, 3, 77);
  return { reader, ok, records, row: ok ? rowOf(records) : undefined };
}

function rowOf(records: PackedRecords) {
  const { columns } = unpackRecords(records, new Uint32Array([0]), NAMES);
  return Object.fromEntries(
    [...columns].map(([name, { offsets, values, valid }]) => {
      const [list] = offsets;
      if (list) return [name, [...values.subarray(0, list[1])]];
      return [name, valid && valid[0] === 0 ? null : values[0]];
    }),
  );
}
