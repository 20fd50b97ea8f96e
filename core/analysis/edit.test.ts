import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryCut, arbitraryDocument, arbitraryHistogram } from './arbitraryDocument.ts';
import { type DocumentEdit, editDocument, formatDocument, parseDocument } from './yaml.ts';

const TEXT = `# top
lumiscope: 1
title: Old # of the title
datasets:
  - name: data
    files: [a.root] # of the files
define:
  # of good
  good: Muon[Muon.pt > 20] # after good
select:
  # of the cuts
  two: len(good) >= 2 # of two

  # of the second
  off: { cut: "x > 1", enabled: false } # of off
histograms:
  # of m
  m:
    axes:
      # of the axis
      - { value: good.pt, bins: 3, range: [0, 1] } # after the axis
# end
`;
const COMMENTS = TEXT.match(/#.*/g) ?? [];
const edit = (...edits: DocumentEdit[]) => editDocument(TEXT, edits);
const kept = (text: string) => COMMENTS.filter((comment) => text.includes(comment));

const EDITS: DocumentEdit[] = [
  { kind: 'setText', key: 'title', text: 'New: 1' },
  { kind: 'setText', key: 'weight', text: 'genWeight' },
  { kind: 'setDatasetFiles', dataset: 'data', files: ['b.root', { local: 'c', size: 3, sha256: '0'.repeat(64) }] },
  { kind: 'addDefinition', name: 'more', expression: 'good[0]' },
  { kind: 'addCut', name: '3', expression: 'y\n and z' },
  { kind: 'setCut', name: 'two', expression: '1' },
  { kind: 'setCut', name: 'off', expression: 'x > 2' },
  { kind: 'setCutEnabled', name: 'two', enabled: false },
  { kind: 'setCutEnabled', name: 'off', enabled: true },
  { kind: 'moveCut', name: 'off', to: 0 },
  { kind: 'addHistogram', spec: { name: 'h', axes: [{ value: 'Muon[0].pt', edges: [0, 1.5] }] } },
  { kind: 'setHistogram', name: 'm', spec: { name: 'n', title: 'T', axes: [{ value: 'good.eta', boolean: true }] } },
];

/** Edits of the parts that `EDITS` leaves alone. */
const MORE: DocumentEdit[] = [
  { kind: 'setText', key: 'description', text: 'Two\nlines' },
  { kind: 'setText', key: 'explanation', text: './page.md' },
  { kind: 'setPublication', publication: { experiment: 'CMS Open Data', energy: '8 TeV' } },
  { kind: 'setLumis', lumis: [{ run: 7, blocks: [[1, 2]] }] },
  { kind: 'setDefault', column: 'HLT_x', value: true },
  { kind: 'setDataset', name: 'data', dataset: { name: 'other', files: ['a.root'], tree: 'Events', lumis: false } },
  { kind: 'addDataset', dataset: { name: 'second', files: [] } },
  { kind: 'addDefinition', name: 'least', expression: '20' },
  { kind: 'setSlider', slider: { name: 'least', range: [0, 100], step: 5 } },
  { kind: 'renameDefinition', name: 'good', to: 'fine' },
  { kind: 'moveDefinition', name: 'least', to: 0 },
  { kind: 'renameCut', name: 'two', to: 'pair' },
  { kind: 'addHistogram', spec: { name: 'h', axes: [{ value: 'x', boolean: true }] } },
  { kind: 'renameHistogram', name: 'm', to: 'mass' },
  { kind: 'moveHistogram', name: 'h', to: 0 },
];

describe('an edit', () => {
  test('of any part keeps every comment, and can be taken back', () => {
    const text = edit(...MORE);
    expect(kept(text)).toEqual(COMMENTS);
    const { document, errors } = parseDocument(text);
    expect(errors).toEqual([]);
    expect(document).toMatchObject({
      description: 'Two\nlines',
      explanation: './page.md',
      publication: { experiment: 'CMS Open Data', energy: '8 TeV' },
      lumis: [{ run: 7, blocks: [[1, 2]] }],
      defaults: { HLT_x: true },
      datasets: [
        { name: 'other', files: ['a.root'], tree: 'Events', lumis: false },
        { name: 'second', files: [] },
      ],
      define: [{ name: 'least' }, { name: 'fine' }],
      select: [{ name: 'pair', expression: 'len(fine) >= 2' }, { name: 'off' }],
      histograms: [{ name: 'h' }, { name: 'mass', axes: [{ value: 'fine.pt' }] }],
      sliders: [{ name: 'least', range: [0, 100], step: 5 }],
    });
    const back = editDocument(text, [
      { kind: 'setText', key: 'title', text: undefined },
      { kind: 'setPublication', publication: undefined },
      { kind: 'setLumis', lumis: undefined },
      { kind: 'setDefault', column: 'HLT_x', value: undefined },
      { kind: 'setDefault', column: 'HLT_y', value: undefined },
      { kind: 'removeDataset', name: 'second' },
      { kind: 'removeDefinition', name: 'least' },
      { kind: 'setSlider', slider: { name: 'fine', range: [0, 1] } },
      { kind: 'removeSlider', name: 'fine' },
    ]);
    const { title, publication, lumis, defaults, datasets, define, sliders } = parseDocument(back).document ?? {};
    expect({ title, publication, lumis, defaults, sliders }).toEqual({ defaults: {}, sliders: [] });
    expect([datasets?.length, define?.length]).toEqual([1, 1]);
  });

  test.each(EDITS)('$kind keeps every comment', (change) => {
    const text = edit(change);
    expect(kept(text)).toEqual(COMMENTS);
    expect(parseDocument(text).errors).toEqual([]);
  });

  test('does what it says', () => {
    const { document } = parseDocument(edit(...EDITS));
    expect(document).toMatchObject({
      title: 'New: 1',
      weight: 'genWeight',
      datasets: [{ files: ['b.root', { local: 'c' }] }],
      define: [{ name: 'good' }, { name: 'more', expression: 'good[0]' }],
      select: [
        { name: 'off', expression: 'x > 2', enabled: true },
        { name: 'two', expression: '1', enabled: false },
        { name: '3', expression: 'y\n and z', enabled: true },
      ],
      histograms: [{ name: 'n', title: 'T', axes: [{ value: 'good.eta', boolean: true }] }, { name: 'h' }],
    });
  });

  test('that removes an entry takes its own comments along, and no others', () => {
    const text = edit({ kind: 'removeCut', name: 'off' }, { kind: 'removeHistogram', name: 'm' });
    expect(COMMENTS.filter((comment) => !text.includes(comment))).toEqual([
      '# of the second',
      '# of off',
      '# of the axis',
      '# after the axis',
    ]);
    expect(parseDocument(edit({ kind: 'removeDefinition', name: 'good' })).document?.define).toEqual([]);
  });

  test('off and on again leaves the text as it was', () => {
    const off = edit({ kind: 'setCutEnabled', name: 'two', enabled: false });
    expect(editDocument(off, [{ kind: 'setCutEnabled', name: 'two', enabled: true }])).toBe(edit());
  });

  test('that changes the form of a value leaves its comment behind it, once', () => {
    expect(edit({ kind: 'setCutEnabled', name: 'two', enabled: false })).toContain(
      '  two: { cut: len(good) >= 2, enabled: false } # of two\n',
    );
    expect(edit({ kind: 'setCutEnabled', name: 'off', enabled: true })).toContain('  off: "x > 1" # of off\n');
    const wrong = 'lumiscope: 1\ndatasets:\n  - name: a\n    files: a.root # mine\n';
    expect(editDocument(wrong, [{ kind: 'setDatasetFiles', dataset: 'a', files: ['b.root'] }])).toContain(
      '    files: [b.root] # mine\n',
    );
  });

  test('makes the sections that it needs, in their order', () => {
    const text = editDocument('lumiscope: 1\nhistograms:\n', [
      { kind: 'addHistogram', spec: { name: 'h', axes: [{ value: 'x', boolean: true }] } },
      { kind: 'addCut', name: 'c', expression: 'x' },
      { kind: 'setText', key: 'title', text: 'T' },
    ]);
    expect(text).toBe(
      'lumiscope: 1\ntitle: T\nselect:\n  c: x\nhistograms:\n  h:\n    axes:\n      - { value: x, boolean: true }\n',
    );
  });

  test('of JSON gives JSON', () => {
    const text = editDocument('{"lumiscope": 1, "select": {"10": "x", "2": "y > 1"}}', [
      { kind: 'setCutEnabled', name: '2', enabled: false },
      { kind: 'addCut', name: 'long', expression: `${'x + '.repeat(60)}1 > 0` },
    ]);
    expect(JSON.parse(text).select).toMatchObject({ 10: 'x', 2: { cut: 'y > 1', enabled: false } });
    expect(parseDocument(text).document?.select.map((cut) => cut.name)).toEqual(['10', '2', 'long']);
  });

  test('of what is not there, or is there already, is refused', () => {
    expect(() => edit({ kind: 'removeCut', name: 'x' })).toThrow('there is no x in the document');
    expect(() => edit({ kind: 'addCut', name: 'two', expression: 'x' })).toThrow('there is a two already');
    expect(() => edit({ kind: 'setDatasetFiles', dataset: 'x', files: [] })).toThrow('there is no data set named x');
    expect(() => editDocument('a: [', [])).toThrow("the text can't be edited");
  });
});

test('edits of any document change what they name and nothing else', () => {
  fc.assert(
    fc.property(arbitraryDocument, arbitraryCut, arbitraryHistogram, fc.nat(4), (document, cut, spec, to) => {
      fc.pre(
        document.select.every((c) => c.name !== cut.name) && document.histograms.every((h) => h.name !== spec.name),
      );
      const text = editDocument(formatDocument(document), [
        { kind: 'addCut', name: cut.name, expression: cut.expression },
        { kind: 'setCutEnabled', name: cut.name, enabled: cut.enabled },
        { kind: 'moveCut', name: cut.name, to },
        document.histograms.length > 0
          ? { kind: 'setHistogram', name: document.histograms[0].name, spec }
          : { kind: 'addHistogram', spec },
      ]);
      const select = [...document.select];
      select.splice(to, 0, cut);
      const histograms = [spec, ...document.histograms.slice(1)];
      expect(parseDocument(text)).toEqual({ document: { ...document, select, histograms }, errors: [] });
    }),
  );
});
