/** Ntuples that no writer at hand makes: hand-made ones, and damaged ones. */
import { describe, expect, it } from 'vitest';
import type { ColumnData } from '../../../../core/schema/column.ts';
import type { EventFile } from '../../eventFile.ts';
import { asWritten } from '../../testing/values.ts';
import { encode } from './testEncoders.ts';
import { openBytes, openTestNTuple, type TestNTuple, type TestPage, writeNTuple } from './testWriter.ts';

const INT32 = { type: 0x07, bits: 32 };
const SPLIT_INDEX = { type: 0x1b, bits: 64 };
const INDEX32 = { type: 0x0e, bits: 32 };
const CHAR = { type: 0x02, bits: 8 };
const REAL32 = { type: 0x0c, bits: 32 };
const REAL16 = { type: 0x0b, bits: 16 };

const page = (name: string, bits: number, values: (number | bigint)[], more: Partial<TestPage> = {}): TestPage => ({
  ...{ bytes: encode(name, bits, values), elements: values.length },
  ...more,
});
const ints = (...values: number[]) => page('Int32', 32, values);
const ends = (...values: number[]) => page('SplitIndex64', 64, values);
const floats = (...values: number[]) => page('Real32', 32, values);
const chars = (text: string) => page('Char', 8, [...new TextEncoder().encode(text)]);

/** One cluster, or several, of a flat `std::int32_t` field called `x`. */
const simple = (more: Partial<TestNTuple> = {}): TestNTuple => ({
  fields: [{ name: 'x', type: 'std::int32_t' }],
  columns: [{ ...INT32, field: 0 }],
  groups: [[{ firstEvent: 0, events: 3, pages: [[ints(1, 2, 3)]] }]],
  ...more,
});

async function valuesOf(file: EventFile): Promise<Record<string, unknown[]>> {
  const names = file.summary.columns.map(({ name }) => name);
  const chunks = await Promise.all(file.summary.chunks.map((_, chunk) => file.readChunk(chunk, names)));
  return Object.fromEntries(names.map((name, i) => [name, chunks.flatMap((chunk) => asWritten(chunk[i]!))]));
}

const read = async (ntuple: TestNTuple) => valuesOf(await openTestNTuple(ntuple));

describe('columns that were added later', () => {
  it('are zeros, and empty lists, before their first element', async () => {
    const values = await read(
      simple({
        extension: {
          fields: [
            { name: 'late', type: 'float' },
            { name: 'list', type: 'std::vector<std::int32_t>', role: 1 },
            { name: '_0', type: 'std::int32_t', parent: 2 },
            { name: 'pair', type: 'std::array<float,2>', repetition: 2 },
            { name: '_0', type: 'float', parent: 4 },
          ],
          columns: [
            { ...REAL32, field: 1, firstElement: 4 },
            { ...SPLIT_INDEX, field: 2, firstElement: 4 },
            { ...INT32, field: 3 },
            { ...REAL32, field: 5, firstElement: 8 },
          ],
        },
        groups: [
          // Page lists from before the columns were there, and with empty places for them.
          [{ firstEvent: 0, events: 2, pages: [[ints(1, 2)]] }],
          [{ firstEvent: 2, events: 1, pages: [[ints(3)], [], [], [], []] }],
          [
            {
              ...{ firstEvent: 3, events: 3 },
              pages: [
                [ints(4), ints(5, 6)],
                [floats(0.5, 1.5)],
                [ends(2, 3)],
                [ints(7, 8, 9)],
                [floats(1, 2), floats(3, 4)],
              ],
            },
          ],
        ],
      }),
    );
    expect(values).toEqual({
      x: [1, 2, 3, 4, 5, 6],
      late: [0, 0, 0, 0, 0.5, 1.5],
      list: [[], [], [], [], [7, 8], [9]],
      pair: [
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 0],
        [1, 2],
        [3, 4],
      ],
    });
  });

  it('are an error where values are missing that should be there', async () => {
    const file = await openTestNTuple(
      simple({
        extension: { fields: [{ name: 'late', type: 'float' }], columns: [{ ...REAL32, field: 1, firstElement: 1 }] },
        groups: [[{ firstEvent: 0, events: 3, pages: [[ints(1, 2, 3)], [floats(1)]] }]],
      }),
    );
    await expect(file.readChunk(0, ['late'])).rejects.toMatchObject({
      tag: 'format',
      message: expect.stringMatching(/column late: .*a cluster has 2 elements instead of 3/),
      place: { column: 'late' },
    });
  });
});

