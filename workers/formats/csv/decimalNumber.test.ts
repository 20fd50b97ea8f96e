import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { found, readNumber } from './decimalNumber.ts';

const read = (text: string) => {
  const bytes = new TextEncoder().encode(`,${text},`);
  return readNumber(bytes, 1, bytes.length - 1);
};

describe('numbers from bytes', () => {
  it.each([
    ['0', 0],
    ['-0', -0],
    ['+7', 7],
    ['.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
    ['1E-3', 0.001],
    ['00012', 12],
    ['0.1', 0.1],
    ['9007199254740993', 9007199254740992],
    ['9007199254740993.0000000000000000000000001', 9007199254740994],
    ['2.2250738585072011e-308', 2.225073858507201e-308],
    ['4.9e-324', 5e-324],
    ['1e309', Infinity],
    ['1e-400', 0],
    ['1e22', 1e22],
    ['1e23', 1e23],
    ['123456789012345678901234567890123456789', 1.2345678901234568e38],
    ['0e999999999999', 0],
    ['inf', Infinity],
    ['-Infinity', -Infinity],
  ])('%s is %d', (text, value) => {
    expect(read(text)).toBe(value);
    expect(found.isNumber).toBe(true);
  });

  it.each(['nan', 'NaN', '-nan'])('%s is not a number, said by a number', (text) => {
    expect([read(text), found.isNumber]).toEqual([Number.NaN, true]);
  });

  it.each(['', '-', '.', 'e5', '1e', '1e+', '1.2.3', '1,5', '0x10', '1_000', '12a', 'true', 'infinite', '1 2', '--1'])(
    '"%s" is no number',
    (text) => {
      expect([read(text), found.isNumber]).toEqual([Number.NaN, false]);
    },
  );

  it('tells integers', () => {
    const isInteger = (text: string) => {
      read(text);
      return found.isInteger;
    };
    expect(['12', '-12', '1.', '1e3', 'nan', '-'].map(isInteger)).toEqual([true, true, false, false, false, false]);
  });

  it('rounds as the language does: doubles of any bits, written in full', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        expect(read(String(value))).toBe(Number(String(value)));
      }),
      { numRuns: 20_000 },
    );
  });

  it('rounds as the language does: digits at random, ties and near ties', () => {
    const digits = fc.stringMatching(/^[0-9]{1,34}$/);
    const near = fc
      .double({ noNaN: true, noDefaultInfinity: true, min: 1e-200, max: 1e200 })
      .chain((value) =>
        fc.constantFrom(...['49999', '5', '50001', '4999999999999', '5000000000001'].map((tail) => tied(value, tail))),
      );
    const made = fc.tuple(digits, digits, fc.integer({ min: -300, max: 300 })).map(([a, b, e]) => `${a}.${b}e${e}`);
    fc.assert(
      fc.property(fc.oneof(made, near), (text) => {
        expect(read(text)).toBe(Number(text));
      }),
      { numRuns: 50_000 },
    );
  });
});

/** A number near the middle of two doubles: their exact middle up to 19 digits, and something after. */
function tied(value: number, tail: string): string {
  const [mantissa, exponent] = value.toExponential(16).split('e') as [string, string];
  return `${mantissa}${tail}e${exponent}`;
}
