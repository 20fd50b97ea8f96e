import { describe, expect, it, test } from 'vitest';
import { buildSchema } from '../schema/build.ts';
import type { ColumnInfo, ValueType } from '../schema/column.ts';
import { cutConstants, Quantities, sliderScale, withoutComparison } from './cutConstants.ts';
import { withNumber } from './movable.ts';
import { withDefinition } from './withDefinition.ts';
import { parseDocument } from './yaml.ts';

const column = (name: string, type: ValueType, depth = 0): ColumnInfo => ({ name, type, depth, nullable: false });
const SCHEMA = buildSchema([
  column('nMuon', 'uint32'),
  column('Muon_pt', 'float32', 1),
  column('Muon_eta', 'float32', 1),
  column('MET_pt', 'float32'),
]);
const constants = (expression: string, enabled = true) =>
  cutConstants([{ name: 'c', expression, enabled }]).map(({ span, value, compared, op }) => [
    expression.slice(...span),
    value,
    compared,
    op,
  ]);

describe('the constants of a cut', () => {
  test.each<[string, unknown[][]]>([
    ['MET.pt > 30', [['30', 30, 'MET.pt', '>']]],
    ['30 < MET.pt', [['30', 30, 'MET.pt', '>']]],
    ['MET.pt > -2.5e1', [['-2.5e1', -25, 'MET.pt', '>']]],
    ['abs(x) <=   +2.4', [['+2.4', 2.4, 'abs(x)', '<=']]],
    [
      '60 <= m < 120',
      [
        ['60', 60, 'm', '>='],
        ['120', 120, 'm', '<'],
      ],
    ],
    [
      'n == 2 and n != 3',
      [
        ['2', 2, 'n', '=='],
        ['3', 3, 'n', '!='],
      ],
    ],
    [
      'len(Muon[Muon.pt > 20]) >= 2',
      [
        ['20', 20, 'Muon.pt', '>'],
        ['2', 2, 'len(Muon[Muon.pt > 20])', '>='],
      ],
    ],
    ['any(j.pt > 30 for j in Jet)', [['30', 30, 'j.pt', '>']]],
    ['a\n  + b > 5', [['5', 5, 'a + b', '>']]],
    ['MET.pt > ptmin', []],
    ['MET.pt > 2 * 20', []],
    ['run in [1, 2]', []],
    ['3 > 2', []],
    ['MET.pt >', []],
    ['x["a > 3"]', []],
  ])('%s', (expression, found) => expect(constants(expression)).toEqual(found));

  it('of a cut that is off are none', () => expect(constants('MET.pt > 30', false)).toEqual([]));

  it('are numbered within their cut', () => {
    const cuts = ['x > 1 and y > 2', 'z > 3'].map((expression, k) => ({ name: `c${k}`, expression, enabled: true }));
    expect(cutConstants(cuts).map(({ cut, at }) => `${cut} ${at}`)).toEqual(['c0 0', 'c0 1', 'c1 0']);
  });
});

describe('a cut without the comparison with a constant', () => {
  test.each<[string, (string | undefined)[]]>([
    ['MET.pt > 30', ['True']],
    ['(x > 1) & (y < 2)', ['True & (y < 2)', '(x > 1) & True']],
    ['a and 1 < x <= 5 and b', ['a and (x <= 5) and b', 'a and (1 < x) and b']],
    ['x > 1 or y > 2', [undefined, undefined]],
    ['not x > 1', [undefined]],
    ['len(Muon[Muon.pt > 20]) >= 2', [undefined, 'True']],
    ['1 < x < 5 < y', ['(x < 5 < y)', undefined, undefined]],
  ])('%s', (expression, left) => {
    const found = cutConstants([{ name: 'c', expression, enabled: true }]);
    expect(found.map((constant) => withoutComparison(expression, constant))).toEqual(left);
  });
});

const { document } = parseDocument(`lumiscope: 1
define:
  good: Muon[Muon.pt > 20]
  lead: max(good.pt)
`);
const quantities = new Quantities(document!, SCHEMA);

