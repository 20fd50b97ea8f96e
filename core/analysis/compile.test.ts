import { describe, expect, it } from 'vitest';
import { schemaOf } from '../expr/testing/check.ts';
import { compileDocument } from './compile.ts';
import type { AnalysisDocument, HistogramSpec } from './document.ts';

const SCHEMA = schemaOf(`
  x: float64; n: int32; stream: string; HLT_IsoMu24: bool; MET_pt: float32
  Muon_pt: float32[]; Muon_eta: float32[]; Muon_phi: float32[]; Muon_tight: bool[]; Jet_pt: float32[]
`);

const documentOf = (parts: Partial<AnalysisDocument>): AnalysisDocument => ({
  lumiscope: 1,
  datasets: [],
  define: [],
  select: [],
  histograms: [],
  defaults: {},
  ...parts,
});

const compile = (parts: Partial<AnalysisDocument>) => compileDocument(documentOf(parts), SCHEMA);
const cut = (expression: string) => ({ select: [{ name: 'c', expression, enabled: true }] });
const bins = { bins: 2, range: [0, 1] as [number, number] };
const histogram = (spec: Partial<HistogramSpec>): Partial<AnalysisDocument> => ({
  histograms: [{ name: 'h', axes: [{ value: 'x', ...bins }], ...spec }],
});

/** The errors as `place: message (hint)`. */
const errorsOf = (parts: Partial<AnalysisDocument>): string[] =>
  compile(parts).errors.map(({ message, hint, place }) => `${place.path}: ${message}${hint ? ` (${hint})` : ''}`);

describe('errors', () => {
  it('one wrong expression doesn’t hide the others, and each has its place', () => {
    const { errors, program } = compile({
      define: [{ name: 'a', expression: 'nothing' }],
      ...cut('x >'),
      weight: '"a"',
      histograms: [
        {
          name: 'h',
          axes: [
            { value: 'Muon.pz2', ...bins },
            { value: 'yy', ...bins },
          ],
          select: 'x',
        },
        { name: 'i', axes: [{ value: 'x', ...bins }], select: 'x' },
      ],
    });
    expect(program).toBeUndefined();
    expect(errors.map(({ place }) => [place.keys?.join('/'), place.span])).toEqual([
      ['define/a', [0, 7]],
      ['select/c', [2, 3]],
      ['weight', [0, 3]],
      ['histograms/h/axes/0/value', [5, 8]],
      ['histograms/h/axes/1/value', [0, 2]],
      ['histograms/i/select', [0, 1]],
    ]);
  });

  it('what uses a broken definition is no error of its own', () => {
    const definitions = [
      { name: 'a', expression: 'nothing' },
      { name: 'b', expression: 'a + 1' },
    ];
    expect(errorsOf({ define: definitions, ...cut('b > 1'), ...histogram({ weight: 'a' }) })).toEqual([
      'define.a: there is no `nothing` here',
    ]);
  });

  it('a definition sees those before it only', () => {
    const definitions = [
      { name: 'a', expression: 'b' },
      { name: 'b', expression: 'x' },
    ];
    expect(errorsOf({ define: definitions })).toEqual(['define.a: there is no `b` here']);
  });

  it.each<[string, Partial<AnalysisDocument>, string]>([
    [
      'a cut per item',
      cut('Muon.pt > 3'),
      'select.c: a cut is one true/false value an event, not a true/false value for each item of Muon (use any(…), all(…) or len(…) > 0)',
    ],
    [
      'a cut that is a number',
      cut('n'),
      'select.c: a cut is one true/false value an event, not an integer (compare it, e.g. … > 0)',
    ],
    ['a cut that is a group', cut('MET'), 'select.c: a cut is one true/false value an event, not the group MET'],
    [
      'a weight per item',
      { weight: 'Muon.pt' },
      'weight: the weight is one number an event, not a number for each item of Muon',
    ],
    [
      'an axis of items',
      histogram({ axes: [{ value: 'Muon', ...bins }] }),
      'histograms.h.axes.0.value: this axis needs a number, not an item of Muon (choose a field, e.g. .pt)',
    ],
    [
      'an axis of four-vectors',
      histogram({ axes: [{ value: 'sum(Muon)', ...bins }] }),
      'histograms.h.axes.0.value: this axis needs a number, not a four-vector (choose .mass, .pt, …)',
    ],
    [
      'an axis of a group',
      histogram({ axes: [{ value: 'MET', ...bins }] }),
      'histograms.h.axes.0.value: a value is expected, not the group MET (choose one of its fields)',
    ],
    [
      'a string on a numeric axis',
      histogram({ axes: [{ value: 'stream', ...bins }] }),
      'histograms.h.axes.0.value: this axis needs a number, not a string',
    ],
    [
      'a number in string categories',
      histogram({ axes: [{ value: 'n', categories: ['a'] }] }),
      'histograms.h.axes.0.value: these categories need a string, not an integer',
    ],
    [
      'a string in integer categories',
      histogram({ axes: [{ value: 'stream', categories: [1] }] }),
      'histograms.h.axes.0.value: integer categories need an integer, not a string',
    ],
    [
      'a number on a boolean axis',
      histogram({ axes: [{ value: 'n', boolean: true }] }),
      'histograms.h.axes.0.value: a boolean axis needs a true/false value, not an integer (compare it, e.g. … != 0)',
    ],
    [
      'axes of two collections',
      histogram({
        axes: [
          { value: 'Muon.pt', ...bins },
          { value: 'Jet.pt', ...bins },
        ],
      }),
      'histograms.h.axes.1.value: one histogram is filled per item of one collection, not of Muon and Jet (use the same selection everywhere in a histogram, or write two histograms)',
    ],
    [
      'a selection of another collection',
      histogram({ axes: [{ value: 'Muon.pt', ...bins }], select: 'Jet.pt > 3' }),
      'histograms.h.select: one histogram is filled per item of one collection, not of Muon and Jet (use the same selection everywhere in a histogram, or write two histograms)',
    ],
    ['a per that is no collection', histogram({ per: 'x' }), 'histograms.h.per: per names a collection, not a number'],
    [
      'a select that is a number',
      histogram({ select: 'x' }),
      'histograms.h.select: a condition is expected, not a number',
    ],
    [
      'a weight that is a string',
      histogram({ weight: 'stream' }),
      'histograms.h.weight: a number is expected, not a string',
    ],
  ])('%s', (_, parts, wanted) => {
    expect(errorsOf(parts)).toEqual([wanted]);
  });
});

