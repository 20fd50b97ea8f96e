import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryDocument } from './arbitraryDocument.ts';
import { formatDocument, parseDocument } from './yaml.ts';

/** A document with one axis and one more line somewhere. */
const withAxis = (axis: string) => `lumiscope: 1\nhistograms:\n  m:\n    axes:\n      - ${axis}\n`;
const complaints = (text: string) =>
  parseDocument(text).errors.map((e) => `${e.place.line}:${e.place.col} ${e.message}`);

describe('reading', () => {
  test('definitions, cuts and histograms keep their order, whatever their names', () => {
    const { document } = parseDocument('lumiscope: 1\nselect: { b: x, 10: y, 2: z, a: w }\n');
    expect(document?.select.map((cut) => cut.name)).toEqual(['b', '10', '2', 'a']);
    const json = parseDocument('{"lumiscope": 1,\n\t"select": {"b": "x", "10": "y", "2": "z"}}');
    expect(json.document?.select.map((cut) => cut.name)).toEqual(['b', '10', '2']);
  });

  test('numbers and booleans where an expression or words stand are the text that was written', () => {
    const text = 'lumiscope: 1\ntitle: 2012\ndefine: { big: 12345678901234567890, yes: true }\nweight: 1.50\n';
    expect(parseDocument(text).document).toMatchObject({
      title: '2012',
      define: [
        { name: 'big', expression: '12345678901234567890' },
        { name: 'yes', expression: 'True' },
      ],
      weight: '1.50',
    });
  });

  test('a disabled cut stays, and empty sections are none', () => {
    const { document, errors } = parseDocument(
      'lumiscope: 1\ndefine:\n  # nothing yet\nselect:\n  a: { cut: x > 1, enabled: false }\n',
    );
    expect(errors).toEqual([]);
    expect(document).toEqual({
      lumiscope: 1,
      datasets: [],
      define: [],
      select: [{ name: 'a', expression: 'x > 1', enabled: false }],
      histograms: [],
      defaults: {},
    });
  });

  test.each(readdirSync('public/examples').filter((file) => file.endsWith('.yaml')))(
    'the example %s is right',
    (file) => {
      expect(parseDocument(readFileSync(`public/examples/${file}`, 'utf8')).errors).toEqual([]);
    },
  );
});

