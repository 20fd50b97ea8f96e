import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LumiscopeError } from '../errors.ts';
import { parseExpression } from './parse.ts';
import { errorOf } from './testing/check.ts';

/** The value of a literal. */
function literal(text: string): unknown {
  const ast = parseExpression(text);
  if (ast.kind !== 'number' && ast.kind !== 'string') throw new TypeError(`${text} is a ${ast.kind}`);
  return ast.value;
}

describe('numbers', () => {
  it.each<[string, number | bigint]>([
    ['42', 42n],
    ['0', 0n],
    ['00', 0n],
    ['1_000_000', 1_000_000n],
    ['0x1F', 31n],
    ['0XfF', 255n],
    ['0o17', 15n],
    ['0b101', 5n],
    ['18446744073709551615', 2n ** 64n - 1n],
    ['9007199254740993', 9007199254740993n],
    ['2.5', 2.5],
    ['2.', 2],
    ['.5', 0.5],
    ['2.e3', 2000],
    ['1e-3', 0.001],
    ['1E3', 1000],
    ['1_0.5', 10.5],
    ['1e400', Number.POSITIVE_INFINITY],
  ])('%s', (text, value) => {
    expect(literal(text)).toBe(value);
  });

  it('a point at the end is the number’s, also before an operator or a bracket', () => {
    expect(literal('(2.)')).toBe(2);
    expect(parseExpression('2.+3.')).toMatchObject({ left: { value: 2 }, right: { value: 3 } });
    expect(parseExpression('a.b')).toMatchObject({ kind: 'member' });
  });
});

describe('strings', () => {
  it.each([
    [`'a'`, 'a'],
    [`"it's"`, "it's"],
    [String.raw`'it\'s'`, "it's"],
    [String.raw`'\n\t\\\a\b\f\v\r'`, '\n\t\\\x07\b\f\v\r'],
    [String.raw`'\x41\u00e9\U0001F600'`, 'Aé😀'],
    [String.raw`'\101\0'`, 'A\0'],
    [String.raw`'\q'`, '\\q'],
    [String.raw`r'\n'`, '\\n'],
    [`u'a'`, 'a'],
    [`'a' "b"`, 'ab'],
    [`'''a\nb'''`, 'a\nb'],
    [`'''it's'''`, "it's"],
    [`'a # b'`, 'a # b'],
    [`"('"`, "('"],
    [`''`, ''],
  ])('%s', (text, value) => {
    expect(literal(text)).toBe(value);
  });
});

describe('line breaks and comments mean nothing', () => {
  it.each(['a +\n b', 'a # first\n+ b # second', '\n\ta\r\n+ b\n', 'a \\\n + b', '(a\n+ b)'])('%j', (text) => {
    const ast = parseExpression(text);
    const spans = JSON.stringify([ast]).replace(/"(span|parenthesized)":(\[\d+,\d+\]|true),?/g, '');
    expect(spans).toContain('"op":"+"');
    expect(ast).toMatchObject({ left: { name: 'a' }, right: { name: 'b' } });
  });

  it('spans are those of the text as it was', () => {
    expect(errorOf('x + # good\n  nothing')).toMatchObject({ at: 'nothing' });
  });
});

