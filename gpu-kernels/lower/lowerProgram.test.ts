/** What documents become: `texts/` holds the document's own part of each module, as a reader would want to see it. */
import { describe, expect, it } from 'vitest';
import { compileDocument } from '../../core/analysis/compile.ts';
import type { AnalysisDocument } from '../../core/analysis/document.ts';
import { parseDocument } from '../../core/analysis/yaml.ts';
import { buildSchema } from '../../core/schema/build.ts';
import type { ColumnInfo, ValueType } from '../../core/schema/column.ts';
import type { ColumnShape, LoweredProgram, Refusal } from '../types.ts';
import { lowerProgram } from './lowerProgram.ts';

const column = (name: string, type: ValueType, depth = 1): ColumnInfo => ({ name, type, depth, nullable: false });

const COLUMNS = [
  ...['pt', 'eta', 'phi', 'mass'].flatMap((field) =>
    ['Muon', 'Jet'].map((collection) => column(`${collection}_${field}`, 'float32')),
  ),
  column('Muon_charge', 'int32'),
  column('MET_pt', 'float32', 0),
  column('genWeight', 'float64', 0),
  column('event', 'uint64', 0),
  column('stream', 'string', 0),
];

const OPTIONS = { math: Math, limits: { workgroupBytes: 16384, workgroupThreads: 256, bindingBytes: 2 ** 27 } };

function lower(text: string, columns = COLUMNS): LoweredProgram | Refusal {
  const { document, errors } = parseDocument(`lumiscope: 1\n${text}`);
  expect(errors).toEqual([]);
  const { program, errors: typing } = compileDocument(document as AnalysisDocument, buildSchema(columns));
  expect(typing).toEqual([]);
  return lowerProgram(program!, new Map(columns.map((one): [string, ColumnShape] => [one.name, one])), OPTIONS);
}

function lowered(text: string): LoweredProgram {
  const result = lower(text);
  if ('reason' in result) throw new Error(result.reason);
  return result;
}

/** The part that is the document's own. */
function eventOf({ code }: LoweredProgram): string {
  const from = code.indexOf('fn event(e: u32)');
  return code.slice(from, code.indexOf('\n}\n', from) + 3);
}

const MET = 'histograms:\n  met:\n    axes: [{ value: MET.pt, bins: 10, range: [0, 100] }]\n';

const DOCUMENTS: Record<string, string> = {
  'flat-cut': `select:\n  met: MET.pt > 30\nweight: genWeight\n${MET}`,
  reduction: `define:\n  good: Jet[(Jet.pt > 30) & (abs(Jet.eta) < 2.4)]\nhistograms:
  ht:\n    axes: [{ value: sum(good.pt), bins: 10, range: [0, 1000] }]\n`,
  sort: `define:\n  jets: sort(Jet, key=Jet.pt, reverse=True)\nhistograms:
  second:\n    axes: [{ value: "jets[1].pt", bins: 10, range: [0, 100] }]\n`,
  'pair-mass': `define:\n  pair: combinations(Muon, 2)\n  os: "pair[pair.a.charge != pair.b.charge]"\nhistograms:
  m:\n    axes: [{ value: (os.a + os.b).mass, bins: 300, range: [0.25, 300], scale: log }]\n`,
  'string-category': `select:\n  known: stream != "cosmics"\nhistograms:
  stream:\n    axes: [{ value: stream, categories: [mu, e] }]\n`,
};

describe('the text', () => {
  it.each(Object.keys(DOCUMENTS))('of %s', async (name) => {
    await expect(eventOf(lowered(DOCUMENTS[name]!))).toMatchFileSnapshot(`texts/${name}.wgsl`);
  });

  it.each([
    ['a cut', DOCUMENTS['flat-cut']!, 'MET.pt > 30', 'MET.pt > 70.1'],
    ['a cut to an axis’s number', DOCUMENTS['flat-cut']!, 'MET.pt > 30', 'MET.pt > 100'],
    ['two cuts to one number', DOCUMENTS.reduction!, '< 2.4', '< 30'],
    ['a range', DOCUMENTS.reduction!, '[0, 1000]', '[-10, 2000]'],
    ['a string', DOCUMENTS['string-category']!, 'cosmics', 'zero bias'],
    ['categories', DOCUMENTS['string-category']!, '[mu, e]', '[tau, jet]'],
    ['certified runs', `lumis: { "1": [[1, 2]] }\n${MET}`, '"1": [[1, 2]]', '"1": [[1, 2], [4, 5]], "7": [[1, 1]]'],
  ])('is the same where %s moves', (_, text, from, to) => {
    const columns = [...COLUMNS, column('run', 'uint32', 0), column('luminosityBlock', 'uint32', 0)];
    const [before, after] = [text, text.replace(from, to)].map((one) => lower(one, columns)) as LoweredProgram[];
    expect(after!.code).toBe(before!.code);
    expect(after!.constants).not.toEqual(before!.constants);
  });

  it('has no name or string of the document in it', () => {
    const { code } = lowered(DOCUMENTS['string-category']!);
    expect(code).not.toMatch(/cosmics|known/);
  });

  it('cannot be left by the name of a column', () => {
    const name = 'x\nfn main() {}\u2028// y';
    const columns = [...COLUMNS, column(name, 'float32', 0)];
    const program = compileDocument(parseDocument(`lumiscope: 1\n${MET}`).document!, buildSchema(columns)).program!;
    const read = { op: 'column', column: name, type: { kind: 'float' }, optional: false } as const;
    const histograms = program.histograms.map((one) => ({ ...one, axes: [{ ...one.axes[0]!, value: read }] }));
    const shapes = new Map(columns.map((one): [string, ColumnShape] => [one.name, one]));
    const result = lowerProgram({ ...program, columns: [name], histograms }, shapes, OPTIONS) as LoweredProgram;
    expect(result.code).toMatch(/^\/\/ values of x\?fn main[? ]+y$/m);
  });
});

describe('arrays and constants', () => {
  it('are those that the code reads, in its order', () => {
    const { arrays, constants, weights } = lowered(DOCUMENTS['string-category']!);
    expect(arrays).toEqual([{ column: 'stream', part: 'values' }]);
    expect(constants).toEqual(['cosmics', 'mu', 'e'].map((value) => ({ kind: 'string', value })));
    expect(weights).toBe(0);
  });

  it('hold what nullable columns need', () => {
    const columns = [...COLUMNS, { ...column('x', 'int16', 0), nullable: true }];
    const { arrays } = lower('select:\n  x: x > 3\n', columns) as LoweredProgram;
    expect(arrays).toEqual([
      { column: 'x', part: 'values' },
      { column: 'x', part: 'valid' },
    ]);
  });
});

describe('what is not for a GPU is told', () => {
  it.each([
    [
      'histograms:\n  h:\n    storage: mean\n    sample: genWeight\n    axes: [{ value: MET.pt, bins: 2, range: [0, 1] }]\n',
      'histogram "h" has the storage mean',
    ],
    [
      `histograms:\n  h:\n    axes:\n${'      - { value: MET.pt, bins: 9999, range: [0, 1] }\n'.repeat(2)}`,
      'histogram "h" is too large to be held bin by bin',
    ],
    ['select:\n  one: event == 9007199254740993\n', 'the number 9007199254740993 has more than 32 bits'],
  ])('%#', (text, reason) => {
    expect(lower(text)).toEqual({ reason });
  });
});
