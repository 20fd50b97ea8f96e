import { describe, expect, it } from 'vitest';
import { schemaOf } from '../expr/testing/check.ts';
import { log } from '../hist/elementary.ts';
import type { Brush } from './brush.ts';
import { BrushScope, brushExpression } from './brushCondition.ts';
import { brushName, permanent } from './brushed.ts';
import { parseDocument } from './yaml.ts';

const SCHEMA = schemaOf(`
  MET_pt: float32; gap: float64?; stream: string; HLT_Mu: bool; nev: int32; big: int64
  Muon_pt: float32[]; Muon_eta: float32[]; Muon_charge: int32[]
`);

function scopeOf(histograms: string, select = ''): BrushScope {
  const { document, errors } = parseDocument(`lumiscope: 1\n${select}\nhistograms:\n${histograms}`);
  expect(errors).toEqual([]);
  return new BrushScope(document!, SCHEMA, { log });
}

/** The cut of a brush on the only histogram, settled. */
function cut(histogram: string, ...ranges: [axis: number, from: number, to: number][]): string {
  const scope = scopeOf(`  h: ${histogram}`);
  const brush = scope.settled({ histogram: 'h', ranges: ranges.map(([axis, from, to]) => ({ axis, from, to })) });
  return brushExpression(scope, brush!);
}

describe('the cut of a brush', () => {
  it('is written as a person might', () => {
    const met = '{ value: MET.pt, bins: 100, range: [0, 200] }';
    expect(cut(`{ axes: [${met}] }`, [0, 20, 40])).toBe('20 <= MET.pt < 40');
    expect(cut(`{ axes: [${met}] }`, [0, 40.2, 19.9])).toBe('20 <= MET.pt < 40');
    expect(cut('{ axes: [{ value: "MET.pt if HLT_Mu else 0", bins: 10, range: [0, 100] }] }', [0, 20, 40])).toBe(
      '20 <= (MET.pt if HLT_Mu else 0) < 40',
    );
    expect(cut(`{ axes: [${met}, { value: nev, edges: [0, 2, 8] }] }`, [1, 2, 8], [0, 0, 50])).toBe(
      '0 <= MET.pt < 50 and 2 <= nev < 8',
    );
  });

  it('asks for one item at least, with the selection of the plot', () => {
    const pt = '{ value: Muon.pt, bins: 50, range: [0, 100] }';
    expect(cut(`{ axes: [${pt}] }`, [0, 20, 40])).toBe('any(20 <= Muon.pt < 40)');
    expect(cut(`{ axes: [${pt}], select: "Muon.charge > 0 or HLT_Mu" }`, [0, 20, 40])).toBe(
      'any((Muon.charge > 0 or HLT_Mu) and 20 <= Muon.pt < 40)',
    );
    expect(cut('{ axes: [{ value: MET.pt, bins: 50, range: [0, 100] }], per: Muon }', [0, 20, 40])).toBe(
      'len(Muon) > 0 and 20 <= MET.pt < 40',
    );
  });

  it('leaves out what another axis or the weight does not fill', () => {
    const met = '{ value: MET.pt, bins: 50, range: [0, 100] }';
    expect(cut(`{ axes: [${met}, { value: gap, bins: 5, range: [0, 1] }], weight: gap * 2 }`, [0, 20, 40])).toBe(
      'gap is not None and gap * 2 is not None and 20 <= MET.pt < 40',
    );
  });

  it('names categories, and asks for true or false', () => {
    const streams = `{ axes: [{ value: stream, categories: [mu, 'a "b"', e] }] }`;
    expect(cut(streams, [0, 1, 2])).toBe('stream == "a \\"b\\""');
    expect(cut(streams, [0, 0, 3])).toBe('stream in ["mu", "a \\"b\\"", "e"]');
    expect(cut('{ axes: [{ value: nev, categories: [1, -1] }] }', [0, 1, 2])).toBe('nev == -1');
    const trigger = '{ axes: [{ value: HLT_Mu, boolean: true }] }';
    expect([cut(trigger, [0, 0, 1]), cut(trigger, [0, 1, 2]), cut(trigger, [0, 0, 2])]).toEqual([
      'not HLT_Mu',
      'HLT_Mu',
      'True',
    ]);
  });

  it('ends comments with their lines, and compares large integers as the axis does', () => {
    expect(cut('{ axes: [{ value: "MET.pt  # GeV", bins: 10, range: [0, 100] }] }', [0, 20, 40])).toBe(
      '20 <= MET.pt  # GeV\n < 40',
    );
    expect(cut('{ axes: [{ value: big, edges: [0, 9007199254740992, 1.0e+16] }] }', [0, 9007199254740992, 1e16])).toBe(
      '9007199254740992.0 <= big < 10000000000000000.0',
    );
  });

  it('gets a name that no other cut has', () => {
    const met = '  met: { axes: [{ value: MET.pt, bins: 10, range: [0, 100] }] }';
    const scope = scopeOf(met, 'select: { met 20 – 40: HLT_Mu }');
    const brush: Brush = { histogram: 'met', ranges: [{ axis: 0, from: 20, to: 40 }] };
    expect(brushName(scope, brush)).toBe('met 20 – 40');
    expect(permanent(scope, brush)).toEqual([
      { kind: 'addCut', name: 'met 20 – 40 (2)', expression: '20 <= MET.pt < 40' },
    ]);
  });

  it('is none where the document has no such histogram, axis or number', () => {
    const scope = scopeOf(
      '  h: { axes: [{ value: MET.pt, bins: 10, range: [0, 100] }] }\n  wrong: { axes: [{ value: nope, bins: 1, range: [0, 1] }] }',
    );
    const settled = (histogram: string, axis: number, from = 1) =>
      scope.settled({ histogram, ranges: [{ axis, from, to: 2 }] });
    expect(settled('h', 0)).toBeDefined();
    expect([settled('x', 0), settled('h', 1), settled('wrong', 0), settled('h', 0, Number.NaN)]).toEqual(
      Array.from({ length: 4 }),
    );
  });
});