describe('complaints', () => {
  test.each([
    ['', '1:1 the document is empty'],
    ['- a', '1:1 the document must be a mapping'],
    ['title: x', '1:1 lumiscope is missing: the document starts with lumiscope: 1'],
    ['lumiscope: 2', '1:12 lumiscope must be 1: this app reads version 1'],
    ['lumiscope: 1\ntitel: x', '2:1 unknown key titel'],
    ['lumiscope: 1\ntitle: a\ntitle: b', '3:1 title is there twice'],
    ['lumiscope: 1\nselect:\n  a: x\n  a: y', '4:3 a is there twice'],
    ['lumiscope: 1\nselect:\n  - a: x', '3:3 select must be a mapping'],
    ['lumiscope: 1\nselect:\n  a: { cut: x, enabled: 3 }', '3:25 enabled must be true or false'],
    ['lumiscope: 1\ndefine:\n  a b: x', '3:3 a b is not a name that an expression can use: take letters, digits and _'],
    ['lumiscope: 1\ndefine:\n  lambda: x', '3:3 lambda is a word of the expression language: take another name'],
    ['lumiscope: 1\ndefine:\n  max: x', '3:3 max is a word of the expression language: take another name'],
    ['lumiscope: 1\ndefine:\n  a:', '3:5 a must be text'],
    ['lumiscope: 1\nweight: " "', '2:9 weight must be an expression, but is empty'],
    ['lumiscope: 1\nlumis: x', '2:8 lumis must be a mapping'],
    ['lumiscope: 1\nlumis: {}', '2:8 lumis must have a run: leave it out to take every event'],
    ['lumiscope: 1\nlumis: { a: [[1, 2]] }', '2:10 a is not a run number'],
    [
      'lumiscope: 1\nlumis: { 1: [[3, 2]] }',
      '2:14 range of run 1, 1 must go from the first to the last luminosity block',
    ],
    ['lumiscope: 1\nsliders: { cut: { range: [0, 1] } }', '2:12 cut is not the name of a definition'],
    [
      'lumiscope: 1\ndefine:\n  cut: 2 * 3\nsliders: { cut: { range: [0, 1] } }',
      '4:12 cut is a slider, so its definition must be a plain number',
    ],
    ['lumiscope: 1\npublication: { year: 2012 }', '2:16 unknown key year'],
    ['lumiscope: 1\ndatasets: [{ name: a }]', '2:14 files is missing'],
    ['lumiscope: 1\ndatasets: [{ name: a, files: [3] }]', '2:31 file 1 must be text'],
    [
      'lumiscope: 1\ndatasets: [{ name: a, files: [{ local: a, size: 1, sha256: xyz }] }]',
      '2:60 sha256 must be a SHA-256 in hexadecimal',
    ],
    [
      'lumiscope: 1\ndatasets: [{ name: a, files: [] }, { name: a, files: [] }]',
      '2:44 name is the name of two data sets',
    ],
    ['lumiscope: 1\ndefaults: { x: [1] }', '2:16 x must be a number, true, false or text'],
    ['lumiscope: 1\ntitle: &a x', '2:11 anchors (&name) are not supported'],
    ['&a\nlumiscope: 1', '2:1 anchors (&name) are not supported'],
    ['lumiscope: 1\ntitle: *a', '2:8 aliases (*name) are not supported'],
    ['lumiscope: 1\ntitle: !!binary eA==', '2:17 tags (tag:yaml.org,2002:binary) are not supported'],
  ])('%j: %s', (text, complaint) => expect(complaints(text)).toEqual([complaint]));

  test.each([
    ['{ bins: 3, range: [0, 1] }', '5:11 value is missing'],
    ['{ value: x }', '5:9 axis 1 must have exactly one of bins with range, edges, categories, boolean: true'],
    ['{ value: x, bins: 3 }', '5:9 axis 1 has bins but no range: add range: [low, high]'],
    [
      '{ value: x, bins: 3, range: [0, 1], boolean: true }',
      '5:9 axis 1 must have exactly one of bins with range, edges, categories, boolean: true, but has several',
    ],
    ['{ value: x, bins: 0, range: [0, 1] }', '5:27 bins must be at least 1'],
    ['{ value: x, bins: 2.5, range: [0, 1] }', '5:27 bins must be a whole number'],
    ['{ value: x, bins: 2000000, range: [0, 1] }', '5:27 bins must be at most 1000000'],
    ['{ value: x, bins: 3, range: [1, 1] }', '5:37 range must go from a lower to a higher number'],
    ['{ value: x, bins: 3, range: [0, .inf] }', '5:41 range 2 must be a finite number'],
    ['{ value: x, bins: 3, range: [0, 1], scale: log }', '5:37 range must start above 0 on a log scale'],
    ['{ value: x, bins: 3, range: [-1, 1], scale: sqrt }', '5:37 range must not start below 0 on a sqrt scale'],
    ['{ value: x, bins: 3, range: [1, 2], scale: lin }', '5:52 scale must be linear, log or sqrt'],
    ['{ value: x, edges: [1, 2, 2] }', '5:35 edge 3 must be greater than the edge before it'],
    ['{ value: x, edges: [1] }', '5:28 edges must have at least two numbers'],
    ['{ value: x, categories: [1, a] }', '5:33 categories must be all whole numbers or all text'],
    ['{ value: x, categories: [1, 1] }', '5:33 categories must differ from one another'],
    ['{ value: x, boolean: false }', '5:30 boolean must be true'],
    ['{ value: x, boolean: true, lable: y }', '5:36 unknown key lable'],
  ])('axis %s: %s', (axis, complaint) => expect(complaints(withAxis(axis))).toEqual([complaint]));

  test.each([
    ['storage: mean', '6:14 storage is mean, so the histogram needs a sample'],
    ['sample: y', '6:13 sample goes with storage: mean only'],
    ['fits: [{ range: [0, 1] }]', '6:12 fit 1 must have a peak, a background or both'],
    ['fits: [{ background: 7 }]', '6:26 background must be from 0 to 5'],
    ['view: { logy: true }', '6:13 unknown key logy'],
  ])('histogram with %s: %s', (line, complaint) =>
    expect(complaints(`${withAxis('{ value: x, boolean: true }')}    ${line}\n`)).toEqual([complaint]),
  );

  test('each comes with its keys, its span and a suggestion, and all are given at once', () => {
    const text = withAxis('{ value: x, bins: 0, range: [0, 1], lable: y }').replace('lumiscope', 'lumiscop');
    const { errors, document } = parseDocument(text);
    expect(document).toBeUndefined();
    expect(errors.map((e) => [text.slice(...(e.place.span ?? [0, 0])), e.place.keys, e.hint])).toEqual([
      ['lumiscop', ['lumiscope'], undefined],
      ['lumiscop', ['lumiscop'], 'did you mean `lumiscope`?'],
      ['0', ['histograms', 'm', 'axes', 0, 'bins'], undefined],
      ['lable', ['histograms', 'm', 'axes', 0, 'lable'], 'did you mean `label`?'],
    ]);
  });

  test.each([
    ['define:\n  a: b\n  c\n', '4:3 a line without a colon'],
    ['define:\n  a: [j for j in Jet]\n', '3:6 a value must not start with ['],
    ['define:\n  a: lambda t: t\n', '3:6 a colon where a value stands'],
    ['define:\n  a:b\n', '3:3 define must be a mapping'],
    ['define:\n\ta: b\n', '3:1 a tab where the indentation stands'],
    ['define:\n  a: b\n c: d\n', '4:1 this line is indented by another depth than those it belongs with'],
    ['histograms:\n  a: [\n', '4:1 a [ is not closed'],
    ['histograms:\n  m:\n    axes: [{ value: a[0], bins: 1, range: [0, 1] }]', '4:22 a bracket after a value'],
    ['select:\n  a: !(x)\n', '3:6 a value must not start with !'],
    ['select:\n  a: > 3\n', '3:8 text after > or |, which start a text of several lines'],
  ])('syntax %j: %s, with a hint', (text, complaint) => {
    expect(complaints(`lumiscope: 1\n${text}`)).toEqual([complaint]);
    expect(parseDocument(`lumiscope: 1\n${text}`).errors[0]?.hint).toBeTruthy();
  });

  test('wrong syntax is shown at its line', () => {
    const [error] = parseDocument('lumiscope: 1\ndefine:\n  a: [1, 2\nselect:\n  b: x: y\n').errors;
    expect(error.tag).toBe('document');
    expect(error.place.line).toBeGreaterThan(1);
  });
});

