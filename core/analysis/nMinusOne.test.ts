import { describe, expect, test } from 'vitest';
import type { Histogram } from '../hist/histogram.ts';
import { buildSchema } from '../schema/build.ts';
import type { ColumnInfo, ValueType } from '../schema/column.ts';
import type { AxisSpec } from './document.ts';
import { type Condition, conditionsOf, nMinusOneDocument } from './nMinusOne.ts';
import { suitedAxis, wideAxis } from './nMinusOneAxes.ts';
import { parseDocument } from './yaml.ts';

const column = (name: string, type: ValueType, depth = 0): ColumnInfo => ({ name, type, depth, nullable: false });
const SCHEMA = buildSchema([
  column('nMuon', 'uint32'),
  column('Muon_pt', 'float32', 1),
  column('MET_pt', 'float32'),
  column('run', 'uint32'),
  column('HLT_Mu', 'bool'),
  column('name', 'string'),
]);
const documentOf = (...cuts: string[]) => {
  const lines = cuts.map((cut, k) => `  c${k}: ${JSON.stringify(cut)}`);
  const text = `lumiscope: 1\ndefine:\n  ptmin: 20\n  good: Muon[Muon.pt > ptmin]\nselect:\n${lines.join('\n')}\n`;
  return parseDocument(text).document!;
};
const conditions = (...cuts: string[]) => conditionsOf(documentOf(...cuts), SCHEMA);
const { POSITIVE_INFINITY: INF, NEGATIVE_INFINITY: MINUS } = Number;

describe('the conditions of cuts', () => {
  test.each<[string, Omit<Condition, 'cut' | 'text'>[]]>([
    ['len(good) >= 2', [{ value: 'len(good)', kind: 'int', keeps: [2, INF] }]],
    ['len(good) > 2', [{ value: 'len(good)', kind: 'int', keeps: [3, INF] }]],
    ['len(good) > 1.5', [{ value: 'len(good)', kind: 'int', keeps: [2, INF] }]],
    ['len(good) <= 2', [{ value: 'len(good)', kind: 'int', keeps: [MINUS, 3] }]],
    ['len(good) < 2', [{ value: 'len(good)', kind: 'int', keeps: [MINUS, 2] }]],
    ['len(good) == 2', [{ value: 'len(good)', kind: 'int', keeps: [2, 3] }]],
    ['2 <= len(good)', [{ value: 'len(good)', kind: 'int', keeps: [2, INF] }]],
    ['MET.pt > -3.5', [{ value: 'MET.pt', kind: 'float', keeps: [-3.5, INF] }]],
    ['ptmin < MET.pt <= 2 * ptmin', [{ value: 'ptmin < MET.pt <= 2 * ptmin', kind: 'bool' }]],
    ['ptmin < MET.pt <= 60', [{ value: 'MET.pt', kind: 'float', keeps: [20, 60] }]],
    ['60 > MET.pt >= 20', [{ value: 'MET.pt', kind: 'float', keeps: [20, 60] }]],
    ['abs(MET.pt) < 2.4', [{ value: 'abs(MET.pt)', kind: 'float', keeps: [MINUS, 2.4] }]],
    ['MET.pt < Muon[0].pt', [{ value: '(MET.pt) - (Muon[0].pt)', kind: 'float', keeps: [MINUS, 0] }]],
    ['HLT.Mu', [{ value: 'HLT.Mu', kind: 'bool' }]],
    ['name == "x"', [{ value: 'name == "x"', kind: 'bool' }]],
    ['run != 3', [{ value: 'run != 3', kind: 'bool' }]],
    ['run in [1, 2]', [{ value: 'run in [1, 2]', kind: 'bool' }]],
    ['HLT.Mu or MET.pt > 3', [{ value: 'HLT.Mu or MET.pt > 3', kind: 'bool' }]],
    [
      'HLT.Mu and (run & 3) == 1 and (MET.pt > 3)',
      [
        { value: 'HLT.Mu', kind: 'bool' },
        { value: '(run & 3)', kind: 'int', keeps: [1, 2] },
        { value: 'MET.pt', kind: 'float', keeps: [3, INF] },
      ],
    ],
    [
      'HLT.Mu & (MET.pt > 3)',
      [
        { value: 'HLT.Mu', kind: 'bool' },
        { value: 'MET.pt', kind: 'float', keeps: [3, INF] },
      ],
    ],
  ])('%s', (cut, expected) => {
    expect(conditions(cut).map(({ cut: _, text: __, ...rest }) => rest)).toEqual(expected);
  });

  test('are those of enabled cuts that are right', () => {
    const document = documentOf('MET.pt > 3', 'nothing > 3', 'MET.pt < 9');
    document.select[2].enabled = false;
    expect(conditionsOf(document, SCHEMA).map(({ cut }) => cut)).toEqual(['c0']);
  });

  test('are each plotted for events that pass the others', () => {
    const document = documentOf('MET.pt > 3 and HLT.Mu', 'run == 7');
    const found = conditionsOf(document, SCHEMA);
    const { select, histograms } = nMinusOneDocument(document, found, found.map(wideAxis), 'count');
    expect(select).toEqual([]);
    expect(histograms.map(({ select: others }) => others)).toEqual([
      '(HLT.Mu) and (run == 7)',
      '(MET.pt > 3) and (run == 7)',
      '(MET.pt > 3) and (HLT.Mu)',
    ]);
    const alone = conditions('run == 7');
    expect(nMinusOneDocument(document, alone, alone.map(wideAxis)).histograms[0].select).toBeUndefined();
  });
});