describe('several representations of one field', () => {
  it('are read from the one that each cluster has; one may have been added later', async () => {
    const values = await read({
      fields: [
        { name: 'x', type: 'float' },
        { name: 's', type: 'std::string' },
      ],
      columns: [
        { ...REAL32, field: 0 },
        { ...REAL16, field: 0, representation: 1 },
        { ...SPLIT_INDEX, field: 1 },
        { ...CHAR, field: 1 },
        { ...INDEX32, field: 1, representation: 1 },
        { ...CHAR, field: 1, representation: 1 },
      ],
      extension: {
        fields: [],
        columns: [{ type: 0x0d, bits: 64, field: 0, representation: 2, firstElement: -2 }],
      },
      groups: [
        [
          {
            ...{ firstEvent: 0, events: 1 },
            pages: [[floats(1.5)], 'suppressed', [ends(2)], [chars('ab')], 'suppressed', 'suppressed'],
          },
          {
            ...{ firstEvent: 1, events: 1 },
            pages: [
              ...['suppressed' as const, [page('Real16', 16, [2.5])], 'suppressed' as const, 'suppressed' as const],
              ...[[page('Index32', 32, [3])], [chars('µc')]],
            ],
          },
        ],
        [
          {
            ...{ firstEvent: 2, events: 1 },
            pages: [
              ...['suppressed' as const, 'suppressed' as const, [ends(2)], [chars('ab')]],
              ...['suppressed' as const, 'suppressed' as const, [page('Real64', 64, [3.25])]],
            ],
          },
        ],
      ],
    });
    expect(values).toEqual({ x: [1.5, 2.5, 3.25], s: ['ab', 'µc', 'ab'] });
  });

  it('a Double32_t, stored as single floats, is a double', async () => {
    const file = await openTestNTuple({
      fields: [{ name: 'd', type: 'double' }],
      columns: [{ ...REAL32, field: 0 }],
      groups: [[{ firstEvent: 0, events: 2, pages: [[floats(0.5, 0.1)]] }]],
    });
    expect(file.summary.columns[0]!.type).toBe('float64');
    expect(await valuesOf(file)).toEqual({ d: [0.5, Math.fround(0.1)] });
  });

  it('that do not fit into the type of the field are an error, and no other number', async () => {
    const column = { type: 0x09, bits: 64, field: 0 };
    const cluster = (value: bigint) => [{ firstEvent: 0, events: 1, pages: [[page('Int64', 64, [value])]] }];
    expect(await read(simple({ columns: [column], groups: [cluster(-7n)] }))).toEqual({ x: [-7] });
    const file = await openTestNTuple(simple({ columns: [column], groups: [cluster(2n ** 31n)] }));
    await expect(file.readChunk(0, ['x'])).rejects.toThrow(/2147483648 does not fit into 32 bits/);
  });
});

