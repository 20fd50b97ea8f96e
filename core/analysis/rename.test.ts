import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { usesOf } from '../expr/names.ts';
import { EVENT } from '../expr/testing/check.ts';
import { arbitraryDocument } from './arbitraryDocument.ts';
import { compileDocument } from './compile.ts';
import { nameableAt } from './rename.ts';
import { tidyDocument } from './tidy.ts';
import { editDocument, formatDocument, parseDocument } from './yaml.ts';

const TEXT = `lumiscope: 1
define:
  least: 20 # of pT
  # the good ones
  good: Muon[Muon.pt > least]
  Jet: Jet[Jet.pt > least]
  pair: "combinations(good, 2)"
select:
  two: "len(good) >= 2 and 'good' != stream" # good
  off: { cut: "any([good.pt > least for good in Muon])", enabled: false }
  key: "len(sort(good, key=lambda good: good.pt)) + len([j for j in Jet if j.pt > least]) > 1"
weight: sum(good.pt)
histograms:
  m:
    axes:
      - { value: (pair.a + pair.b).mass, bins: 3, range: [0, 1] }
  pt:
    select: good.eta > 0
    axes: [{ value: good.pt, edges: [0, 1] }]
    view: { overlay: [m], log: true }
sliders:
  least: { range: [0, 100] }
`;
const rename = (name: string, to: string, text = TEXT) => editDocument(text, [{ kind: 'renameDefinition', name, to }]);

/** What a document computes; axes are called by their expressions. */
function program(text: string) {
  const { document, errors } = parseDocument(text);
  expect(errors).toEqual([]);
  const compiled = compileDocument(document!, EVENT);
  expect(compiled.errors).toEqual([]);
  return JSON.stringify({ ...compiled, definitions: compiled.definitions.size }, (key, value) =>
    key === 'name' || key === 'path' ? undefined : typeof value === 'bigint' ? String(value) : value,
  );
}

describe('renaming a definition', () => {
  test('reaches every use, and no field, string, variable or comment of that name', () => {
    const text = rename('good', 'muons');
    expect(text).toContain('  muons: Muon[Muon.pt > least]\n');
    expect(text).toContain('"combinations(muons, 2)"');
    expect(text).toContain(`"len(muons) >= 2 and 'good' != stream" # good`);
    expect(text).toContain('"any([good.pt > least for good in Muon])"');
    expect(text).toContain('len(sort(muons, key=lambda good: good.pt))');
    expect(text).toContain('weight: sum(muons.pt)');
    expect(text).toContain('select: muons.eta > 0');
    expect(text).toContain('# the good ones');
  });

  test('takes the slider along', () => {
    expect(rename('least', 'threshold')).toContain('  threshold: { range: [0, 100] }');
    expect(parseDocument(rename('least', 'threshold')).errors).toEqual([]);
  });

  test('leaves the collection that has the same name, before and within the definition', () => {
    const text = rename('Jet', 'hard');
    expect(text).toContain('  hard: Jet[Jet.pt > least]');
    expect(text).toContain('[j for j in hard if j.pt > least]');
  });

  test('reaches uses in what is not finished', () => {
    const text = rename('good', 'muons', TEXT.replace('sum(good.pt)', '"sum(good.pt) + [good."'));
    expect(text).toContain('"sum(muons.pt) + [muons."');
  });

  test.each([
    ['good', 'pair', 'there is a pair already'],
    ['good', '', 'an empty name is not a name'],
    ['good', 'a b', 'a b is not a name'],
    ['good', 'lambda', 'lambda is a word'],
    ['good', 'sqrt', 'sqrt is a word'],
    ['good', 'stream', 'stream has a meaning already, in select two'],
    ['least', 'j', 'j is a variable of a loop that uses least, in select key'],
    ['nothing', 'x', 'there is no definition nothing'],
  ])('of %s to “%s” is refused', (name, to, message) => {
    expect(() => rename(name, to)).toThrow(message);
  });

  test('there and back gives the same text, and the same program on the way', () => {
    const start = editDocument(TEXT, []);
    const names = ['least', 'good', 'Jet', 'pair'];
    const fresh = fc.constantFrom('x1', 'Ωmega', '_', 'pt', 'mass', 'a', 'combination', 'o2');
    fc.assert(
      fc.property(fc.constantFrom(...names), fresh, fc.constantFrom(...names), fresh, (name, to, other, second) => {
        fc.pre(name !== other && to !== second);
        const text = rename(other, second, rename(name, to, start));
        expect(program(text)).toBe(program(start));
        const back = rename(second, other, rename(to, name, text));
        expect(back).toBe(start);
      }),
    );
  });
});