describe('a program', () => {
  it('says what each definition is', () => {
    const { definitions } = compile({
      define: [
        { name: 'good', expression: 'Muon[Muon.tight]' },
        { name: 'pts', expression: 'good.pt' },
      ],
    });
    expect(Object.fromEntries(definitions)).toEqual({
      good: 'the collection good',
      pts: 'a number for each item of good',
    });
  });

  it('a weight of 1 is none, and a histogram with weights is weighted', () => {
    expect(compile({ weight: '1', ...histogram({}) }).program).toMatchObject({ histograms: [{ storage: 'count' }] });
    expect(compile({ weight: '1.0' }).program?.weight).toBeUndefined();
    expect(compile({ weight: 'x', ...histogram({}) }).program).toMatchObject({ histograms: [{ storage: 'weighted' }] });
    expect(compile(histogram({ weight: 'x' })).program).toMatchObject({ histograms: [{ storage: 'weighted' }] });
    expect(compile(histogram({ weight: 'x', storage: 'count' })).program).toMatchObject({
      histograms: [{ storage: 'count' }],
    });
  });

  it('is filled per item where any part of a histogram is, else per event', () => {
    const listOf = (spec: Partial<HistogramSpec>) => compile(histogram(spec)).program?.histograms[0].per?.list;
    expect(listOf({})).toBeUndefined();
    expect(listOf({ axes: [{ value: 'Muon.pt', ...bins }] })).toMatchObject({ op: 'base', collection: 'Muon' });
    expect(listOf({ weight: 'Muon.pt' })).toMatchObject({ collection: 'Muon' });
    expect(listOf({ select: 'Muon.tight' })).toMatchObject({ collection: 'Muon' });
    expect(listOf({ per: 'Jet' })).toMatchObject({ collection: 'Jet' });
  });

  it('integer categories take any number, and booleans as 0 and 1', () => {
    const kindOf = (value: string) =>
      compile(histogram({ axes: [{ value, categories: [0, 1] }] })).program?.histograms[0].axes[0].value.type.kind;
    expect([kindOf('n'), kindOf('x'), kindOf('HLT.IsoMu24')]).toEqual(['int', 'float', 'int']);
  });

  it('survives structured cloning, which is how it reaches a worker', () => {
    const { program } = compile({
      ...cut('any(Muon.pt > 3)'),
      ...histogram({ axes: [{ value: 'Muon.pt', ...bins }] }),
    });
    expect(structuredClone(program)).toEqual(program);
  });
});

describe('defaults', () => {
  it('stand in for columns, by their raw names and as fields of their group', () => {
    const { program } = compile({ ...cut('HLT.Mu50 == HLT_Mu50'), defaults: { HLT_Mu50: true } });
    expect(program?.cuts[0].cond).toMatchObject({ op: 'compare', a: { op: 'const', value: true } });
  });

  it('have the type of their value', () => {
    const typed = (value: number | boolean | string) =>
      compile({ define: [{ name: 'd', expression: 'Flag_x' }], defaults: { Flag_x: value } }).definitions.get('d');
    expect([typed(1), typed(1.5), typed(true), typed('a')]).toEqual([
      'an integer',
      'a number',
      'a true/false value',
      'a string',
    ]);
  });

  it('give way to a column that there is', () => {
    const { program } = compile({ ...histogram({}), defaults: { x: 3 } });
    expect(program?.columns).toEqual(['x']);
  });
});