/** A histogram over the wide axis with some values. */
function filled(condition: Condition, values: number[]): Histogram {
  const { edges = [] } = wideAxis(condition);
  const contents = new Float64Array(edges.length + 1);
  for (const value of values) contents[edges.filter((edge) => edge <= value).length]++;
  return {
    axes: [{ type: 'variable', edges }],
    storage: 'count',
    values: contents,
    entries: values.length,
    missing: 0,
    metadata: {},
  };
}

describe('the axis of an N−1 plot', () => {
  const [met, count, flag, wide] = conditions('MET.pt > 25', 'len(good) >= 2', 'HLT.Mu', 'run > 100000');
  const even = Array.from({ length: 1000 }, (_, k) => k / 10);

  test.each<[string, Condition, number[], AxisSpec]>([
    ['floats: round edges, the limit on one', met, even, { value: 'MET.pt', bins: 40, range: [0, 100] }],
    ['a limit beyond all values', met, [1, 2, 3], { value: 'MET.pt', bins: 27, range: [1, 28] }],
    ['a single value', met, [7, 7], { value: 'MET.pt', bins: 43, range: [6, 27.5] }],
    ['no values', met, [], { value: 'MET.pt', bins: 50, range: [22.5, 27.5] }],
    ['integers: a bin each', count, [0, 0, 1, 2, 2, 5], { value: 'len(good)', bins: 6, range: [0, 6] }],
    ['integers below their limit', count, [0, 1], { value: 'len(good)', bins: 3, range: [0, 3] }],
    ['a condition', flag, [], { value: 'HLT.Mu', boolean: true }],
  ])('%s', (_, condition, values, expected) => {
    const wideOne = condition === flag ? ({} as Histogram) : filled(condition, values);
    expect(suitedAxis(condition, wideOne)).toEqual(expected);
  });

  test('many integers share bins of whole numbers, the limit at an edge', () => {
    const { bins = 0, range = [0, 0] } = suitedAxis(wide, filled(wide, [0, 99_000, 200_000, 300_000]));
    const step = (range[1] - range[0]) / bins;
    expect(Number.isInteger(step)).toBe(true);
    expect(((wide.keeps?.[0] ?? 0) - range[0]) % step).toBe(0);
    expect(bins).toBeGreaterThan(20);
    expect(bins).toBeLessThan(70);
  });
});
