import { describe, expect, test } from 'vitest';
import { EVENT } from '../expr/testing/check.ts';
import { completeDocument, explainDocument } from './assist.ts';
import { cursorAt } from './cursor.ts';
import { keyWords } from './keyWords.ts';
import { knownKeys, knownValues } from './schema.ts';
import { parseDocument } from './yaml.ts';

const TEXT = `lumiscope: 1
title: dimuons # of good muons
define:
  least: 20
  good: Muon[Muon.pt > least]
  pair: combinations(good, 2)
select:
  two: "len(good) >= 2"
histograms:
  m:
    axes:
      - { value: (pair.a + pair.b).mass, bins: 3, range: [0, 1] }
  pt: { axes: [{ value: good.pt, boolean: true }], view: { overlay: [m], log: true } }
sliders:
  least: { range: [0, 100] }
`;
const known = { schema: EVENT, document: parseDocument(TEXT).document };

/** Labels that are offered where `|` stands once `from` is `to`. */
function offered(from: string, to: string): string[] | undefined {
  expect(TEXT).toContain(from);
  const text = TEXT.replace(from, to);
  const offset = text.indexOf('|');
  return completeDocument(text.replace('|', ''), offset, known)?.options.map(({ label }) => label);
}

describe('completion in a document', () => {
  test('offers keys that are not there yet', () => {
    expect(offered('define:', '|\ndefine:')).toEqual([
      'description',
      'datasets',
      'explanation',
      'publication',
      'lumis',
      'weight',
      'defaults',
    ]);
    expect(offered('  m:\n', '  m:\n    |\n')).toContain('storage');
    expect(offered('bins: 3, ', 'bins: 3, |, ')).toEqual(['scale', 'edges', 'categories', 'boolean', 'label', 'unit']);
    expect(offered('  m:\n', '  h:\n    axes:\n      - |\n  m:\n')).toContain('value');
    expect(offered('log: true', 'log: true, |')).toContain('ratio');
    expect(offered('range: [0, 100]', '|')).toEqual(['range', 'step', 'label', 'unit']);
  });

  test('writes the colon of a key where there is none, and says what the key means', () => {
    const at = (text: string) => completeDocument(text.replace('|', ''), text.indexOf('|'), known)?.options[0];
    expect(at(`${TEXT}desc|`)).toEqual({
      label: 'description',
      kind: 'key',
      doc: 'a few sentences for the reader, shown above the plots',
      apply: 'description: ',
    });
    expect(at('lumiscope: 1\nti|: x\n')?.apply).toBeUndefined();
  });

  test('offers the few words that a value may be', () => {
    expect(offered('range: [0, 1] }', 'range: [0, 1], scale: l| }')).toEqual(['linear', 'log', 'sqrt']);
    expect(offered('  m:\n', '  m:\n    storage: |\n')).toEqual(['count', 'weighted', 'mean']);
    expect(offered('log: true', 'ratio: |')).toEqual(['ratio', 'efficiency']);
    expect(offered('log: true', 'log: |')).toEqual(['true', 'false']);
    expect(offered('log: true', 'overlay: [|]')).toEqual(['m']);
    expect(offered('  m:\n', '  m:\n    fits: [{ peak: | }]\n')).toEqual(['gaussian', 'crystal-ball']);
  });

  test('offers columns to stand in for, and definitions to move', () => {
    expect(offered('define:', 'defaults:\n  |\ndefine:')).toContain('HLT_IsoMu24');
    expect(offered('sliders:\n', 'sliders:\n  x|\n')).toContain('good');
  });

  test('completes expressions wherever the document has them', () => {
    for (const [from, to] of [
      ['least]\n', 'least]\n  x: good.|\n'],
      ['two: "len(good) >= 2"', 'two: any(good.|)'],
      ['"len(good) >= 2"', '"any(good.|) and \'x\' == \\"y\\""'],
      ['"len(good) >= 2"', '{ cut: any(good.|), enabled: false }'],
      ['(pair.a + pair.b).mass', 'pair.a.|'],
      ['(pair.a + pair.b).mass', '(pair.a + pair.b).|'],
      ['select:\n', 'weight: good[0].|\nselect:\n'],
    ] as const) {
      expect(offered(from, to), to).toContain('pt');
    }
    const block = TEXT.replace('"len(good) >= 2"', '>-\n    len(good) >= 2 and\n    any(good.)');
    expect(completeDocument(block, block.indexOf('any(good.') + 9, known)?.options.map((o) => o.label)).toContain('pt');
  });

  test('lets a definition see those before it only', () => {
    expect(offered('Muon[Muon.pt > least]', 'Muon[Muon.pt > |]')).toContain('least');
    expect(offered('Muon[Muon.pt > least]', 'Muon[Muon.pt > |]')).not.toContain('pair');
  });

  test('offers nothing in comments and in text for people', () => {
    expect(offered('# of good', '# of go|')).toBeUndefined();
    expect(offered('dimuons', 'di|')).toBeUndefined();
  });

  test('knows the language where there are no data yet', () => {
    const text = 'lumiscope: 1\nweight: sq\n';
    const found = completeDocument(text, text.length - 1, {});
    expect(found?.options.map(({ label }) => label)).toContain('sqrt');
  });
});