describe('fields', () => {
  it("an imported tree's collections have the tree's names, by their projections", async () => {
    const file = await openTestNTuple({
      fields: [
        { name: '_collection0', type: '', role: 1 },
        { name: '_0', type: '', parent: 0, role: 2 },
        { name: 'Muon_pt', type: 'float', parent: 1 },
        { name: 'Muon_hidden', type: 'float', parent: 1 },
        { name: 'Muon_pt', type: 'ROOT::VecOps::RVec<float>', role: 1, source: 0 },
        { name: '_0', type: 'float', parent: 4, source: 2 },
        { name: 'nMuon', type: 'ROOT::RNTupleCardinality<std::uint32_t>', source: 0 },
        { name: 'wide', type: 'ROOT::RNTupleCardinality<std::uint64_t>', source: 0 },
      ],
      columns: [
        { ...SPLIT_INDEX, field: 0 },
        { ...REAL32, field: 2 },
        { ...REAL32, field: 3 },
      ],
      aliases: [
        { column: 0, field: 4 },
        { column: 1, field: 5 },
        { column: 0, field: 6 },
        { column: 0, field: 7 },
      ],
      groups: [[{ firstEvent: 0, events: 3, pages: [[ends(1, 1, 3)], [floats(1, 2, 3)], [floats(4, 5, 6)]] }]],
    });
    expect(file.summary.columns.map(({ name, type }) => [name, type])).toEqual([
      // What no projection shows stays to be had.
      ['_collection0.Muon_hidden', 'float32'],
      ['Muon_pt', 'float32'],
      ['nMuon', 'uint32'],
      ['wide', 'uint64'],
    ]);
    expect(await valuesOf(file)).toEqual({
      '_collection0.Muon_hidden': [[4], [], [5, 6]],
      Muon_pt: [[1], [], [2, 3]],
      nMuon: [1, 0, 2],
      wide: [1, 0, 2],
    });
  });

  it('enums, maps, missing values and lists are what they are in other formats', async () => {
    const file = await openTestNTuple({
      fields: [
        { name: 'colour', type: 'Colour' },
        { name: '_0', type: 'std::uint8_t', parent: 0 },
        { name: 'map', type: 'std::map<std::int32_t,float>', role: 1 },
        { name: '_0', type: 'std::pair<std::int32_t,float>', parent: 2, role: 2 },
        { name: '_0', type: 'std::int32_t', parent: 3 },
        { name: '_1', type: 'float', parent: 3 },
        { name: 'maybe', type: 'std::optional<std::pair<std::int32_t,std::vector<std::int32_t>>>', role: 1 },
        { name: '_0', type: 'std::pair<std::int32_t,std::vector<std::int32_t>>', parent: 6, role: 2 },
        { name: '_0', type: 'std::int32_t', parent: 7 },
        { name: '_1', type: 'std::vector<std::int32_t>', parent: 7, role: 1 },
        { name: '_0', type: 'std::int32_t', parent: 9 },
        { name: 'AnalysisMuonsAuxDyn:pt', type: 'char' },
        { name: 'twice', type: 'std::optional<std::unique_ptr<std::int32_t>>', role: 1 },
        { name: '_0', type: 'std::unique_ptr<std::int32_t>', parent: 12, role: 1 },
        { name: '_0', type: 'std::int32_t', parent: 13 },
      ],
      columns: [
        { type: 0x04, bits: 8, field: 1 },
        { ...SPLIT_INDEX, field: 2 },
        { ...INT32, field: 4 },
        { ...REAL32, field: 5 },
        { ...SPLIT_INDEX, field: 6 },
        { ...INT32, field: 8 },
        { ...SPLIT_INDEX, field: 9 },
        { ...INT32, field: 10 },
        { ...CHAR, field: 11 },
        { ...SPLIT_INDEX, field: 12 },
        { ...SPLIT_INDEX, field: 13 },
        { ...INT32, field: 14 },
      ],
      groups: [
        [
          {
            ...{ firstEvent: 0, events: 3 },
            pages: [
              [page('UInt8', 8, [2, 255, 0])],
              [ends(2, 2, 3)],
              [ints(1, 2, 3)],
              [floats(0.5, 1.5, 2.5)],
              [ends(1, 1, 2)],
              [ints(5, 6)],
              [ends(2, 3)],
              [ints(7, 8, 9)],
              [page('Char', 8, [1, 0, 255])],
              [ends(0, 1, 2)],
              [ends(0, 1)],
              [ints(5)],
            ],
          },
        ],
      ],
    });
    expect(file.summary.columns.map(({ name, nullable, depth }) => [name, nullable, depth])).toEqual([
      ['colour', false, 0],
      ['map.key', false, 1],
      ['map.value', false, 1],
      ['maybe._0', true, 0],
      ['maybe._1', false, 1],
      ['AnalysisMuonsAuxDyn.pt', false, 0],
      ['twice', true, 0],
    ]);
    expect(await valuesOf(file)).toEqual({
      colour: [2, 255, 0],
      'map.key': [[1, 2], [], [3]],
      'map.value': [[0.5, 1.5], [], [2.5]],
      'maybe._0': [5, null, 6],
      'maybe._1': [[7, 8], [], [9]],
      'AnalysisMuonsAuxDyn.pt': [1, 0, -1],
      twice: [null, null, 5],
    });
  });

  it('what this version does not know is listed with the reason, and the rest stays readable', async () => {
    const file = await openTestNTuple({
      fields: [
        { name: 'x', type: 'std::int32_t' },
        { name: 'newer', type: 'float' },
        { name: 'streamed', type: 'TH1D', role: 4 },
        { name: 'evolved', type: 'float', version: 2 },
        { name: 'other', type: 'TLorentzSomething', role: 9 },
        { name: 'list', type: 'std::vector<float>', role: 1 },
        { name: '_0', type: 'float', parent: 5 },
        { name: 'narrow', type: 'float' },
        { name: 'deep', type: 'S', role: 2 },
        ...Array.from({ length: 99 }, (_, i) => ({ name: `s`, type: 'S', role: 2, parent: 8 + i })),
        { name: 'x', type: 'std::int32_t', parent: 107 },
      ],
      columns: [
        { ...INT32, field: 0 },
        { type: 0x30, bits: 12, field: 1 },
        { ...SPLIT_INDEX, field: 2 },
        { type: 1, bits: 8, field: 2 },
        { ...REAL32, field: 3 },
        { ...SPLIT_INDEX, field: 5 },
        { type: 0x31, bits: 32, field: 6 },
        { type: 0x1c, bits: 5, field: 7 },
        { ...INT32, field: 108 },
      ],
      groups: [[{ firstEvent: 0, events: 2, pages: [[ints(1, 2)], [], [], [], [], [], [], [], [ints(1, 2)]] }]],
    });
    expect(file.summary.unsupported).toEqual([
      { name: 'newer', reason: 'a column of type 48, which is not known to this version' },
      { name: 'streamed', reason: "objects of TH1D are stored as ROOT's streamer writes them" },
      { name: 'evolved', reason: 'the field has version 2, of a newer writer' },
      { name: 'other', reason: 'the kind of field is not known to this version' },
      { name: 'list', reason: 'a column of type 49, which is not known to this version' },
      { name: 'narrow', reason: 'a Real32Trunc column of 5 bits' },
      { name: `deep${'.s'.repeat(65)}`, reason: 'more than 64 structs in one another' },
    ]);
    expect(await valuesOf(file)).toEqual({ x: [1, 2] });
  });
});

