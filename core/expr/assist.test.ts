import { describe, expect, test } from 'vitest';
import { completeExpression } from './complete.ts';
import { explainAt } from './explain.ts';
import { FUNCTIONS } from './functions.ts';
import { contextOf } from './testing/check.ts';

const context = contextOf({
  good: 'Muon[Muon.pt > 20]',
  pair: 'combinations(good, 2)',
  os: 'pair[pair.a.charge != pair.b.charge]',
  tri: 'combinations(Jet, 3)',
  mixed: 'concatenate(Muon, Electron)',
  z: 'os[0].a + os[0].b',
  least: '20',
});

/** What is offered at the `|` of an expression. */
function offered(text: string) {
  const [before = '', after = ''] = text.split('|');
  return completeExpression(context, before, after)?.options;
}
const labels = (text: string) => offered(text)?.map(({ label }) => label);
const option = (text: string, label: string) => offered(text)?.find((one) => one.label === label);

const MUON = ['pt', 'eta', 'phi', 'mass', 'charge', 'tight', 'jet', 'px', 'py', 'pz', 'E', 'rapidity'];

describe('completion after a dot', () => {
  test.each([
    ['good.|'],
    ['Muon[Muon.|'],
    ['len(good) > 2 and any(good.|)'],
    ['pair.a.|'],
    ['good[0].|pt > 3'],
    ['os[0].b.p| + 1'],
    ['[m.| for m in good]'],
    ['[m for m in good if m.|'],
    ['all(m.deltaR(o.|) > 0.4 for m in good for o in good)'],
    ['min(good, key=lambda m: m.|)'],
    ['sort(good, key=lambda m: abs(m.|'],
  ])('offers fields, references and vector properties of muons in %s', (text) => {
    expect(labels(text)).toEqual(expect.arrayContaining(MUON));
  });

  test('offers the parts of combinations', () => {
    expect(labels('tri.|')).toEqual(['a', 'b', 'c']);
    expect(option('pair.|', 'a')?.detail).toBe('item of Muon');
    expect(labels('min(tri, key=lambda t: abs((t.a + t.b + t.|')).toEqual(['a', 'b', 'c']);
  });

  test('offers what all parts of a concatenation have', () => {
    expect(labels('mixed.|')).toEqual(expect.arrayContaining(['pt', 'eta', 'E']));
    expect(labels('mixed.|')).not.toContain('charge');
  });

  test('offers what a sum of four-vectors has, and what a record has', () => {
    expect(labels('z.|')).toEqual('pt eta phi mass px py pz E rapidity deltaR deltaphi deltaeta'.split(' '));
    expect(labels('(os.a + os.b).|')).toContain('mass');
    expect(labels('MET.|')).toEqual(['pt', 'phi', 'px', 'py']);
  });

  test('goes through references', () => {
    expect(labels('good.jet.|')).toEqual(expect.arrayContaining(['pt', 'id']));
    expect(option('good.|', 'jet')?.detail).toBe('item of Jet or missing');
  });

  test('says types, units and columns', () => {
    expect(option('good.|', 'charge')).toMatchObject({ detail: 'integer', kind: 'field' });
    expect(option('good.|', 'pt')?.detail).toBe('number GeV');
    expect(option('good.|', 'pt')?.doc).toContain('column Muon_pt, float32');
    expect(option('good.|', 'deltaR')).toMatchObject({ kind: 'method', apply: 'deltaR(' });
  });

  test('offers nothing after a number, an unknown name or within a string', () => {
    for (const text of ['2.|', 'nothing.|', 'least.|', '"good.|"', 'good.pt.|'])
      expect(offered(text) ?? []).toEqual([]);
  });
});

describe('completion of names', () => {
  test('offers definitions, collections, groups, functions and columns with what they are', () => {
    expect(option('|', 'good')).toMatchObject({ kind: 'definition', detail: 'collection' });
    expect(option('len(|', 'Jet')).toMatchObject({ kind: 'collection', detail: 'collection' });
    expect(option('x > |', 'MET')?.doc).toContain('.pt .phi');
    expect(option('x > |', 'Muon_pt')).toMatchObject({ kind: 'column', detail: 'float32[]' });
    expect(option('com|', 'combinations')?.doc).toBe(
      'combinations(items, n)\nall choices of n items, with the fields .a .b .c …',
    );
    for (const { name } of FUNCTIONS) expect(labels('|')).toContain(name);
  });

  test('knows variables of loops and lambdas, where they are bound', () => {
    expect(option('[| for m in Muon]', 'm')).toMatchObject({ kind: 'variable', detail: 'item of Muon' });
    expect(labels('[m for m in |')).not.toContain('m');
    expect(labels('[n for m in Muon for n in Jet if |')).toEqual(expect.arrayContaining(['m', 'n']));
    expect(labels('len([m for m in Muon]) + |')).not.toContain('m');
  });

  test('offers nothing where a new name is made', () => {
    expect(offered('[m for m|')).toBeUndefined();
    expect(offered('min(Jet, key=lambda j|')).toBeUndefined();
  });

  test('stands in for the word that was begun', () => {
    expect(completeExpression(context, 'len(goo', 'd)')?.replaces).toBe(3);
    expect(completeExpression(context, 'len(', ')')?.replaces).toBe(0);
  });
});

describe('an explanation', () => {
  const explained = (text: string) => {
    const pos = text.indexOf('|');
    return explainAt(context, text.replace('|', ''), pos);
  };

  test('of a definition names its type', () => {
    expect(explained('len(go|od) > 1')).toEqual({
      span: [4, 8],
      title: 'good',
      type: 'the collection good',
      definition: 'good',
      unit: undefined,
      free: true,
    });
  });

  test('of a field has its unit', () => {
    expect(explained('good.p|t > 30')).toMatchObject({
      title: 'good.pt',
      type: 'a number for each item of good',
      unit: 'GeV',
      doc: 'transverse momentum',
    });
  });

  test('of a function has its signature, words and result', () => {
    expect(explained('l|en(good)')).toMatchObject({ title: 'len(items)', doc: 'number of items', type: 'an integer' });
  });

  test('of an operator or bracket is that of the whole', () => {
    expect(explained('good.pt |> 30')).toMatchObject({
      title: 'good.pt > 30',
      type: 'a true/false value for each item of good',
    });
    expect(explained('|(os.a + os.b).mass')?.title).toBe('(os.a + os.b)');
  });

  test('of a variable is its item, and depends on the loop', () => {
    expect(explained('[|j.pt for j in Jet]')).toMatchObject({ type: 'an item of Jet', free: false });
    expect(explained('[j.p|t for j in Jet]')).toMatchObject({ title: 'j.pt', free: false });
    expect(explained('min(tri, key=lambda t: t.a.p|t)')).toMatchObject({ type: 'a number', free: false });
  });

  test('of what is wrong is none', () => {
    expect(explained('no|thing > 1')).toBeUndefined();
    expect(explained('good.no|thing > 1')).toBeUndefined();
  });
});
