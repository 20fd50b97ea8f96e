import { describe, expect, test } from 'vitest';
import type { AnalysisDocument } from '../../core/analysis/document.ts';
import { buildSchema } from '../../core/schema/build.ts';
import type { ColumnInfo, ValueType } from '../../core/schema/column.ts';
import { branchTrouble } from './branches.ts';
import type { SessionFile } from './files.ts';

const column = (name: string, type: ValueType, depth = 0): ColumnInfo => ({ name, type, depth, nullable: false });
const COMMON = [column('MET_pt', 'float32'), column('Muon_pt', 'float32', 1)];
const file = (name: string, ...columns: ColumnInfo[]): SessionFile =>
  ({ id: 0, name, schema: buildSchema([...COMMON, ...columns]) }) as SessionFile;

function documentOf(cut: string, defaults: AnalysisDocument['defaults'] = {}): AnalysisDocument {
  return {
    lumiscope: 1,
    datasets: [],
    define: [],
    select: [{ name: 'c', expression: cut, enabled: true }],
    histograms: [],
    defaults,
  };
}

const A = file(
  'a',
  column('HLT_X', 'bool'),
  column('n', 'int32'),
  column('x', 'float32'),
  column('Muon_iso', 'float32', 1),
);
const B = file('b');

describe('files with different branches', () => {
  test('that a document does not read are no trouble', () => {
    expect(branchTrouble(documentOf('MET.pt > 3'), [[A, B]])).toBeUndefined();
    expect(branchTrouble(documentOf('HLT.X'), [[A, A]])).toBeUndefined();
  });

  test('certified runs ask nothing of data sets that do without, and go by the names that each file has', () => {
    const document = { ...documentOf('MET.pt > 3'), lumis: [{ run: 1, blocks: [[1, 10]] as [number, number][] }] };
    const data = file('data', column('run', 'int32'), column('luminosityBlock', 'int32'));
    const others = file('others', column('runNumber', 'int32'), column('lumiBlock', 'int32'));
    expect(branchTrouble(document, [[data], [B], [others]])).toBeUndefined();
  });

  test.each<[string, string, string]>([
    ['HLT.X', 'b has no branch HLT_X', 'a default can stand in for it: defaults: { HLT_X: false }'],
    ['n > 2', 'b has no branch n', 'a default can stand in for it: defaults: { n: 0 }'],
    ['HLT.X and x > 2', 'b has no branch HLT_X, x', 'a default can stand in for it: defaults: { HLT_X: false, x: 0 }'],
    [
      'any(Muon.iso > 1)',
      'b has no branch Muon_iso',
      'lists have no default: leave the file out, or what reads Muon_iso',
    ],
  ])('%s: %s', (cut, message, hint) => {
    expect(branchTrouble(documentOf(cut), [[A, B]])).toMatchObject({ message, hint, place: { file: 'b' } });
    expect(branchTrouble(documentOf(cut), [[B, A]])).toMatchObject({ message: expect.stringContaining(message), hint });
  });

  test('are counted, and offer the defaults that all of them need', () => {
    const files = [A, file('b', column('HLT_X', 'bool')), file('c', column('x', 'float32')), B, file('d')];
    const trouble = branchTrouble(documentOf('HLT.X and x > 2'), [files]);
    expect(trouble?.message).toBe('b has no branch x (4 of 5 files lack a branch that others have)');
    expect(trouble?.place.defaults).toEqual({ HLT_X: false, x: 0 });
  });

  test('of different data sets are told, too', () => {
    expect(branchTrouble(documentOf('HLT.X'), [[A], [B]])?.message).toBe('b has no branch HLT_X');
  });

  test('with a default for each are no trouble, whatever the width of numbers', () => {
    expect(branchTrouble(documentOf('HLT.X and x > 2', { HLT_X: false, x: 0 }), [[A, B]])).toBeUndefined();
    const wide = file('w', column('n', 'int64'), column('x', 'float64'));
    expect(branchTrouble(documentOf('n > x'), [[A, wide]])).toBeUndefined();
  });

  test.each<[string, ColumnInfo, string]>([
    ['n > 1', column('n', 'float32'), 'n is an integer in a, but a floating-point number in o'],
    ['n > 1', column('n', 'bool'), 'n is an integer in a, but true/false in o'],
    ['x > 1', column('x', 'int32', 1), 'x is a floating-point number in a, but a list (integer) in o'],
    ['HLT.X', column('HLT_X', 'uint8'), 'HLT_X is true/false in a, but an integer in o'],
  ])('that hold one as different things name both: %s, %o', (cut, other, message) => {
    const trouble = branchTrouble(documentOf(cut), [[A, file('o', other)]]);
    expect(trouble?.message).toBe(message);
    expect(trouble?.hint).toBe('put the two into different data sets, or write one of them anew');
  });

  test('refuse a default of another kind than the branch', () => {
    expect(branchTrouble(documentOf('HLT.X', { HLT_X: 0 }), [[A, B]])).toMatchObject({
      message: 'the default of HLT_X is 0, but HLT_X is true/false in a',
      place: { keys: ['defaults', 'HLT_X'] },
    });
    expect(branchTrouble(documentOf('n > 1', { n: 0.5 }), [[A, B]])?.message).toMatch(/the default of n is 0.5/);
  });
});