describe('clusters', () => {
  it('may come in several groups, in any order; their places may take 64 bits', async () => {
    const values = await read(
      simple({
        groups: [
          [{ firstEvent: 3, events: 1, pages: [[{ ...ints(4), large: true, checksum: 'right' }]] }],
          [],
          [
            { firstEvent: 0, events: 3, pages: [[ints(1), ints(2, 3)]] },
            { firstEvent: 3, events: 0, pages: [[]] },
          ],
        ],
      }),
    );
    expect(values).toEqual({ x: [1, 2, 3, 4] });
  });

  const EVENTS = 270_000;

  it('that are long are cut into pieces of fixed length, which read their own pages', async () => {
    const lengths = Array.from({ length: EVENTS }, (_, i) => i % 3);
    const items = lengths.reduce((sum, length) => sum + length, 0);
    let end = 0;
    const allEnds = lengths.map((length) => {
      end += length;
      return end;
    });
    const pages = (name: string, bits: number, values: number[], step: number) =>
      Array.from({ length: Math.ceil(values.length / step) }, (_, i) =>
        page(name, bits, values.slice(i * step, (i + 1) * step)),
      );
    const bytes = Array.from({ length: items }, (_, i) => i & 255);
    const file = await openTestNTuple({
      fields: [
        { name: 'flat', type: 'std::uint8_t' },
        { name: 'list', type: 'std::vector<std::uint8_t>', role: 1 },
        { name: '_0', type: 'std::uint8_t', parent: 1 },
      ],
      columns: [
        { type: 4, bits: 8, field: 0 },
        { ...INDEX32, field: 1 },
        { type: 4, bits: 8, field: 2 },
      ],
      groups: [
        [
          {
            ...{ firstEvent: 0, events: EVENTS },
            pages: [
              pages('UInt8', 8, lengths, 30_000),
              // The second piece begins with a page, whose lists begin where those of the one before end.
              pages('Index32', 32, allEnds, 8_192),
              pages('UInt8', 8, bytes, 50_000),
            ],
          },
        ],
      ],
    });
    expect(file.summary.chunks).toEqual([
      { begin: 0, end: 131_072 },
      { begin: 131_072, end: 262_144 },
      { begin: 262_144, end: EVENTS },
    ]);
    for (const [chunk, { begin, end }] of file.summary.chunks.entries()) {
      const [flat, list] = (await file.readChunk(chunk, ['flat', 'list'])) as [ColumnData, ColumnData];
      expect(flat.length).toBe(end - begin);
      const first = begin === 0 ? 0 : allEnds[begin - 1]!;
      let wrong = 0;
      for (let i = begin; i < end; i++) {
        if (flat.values[i - begin] !== lengths[i]) wrong++;
        if (list.offsets[0]![i - begin + 1] !== allEnds[i]! - first) wrong++;
      }
      list.values.forEach((value: number | bigint, k: number) => {
        if (value !== ((first + k) & 255)) wrong++;
      });
      expect([wrong, list.values.length]).toEqual([0, allEnds[end - 1]! - first]);
    }
  });
});

