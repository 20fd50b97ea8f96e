import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Scalar, stringify } from 'yaml';
import { locate, parseDocument } from './yaml.ts';

const TEXT = `lumiscope: 1
define:
  good: Muon[Muon.pt > 20]
select:
  two. muons: len(good) >= 2
  off: { cut: 'len(good) < 9', enabled: false }
histograms:
  m.x:
    axes:
      - { value: "a\\u0020+ b", bins: 3, range: [0, 1] }
`;
const textAt = (text: string, keys: (string | number)[], within?: [number, number]) => {
  const place = locate(text, keys, within);
  return place && text.slice(...place.span);
};

test('the value of a definition, a cut and an axis is found by its keys, whatever characters they hold', () => {
  expect(textAt(TEXT, ['define', 'good'])).toBe('Muon[Muon.pt > 20]');
  expect(textAt(TEXT, ['select', 'two. muons'])).toBe('len(good) >= 2');
  expect(textAt(TEXT, ['select', 'off'])).toBe("'len(good) < 9'");
  expect(textAt(TEXT, ['histograms', 'm.x', 'axes', 0, 'value'])).toBe('"a\\u0020+ b"');
  expect(locate(TEXT, ['define', 'good'])).toEqual({ line: 3, col: 9, span: [29, 47] });
});

test('a span within an expression is found in plain text, quotes and escapes', () => {
  expect(textAt(TEXT, ['define', 'good'], [5, 12])).toBe('Muon.pt');
  expect(textAt(TEXT, ['select', 'off'], [4, 8])).toBe('good');
  expect(textAt(TEXT, ['histograms', 'm.x', 'axes', 0, 'value'], [2, 3])).toBe('+');
  expect(textAt(TEXT, ['histograms', 'm.x', 'axes', 0, 'value'], [1, 5])).toBe('\\u0020+ b');
});

test('a span within a block or a folded scalar is found on its line', () => {
  const text =
    'define:\n  a: >-\n    first\n    second\n  b: |\n\n    one\n      two\n  c: one\n    two\n\n    three\n';
  expect(textAt(text, ['define', 'a'], [6, 12])).toBe('second');
  expect(textAt(text, ['define', 'b'], [7, 10])).toBe('two');
  expect(textAt(text, ['define', 'c'], [4, 7])).toBe('two');
  expect(textAt(text, ['define', 'c'], [8, 13])).toBe('three');
});

test('what is not there is found as far as its keys lead', () => {
  expect(textAt(TEXT, ['histograms', 'm.x', 'weight'])).toBe('m.x');
  expect(textAt(TEXT, ['define', 'bad'])).toBe('define');
  expect(locate('', ['define'])).toEqual({ line: 1, col: 1, span: [0, 0] });
});

const STYLES = [Scalar.PLAIN, Scalar.QUOTE_DOUBLE, Scalar.QUOTE_SINGLE, Scalar.BLOCK_LITERAL, Scalar.BLOCK_FOLDED];
const ESCAPES: Record<string, string> = { '\n': '\\n', '\t': '\\t', '"': '\\"', '\\': '\\\\' };

test('every character of an expression has its place, in every style in which YAML can write it', () => {
  const expression = fc
    .array(fc.constantFrom('ab', 'x', ' ', "'", '"', '\\', '(', ')', '\n', 'μ', '😀', ' + '), {
      minLength: 1,
      maxLength: 40,
    })
    .map((parts) => `v${parts.join('')}v`);
  fc.assert(
    fc.property(expression, fc.constantFrom(...STYLES), fc.constantFrom(0, 20, 40), (written, type, lineWidth) => {
      const scalar = new Scalar(written);
      scalar.type = type as Scalar.Type;
      const text = stringify({ lumiscope: 1, define: { a: scalar } }, { lineWidth });
      // what YAML reads: its writer adds a line break to some folded blocks
      const value = parseDocument(text).document?.define[0].expression ?? '';
      expect(value.trim()).toBe(written);
      for (let i = 0; i < value.length; i++) {
        if (/\s/.test(value[i]) || (value.charCodeAt(i) & 0xfc00) === 0xdc00) continue;
        const length = (value.charCodeAt(i) & 0xfc00) === 0xd800 ? 2 : 1;
        const character = value.slice(i, i + length);
        // The library's writer folds a long line even between the halves of a surrogate pair.
        const there = textAt(text, ['define', 'a'], [i, i + length])?.replace(/^([\ud800-\udbff])\\\n +/, '$1');
        expect([character, ESCAPES[character], "''"]).toContain(there);
      }
    }),
    { numRuns: 300 },
  );
});