describe('what is no expression is an error at its place', () => {
  it.each<[string, string, string, string?]>([
    ['', 'the expression is empty', ''],
    ['  ', 'the expression is empty', '  '],
    ['# only', 'the expression is empty', '# only'],
    ['x +', 'the expression ends too early', '+'],
    ['(x', '`(` is never closed', '('],
    ['len(Muon[0)', '`)` where `]` is expected', ')'],
    ['x)', '`)` closes nothing', ')'],
    ['f("a)', 'the string is never closed', '"a)'],
    ["'abc", 'the string is never closed', "'abc"],
    ['x y', 'unexpected `y`', 'y'],
    ['x\ny', 'unexpected `y`', 'y'],
    ['x && y', 'unexpected `&`', '&', 'write `and`, or `&` between parentheses'],
    ['x || y', 'unexpected `|`', '|', 'write `or`, or `|` between parentheses'],
    ['!x', 'unexpected `!`', '!', 'write `not`'],
    ['x ? 1 : 2', 'unexpected `?`', '?', 'write `a if condition else b`'],
    ['x === 1', 'unexpected `=`', '=', 'write `==`'],
    ['x <> 1', '`<>` is written `!=`', '<>'],
    ['x @ y', 'unexpected `@`', '@'],
    ['x = 3', 'an expression has no assignment', '=', 'compare with ==; give a name under define:'],
    ['x; x', 'this is not one expression', 'x; x'],
    ['import x', 'this is not one expression', 'import x'],
    ['j.pt for j in Jet', 'unexpected `for`', 'for', 'put a comprehension into square brackets: [… for x in …]'],
    ['{1: 2}', 'dictionaries are not part of the language', '{1: 2}'],
    ['{1, 2}', 'sets are not part of the language', '{1, 2}'],
    ['f"{x}"', 'formatted strings are not part of the language', 'f"{x}"'],
    ['b"x"', 'strings with the prefix b are not part of the language', 'b"x"'],
    ['(y := 3)', '`:=` is not part of the language', 'y := 3'],
    ['...', '`...` is not part of the language', '...'],
    ['len(*Muon)', 'unpacking with * is not part of the language', '*'],
    ['Muon[::2]', 'a slice has no step in this language', ':'],
    [
      'Muon[0, 1]',
      'an index is one value: several are not part of the language',
      ',',
      'index one after the other, as in a[i][j]',
    ],
    ['[j for j, k in Jet]', '`for` takes one name in this language', 'j', 'use the fields .a and .b of a pair'],
    ['sum(j for j in Jet, 1)', 'a generator must be the only argument', ',', 'put it into square brackets'],
    ['min(key=1, 2)', 'a positional argument after a named one', '2'],
    ['sort(Muon, key=1, key=2)', 'the argument `key` is there twice', 'key'],
    ['0777', 'a number has no leading zeros', '0777'],
    ['2j', 'complex numbers are not part of the language', '2j'],
    ['18446744073709551616', 'an integer has at most 64 bits', '18446744073709551616', 'write it with a decimal point'],
    [String.raw`'\xz'`, '`\\x` is no character: a code of hexadecimal digits is expected', String.raw`'\xz'`],
  ])('%j: %s', (text, message, at, hint) => {
    expect(errorOf(text)).toEqual({ message, at, ...(hint !== undefined && { hint }) });
  });

  it.each([
    ['parentheses', `${'('.repeat(5000)}1${')'.repeat(5000)}`],
    ['lists', '['.repeat(9000)],
    ['calls', `${'len('.repeat(1000)}x${')'.repeat(1000)}`],
    ['indices', `x${'[0]'.repeat(5000)}`],
    ['fields', `x${'.x'.repeat(9000)}`],
    ['signs', `${'-'.repeat(19_000)}x`],
    ['negations', `${'not '.repeat(4000)}True`],
    ['powers', `2${'**2'.repeat(6000)}`],
    ['conditions', `1${' if x > 0 else 1'.repeat(1200)}`],
    ['sums', `x${' + x'.repeat(4000)}`],
    ['loops', `[1${' for m in Muon'.repeat(1300)}]`],
    ['lambdas', `${'lambda x: '.repeat(1900)}1`],
    ['a long text', `x${' '.repeat(20_000)}`],
  ])('too many %s are an error, not a crash', (_, text) => {
    expect(() => errorOf(text)).not.toThrow();
  });

  it('whatever the text, nothing but an expression’s error with a place inside comes out', () => {
    const words = fc.constantFrom(
      ...'Muon pt . ( ) [ ] { } , : = == < not in is and or if else for lambda x j "a" \' " 1 2.5 0x + - ** * // % & | ^ ~ << len sum min key \\ \n # @ ! $ λ 😀 __proto__ constructor'.split(
        ' ',
      ),
      ' ',
      '\n',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.array(words, { maxLength: 25 }).map((parts) => parts.join(' ')),
      fc.array(words, { maxLength: 25 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (source) => {
        try {
          errorOf(source);
        } catch (error) {
          // Some garbage is an expression.
          if (!(error instanceof TypeError && error.message.endsWith('is no error'))) throw error;
        }
        try {
          parseExpression(source);
        } catch (error) {
          const [from, to] = (error as LumiscopeError).place.span as [number, number];
          return error instanceof LumiscopeError && 0 <= from && from <= to && to <= source.length;
        }
        return true;
      }),
      { numRuns: 3000 },
    );
  });
});