it('a preview of the format is told, and what to do', async () => {
  await expect(openTestNTuple(simple({ epoch: 0 }))).rejects.toMatchObject({
    message: expect.stringMatching(/preview of RNTuple/),
    hint: expect.stringMatching(/ROOT 6\.34/),
  });
  const { bytes, anchor } = writeNTuple(simple());
  const oldest = openBytes(bytes, anchor.slice(0, 58), 'ROOT::Experimental::RNTuple');
  await expect(oldest).rejects.toThrow(/preview of RNTuple/);
  await expect(openBytes(bytes, anchor.slice(0, 58))).rejects.toThrow(/its anchor is 58 bytes long/);
  anchor[20]! ^= 1;
  await expect(openBytes(bytes, anchor)).rejects.toThrow(/the checksum of the anchor differs/);
});

describe('what can not be read is an error that says why', () => {
  it.each<[string, Partial<TestNTuple>, RegExp]>([
    ['a feature flag', { features: 8n }, /uses a feature of a newer version of the format \(flag 3\)/],
    ['another epoch', { epoch: 2 }, /it has version 2 of the format/],
    ['sharded clusters', { groups: [[{ firstEvent: 0, events: 3, flags: 1, pages: [[ints(1)]] }]] }, /sharded/],
    ['events that are missing', { groups: [[{ firstEvent: 5, events: 3, pages: [[]] }]] }, /begins at event 5, not 0/],
    [
      'more events than any column has',
      { groups: [[{ firstEvent: 0, events: 2 ** 40, pages: [[ints(1)]] }]] },
      /claims 1099511627776 events, which no column has/,
    ],
    ['envelopes of several keys', { maxKeyBytes: 10 }, /its header is spread over several keys/],
    ['a header that is damaged', { damage: (bytes) => bytes.fill(1, 40, 41) }, /the checksum of the header differs/],
    [
      'a footer that is damaged',
      { damage: (bytes) => bytes.fill(1, bytes.length - 20, bytes.length - 19) },
      /the checksum of the footer differs/,
    ],
    [
      'a child before its parent',
      { fields: [{ name: 'x', type: 'float', parent: 7 }] },
      /field 0 comes before its parent/,
    ],
    ['a column of no field', { columns: [{ ...INT32, field: 3 }] }, /a field that is not there/],
    ['an alias of no column', { aliases: [{ column: 9, field: 0 }] }, /stands for one that is not there/],
  ])('%s', async (_, more, message) => {
    const opening = openTestNTuple(simple(more));
    await expect(opening).rejects.toThrow(message);
    await expect(opening).rejects.toMatchObject({
      tag: 'format',
      place: { file: 'test.root' },
      hint: expect.any(String),
    });
  });

  const list = (listEnds: TestPage, values: TestPage): TestNTuple => ({
    fields: [
      { name: 'x', type: 'std::vector<std::int32_t>', role: 1 },
      { name: '_0', type: 'std::int32_t', parent: 0 },
    ],
    columns: [
      { ...INDEX32, field: 0 },
      { ...INT32, field: 1 },
    ],
    groups: [[{ firstEvent: 0, events: 2, pages: [[listEnds], [values]] }]],
  });

  it.each<[string, TestNTuple, RegExp]>([
    [
      'a page whose checksum differs',
      simple({ groups: [[{ firstEvent: 0, events: 1, pages: [[{ ...ints(1), checksum: 'wrong' }]] }]] }),
      /the checksum of a page differs/,
    ],
    [
      'a page that is too short',
      simple({ groups: [[{ firstEvent: 0, events: 3, pages: [[{ ...ints(1, 2), elements: 3 }]] }]] }),
      /records hold|packed/,
    ],
    [
      'a page that claims too much',
      simple({ groups: [[{ firstEvent: 0, events: 2 ** 28, pages: [[{ ...ints(1, 2), elements: 2 ** 28 }]] }]] }),
      /a page of 8 bytes claims to hold 1073741824/,
    ],
    [
      'a page past the end of the file',
      simple({ groups: [[{ firstEvent: 0, events: 1, pages: [[{ ...ints(1), claims: 10_000 }]] }]] }),
      /a page lies past the end of the file/,
    ],
    [
      'a page of several keys',
      simple({
        maxKeyBytes: 4000,
        groups: [[{ firstEvent: 0, events: 2000, pages: [[ints(...Array.from({ length: 2000 }, (_, i) => i))]] }]],
      }),
      /a page is spread over several keys/,
    ],
    ['lists that end before they begin', list(page('Index32', 32, [3, 2]), ints(1, 2, 3)), /ends before it begins/],
    ['lists of more values than there are', list(page('Index32', 32, [1, 9]), ints(1, 2)), /2 elements instead of 9/],
    [
      'arrays that are too long',
      simple({
        fields: [
          { name: 'x', type: 'std::array<std::int32_t,9>', repetition: 2 ** 40 },
          { name: '_0', type: 'std::int32_t', parent: 0 },
        ],
        columns: [{ ...INT32, field: 1 }],
      }),
      /arrays of 1099511627776 values in 3 places/,
    ],
  ])('%s', async (_, ntuple, message) => {
    const file = await openTestNTuple(ntuple);
    const reading = file.readChunk(0, ['x']);
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toMatchObject({ tag: 'format', place: { file: 'test.root', column: 'x' } });
  });
});