describe('the same quantity', () => {
  test.each<[string, string, boolean]>([
    ['MET.pt', 'MET_pt', true],
    ['lead', 'max(Muon[Muon.pt > 20].pt)', true],
    ['abs( Muon.eta )', 'abs(Muon.eta)', true],
    ['good.pt', 'Muon.pt', false],
    ['MET.pt', 'MET.pt + 1', false],
    ['j.pt', 'j.pt', false],
  ])('%s, %s: %s', (a, b, same) => expect(quantities.same(a, b)).toBe(same));
});

describe('where a slider goes', () => {
  const values: Record<string, [number, number]> = { MET_pt: [0.3, 2310], Muon_eta: [-2.41, 2.38] };
  const scale = (
    compared: string,
    value: number,
    axes: { value: string; bins: number; range: [number, number] }[] = [],
  ) => sliderScale({ compared, value }, quantities, axes, (name) => values[name]);

  it('is the axis of a histogram of the same quantity, however it is written', () => {
    const axes = [{ value: 'MET_pt', bins: 40, range: [0, 200] as [number, number] }];
    expect(scale('MET.pt', 30, axes)).toEqual({ range: [0, 200], step: 2 });
    expect(scale('MET.pt', 30.5, axes).range[1]).toBe(200);
    expect(scale('MET.pt', 450, axes)).toEqual({ range: [0, 450], step: 5 });
  });

  it('has the integers on an axis with bins around them', () => {
    const axes = [{ value: 'len(Muon)', bins: 6, range: [-0.5, 5.5] as [number, number] }];
    expect(scale('len(Muon)', 2, axes)).toEqual({ range: [0, 5], step: 1 });
  });

  it('is what the column holds, but not far beyond the constant', () => {
    expect(scale('Muon.eta', 0.5)).toEqual({ range: [-2.45, 2.4], step: 0.05 });
    expect(scale('abs(Muon.eta)', 1)).toEqual({ range: [0, 2.45], step: 0.05 });
    expect(scale('MET.pt', 30)).toEqual({ range: [0, 150], step: 2 });
  });

  it('is around the constant, where nothing else is known', () => {
    expect(scale('len(good)', 2)).toEqual({ range: [0, 10], step: 1 });
    expect(scale('j.pt', 30)).toEqual({ range: [0, 60], step: 1 });
    expect(scale('lead', 25.5)).toEqual({ range: [0, 51], step: 1 });
    expect(scale('lead', -0.5)).toEqual({ range: [-1, 0], step: 0.01 });
    expect(scale('lead', 0)).toEqual({ range: [-1, 1], step: 0.02 });
  });
});

describe('moving a number', () => {
  const TEXT = `lumiscope: 1   # one
define:
  ptmin:   25
  low: '3.5'
select:
  # twice
  both: >
    MET.pt > 30
    and len(Muon) >= 2
  quoted:   { cut: "60 < MET.pt < 120", enabled: false }   # off
`;

  test.each<[string, Parameters<typeof withNumber>[1], number, string, string]>([
    ['a definition', { definition: 'ptmin' }, 27.5, 'ptmin:   25', 'ptmin:   27.5'],
    ['one in quotes', { definition: 'low' }, 4, "low: '3.5'", "low: '4'"],
    ['a constant in a folded text', { cut: 'both', at: 1 }, 3, 'len(Muon) >= 2', 'len(Muon) >= 3'],
    ['the second of two, in a cut that is off', { cut: 'quoted', at: 1 }, -110, '< 120"', '< -110"'],
  ])('changes nothing else of the text: %s', (_, what, value, from, to) => {
    expect(withNumber(TEXT, what, value)).toBe(TEXT.replace(from, to));
  });

  it('of a definition is the same without what reads cuts', () => {
    for (const name of ['ptmin', 'low'])
      expect(withDefinition(TEXT, name, 7)).toBe(withNumber(TEXT, { definition: name }, 7));
    expect(() => withDefinition(TEXT, 'none', 1)).toThrow(/there is no none/);
  });

  it('that is not there is an error', () => {
    expect(() => withNumber(TEXT, { cut: 'both', at: 2 }, 1)).toThrow(/not in the text any more/);
    expect(() => withNumber(TEXT, { definition: 'none' }, 1)).toThrow(/not in the text any more/);
  });
});