describe('an explanation in a document', () => {
  const explained = (at: string, skip = 0) => explainDocument(TEXT, TEXT.indexOf(at) + skip, known);

  test('has the place in the text, through quotes', () => {
    const found = explained('good) >= 2', 1);
    expect(found).toMatchObject({ title: 'good', type: 'the collection good', expression: 'Muon[Muon.pt > least]' });
    expect(TEXT.slice(...(found?.span ?? [0, 0]))).toBe('good');
    expect(found?.free).toBe(true);
  });

  test('of a definition’s name says what it is', () => {
    expect(explained('pair: comb', 1)).toMatchObject({ title: 'pair', type: 'the collection pair', free: true });
  });

  test('of a key says what it means', () => {
    expect(explained('bins: 3', 1)).toMatchObject({
      title: 'bins',
      doc: 'how many bins, all of one width; goes with range',
    });
    expect(explained('select:', 3)?.doc).toContain('the cuts');
    expect(explained('two:', 1)).toBeUndefined();
  });

  test('can’t be asked for its value where the same name means something else later', () => {
    const text = TEXT.replace('pair: combinations(good, 2)', 'Jet: Jet[Jet.pt > least]\n  pair: combinations(good, 2)');
    const at = (part: string, skip: number) =>
      explainDocument(text, text.indexOf(part) + skip, { ...known, document: parseDocument(text).document })?.free;
    expect(at('Jet.pt', 4)).toBe(false);
    expect(at('Muon.pt', 5)).toBe(true);
  });

  test('of a definition doesn’t see later ones', () => {
    expect(explained('least]', 1)).toMatchObject({ type: 'an integer', expression: '20' });
  });
});

test('every key of a document has words, and nothing else has', () => {
  const places = [
    [],
    ['publication'],
    ['datasets', 0],
    ['datasets', 0, 'source'],
    ['datasets', 0, 'files', 0],
    ['select', 'x'],
    ['histograms', 'x'],
    ['histograms', 'x', 'axes', 0],
    ['histograms', 'x', 'fits', 0],
    ['histograms', 'x', 'view'],
    ['sliders', 'x'],
  ];
  for (const place of places) {
    expect(knownKeys(place).length).toBeGreaterThan(1);
    for (const key of knownKeys(place)) expect(keyWords([...place, key]), [...place, key].join('.')).toBeTruthy();
    expect(keyWords([...place, 'constructor'])).toBeUndefined();
  }
  expect(knownKeys(['define'])).toEqual([]);
  expect(knownValues(['histograms', 'x', 'axes', 0, 'scale'])).toEqual(['linear', 'log', 'sqrt']);
});

test('a cursor is found where YAML has nothing yet', () => {
  const at = (text: string) => cursorAt(text.replace('|', ''), text.indexOf('|'));
  expect(at('a: 1\n|')).toMatchObject({ kind: 'key', keys: [], siblings: ['a'] });
  expect(at('a:\n  b: |\n')).toMatchObject({ kind: 'value', keys: ['a', 'b'], before: '' });
  expect(at('a: [x, { y: "p|q" }]')).toMatchObject({ keys: ['a', 1, 'y'], before: 'p', after: 'q' });
});