describe('hostile texts', () => {
  test.each([
    ['brackets', '['.repeat(900_000)],
    ['dashes', '- '.repeat(400_000)],
    ['keys on one line', 'a: '.repeat(300_000)],
    ['a staircase', Array.from({ length: 1200 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['many keys', Array.from({ length: 60_000 }, (_, i) => `k${i}: x`).join('\n')],
    ['many anchors', Array.from({ length: 40_000 }, (_, i) => `- &a${i} x`).join('\n')],
    ['a lot of text', 'x'.repeat(1_000_001)],
    [
      'an alias bomb',
      `a: &a [x,x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*${i ? `b${i - 1}` : 'a'},*${i ? `b${i - 1}` : 'a'}]`).join('\n')}`,
    ],
    ['too many cuts', `lumiscope: 1\nselect:\n${Array.from({ length: 1001 }, (_, i) => `  c${i}: x`).join('\n')}`],
  ])('%s are refused within seconds', (_, text) => {
    const start = performance.now();
    expect(parseDocument(text).errors.length).toBeGreaterThan(0);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test('no text makes the reader throw', () => {
    const part = fc.constantFrom(
      'lumiscope: 1\n',
      'define:',
      'select',
      ': ',
      '- ',
      '\n',
      '  ',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '#',
      '&a ',
      '*a',
      '|',
      '>',
      '!!str ',
      '? ',
      ',',
      'x',
      '%',
      '---',
      '\t',
      '__proto__',
      '\u0000',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => void parseDocument(parts.join(''))),
      { numRuns: 1000 },
    );
  });

  test('__proto__ is a key like any other', () => {
    expect(complaints('lumiscope: 1\n__proto__: { title: x }')).toEqual(['2:1 unknown key __proto__']);
    expect(complaints('lumiscope: 1\ndefaults: { __proto__: 3 }')).toEqual([
      '2:13 __proto__ is not the name of a column',
    ]);
  });
});

test('a document written as YAML is read as the same document', () => {
  fc.assert(
    fc.property(arbitraryDocument, (document) => {
      expect(parseDocument(formatDocument(document))).toEqual({ document, errors: [] });
    }),
  );
});

describe('a text that is nested more deeply than any document', () => {
  const stairs = (line: string, from = 0) =>
    Array.from({ length: 1300 }, (_, depth) => ' '.repeat(depth + from) + line).join('\n');
  test.each([
    ['in mappings', stairs('a:')],
    ['in lists', `a:\n${stairs('-')}`],
    ['in keys', stairs('? ')],
    ['in lists of one line', `a:\n  ${'- '.repeat(1300)}x`],
    ['in brackets', `a: ${'['.repeat(1300)}`],
  ])('%s is refused before it is parsed', (_, text) => {
    expect(parseDocument(text).errors).toMatchObject([{ tag: 'limit', message: 'the document is nested too deeply' }]);
  });

  test('is not one with many keys on one line of JSON', () => {
    const select = Object.fromEntries(Array.from({ length: 900 }, (_, k) => [`c${k}`, 'x > 1']));
    const text = JSON.stringify({ lumiscope: 1, select }).replaceAll('":', '": ');
    expect(parseDocument(text).errors).toEqual([]);
  });

  test('is not one with many lines of growing indentation here and there', () => {
    const text =
      'lumiscope: 1\nselect:\n' + Array.from({ length: 400 }, (_, k) => `  c${k}:\n      x >\n       ${k}`).join('\n');
    expect(parseDocument(text).errors).toEqual([]);
  });
});