describe('renaming an entry', () => {
  test('of a histogram renames it where it is drawn over another', () => {
    const text = editDocument(TEXT, [{ kind: 'renameHistogram', name: 'm', to: 'mass: new' }]);
    expect(parseDocument(text).document?.histograms).toMatchObject([
      { name: 'mass: new' },
      { name: 'pt', view: { overlay: ['mass: new'] } },
    ]);
    expect(editDocument(text, [{ kind: 'renameHistogram', name: 'mass: new', to: 'm' }])).toBe(editDocument(TEXT, []));
  });

  test('of a cut keeps its place and its comment', () => {
    const text = editDocument(TEXT, [{ kind: 'renameCut', name: 'two', to: '2' }]);
    expect(text).toMatch(/select:\n {2}"?2"?: "len\(good\).*# good\n/);
    expect(parseDocument(text).document?.select[0]?.name).toBe('2');
    expect(() => editDocument(TEXT, [{ kind: 'renameCut', name: 'two', to: 'off' }])).toThrow('there is a off already');
    expect(() => editDocument(TEXT, [{ kind: 'renameCut', name: 'two', to: '' }])).toThrow('a name is needed');
  });
});

describe('what can be renamed', () => {
  const definitions = ['least', 'good', 'Jet', 'pair'];
  const at = (text: string, skip = 0) => nameableAt(TEXT, TEXT.indexOf(text) + skip, definitions);

  test('is the key of an entry, or a definition in an expression', () => {
    expect(at('good: Muon', 1)).toMatchObject({ kind: 'definition', name: 'good' });
    expect(at('two:')).toMatchObject({ kind: 'cut', name: 'two' });
    expect(at('m:\n', 1)).toMatchObject({ kind: 'histogram', name: 'm' });
    expect(at('least: { range', 2)).toMatchObject({ kind: 'definition', name: 'least' });
    const used = at('len(good)', 5);
    expect(used).toMatchObject({ kind: 'definition', name: 'good' });
    expect(TEXT.slice(...used!.span)).toBe('good');
  });

  test('is no field, column, function or variable', () => {
    for (const [text, skip] of [
      ['Muon.pt', 0],
      ['Muon.pt', 5],
      ['len(good)', 1],
      ['good.pt > least for', 1],
      ['weight:', 1],
    ] as const)
      expect(at(text, skip)).toBeUndefined();
  });
});

test('uses are told from variables, fields, strings and names of arguments', () => {
  const spans = (text: string) => usesOf(text, 'x').map(({ span }) => span[0]);
  expect(spans('x + y.x + "x" + x(1)')).toEqual([0, 16]);
  expect(spans('[x for x in x]')).toEqual([12]);
  expect(spans('[y for y in x for x in x if x]')).toEqual([12, 23]);
  expect(spans('f(x=x, key=lambda x: x) + x')).toEqual([4, 26]);
  expect(spans('sum(x.pt for x in a) + x')).toEqual([23]);
});

describe('a tidy text', () => {
  const MESSY = `lumiscope:   1
title:    A   title   # here
define:
    good :   Muon[Muon.pt > 20]    # spaced
    # before pair
    pair:   'combinations(good, 2)'
select: {two: len(good) >= 2}
histograms:
      m:
         axes:
         -   value: good.pt
             bins:   3
             range: [0,   1]
         -   value: good.eta # with a comment
             boolean: true
`;

  test('has the app’s own form, with comments and order', () => {
    expect(tidyDocument(MESSY)).toBe(`lumiscope: 1
title: A   title # here

define:
  good: Muon[Muon.pt > 20] # spaced
  # before pair
  pair: 'combinations(good, 2)'
select: { two: len(good) >= 2 }

histograms:
  m:
    axes:
      - { value: good.pt, bins: 3, range: [0, 1] }
      - value: good.eta # with a comment
        boolean: true
`);
  });

  test('stays as it is, and means the same', () => {
    for (const text of [MESSY, TEXT]) {
      const tidy = tidyDocument(text);
      expect(tidyDocument(tidy)).toBe(tidy);
      expect(parseDocument(tidy)).toEqual(parseDocument(text));
    }
    fc.assert(
      fc.property(arbitraryDocument, (document) => {
        const tidy = tidyDocument(formatDocument(document));
        expect(parseDocument(tidy)).toEqual({ document, errors: [] });
        expect(tidyDocument(tidy)).toBe(tidy);
      }),
    );
  });

  test('of JSON is JSON', () => {
    const text = '{"lumiscope":1,"define":{"x":"1"}}';
    expect(JSON.parse(tidyDocument(text))).toEqual(JSON.parse(text));
  });

  test('of no YAML is refused', () => {
    expect(() => tidyDocument('a: [')).toThrow("can't be edited");
  });
});
