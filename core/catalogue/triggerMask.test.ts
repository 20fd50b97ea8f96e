import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  HLT_BITS,
  L1_BITS,
  L1_BITS_RUN1,
  parseHltMask,
  parseL1Mask,
  printHltMask,
  printL1Mask,
} from './triggerMask.ts';

const bitsBelow = (width: number) =>
  fc.uniqueArray(fc.nat(width - 1), { maxLength: 40 }).map((bits) => bits.sort((a, b) => a - b));
const l1 = (bits: number) => fc.record({ tbp: bitsBelow(bits), tap: bitsBelow(bits), tav: bitsBelow(bits) });
const hlt = fc.record({ ph: bitsBelow(HLT_BITS), pt: bitsBelow(HLT_BITS), rs: bitsBelow(HLT_BITS) });
const hint = (text: string) => expect.objectContaining({ hint: expect.stringContaining(text) });
const nothing = { tbp: [], tap: [], tav: [] };

describe('a level-1 mask', () => {
  test('ends as a real one does: the same seven bits, 512 bits apart', () => {
    const seven = [179, 186, 188, 191, 196, 276, 282];
    const text = printL1Mask({ tbp: seven, tap: seven, tav: seven });
    expect(text).toMatch(/GY!G!B!C!E!BP!F!Dl$/);
    expect(text).toBe('Cz!G!B!C!E!BP!F!GY!G!B!C!E!BP!F!GY!G!B!C!E!BP!F!Dl');
    expect(parseL1Mask(text)).toEqual({ tbp: seven, tap: seven, tav: seven });
  });

  test('has no number between bits that follow one another, and begins with bit 0', () => {
    expect(printL1Mask({ ...nothing, tbp: [3, 4, 9] })).toBe('D!!E!X2');
    expect(printL1Mask({ ...nothing, tbp: [0, 1] })).toBe('!!X+');
    expect(printL1Mask(nothing)).toBe('YA');
    expect(parseL1Mask('!!').tbp).toEqual([0, 1]);
  });

  test('is read as it was written, in Run 1 too', () => {
    fc.assert(
      fc.property(l1(L1_BITS), (lists) => {
        expect(parseL1Mask(printL1Mask(lists))).toEqual(lists);
      }),
    );
    fc.assert(
      fc.property(l1(L1_BITS_RUN1), (lists) => {
        const text = printL1Mask(lists, L1_BITS_RUN1);
        expect(parseL1Mask(text, L1_BITS_RUN1)).toEqual(lists);
        if (/[^!]$/.test(text)) expect(parseL1Mask(text)).toEqual(lists);
      }),
    );
  });

  test('agrees with a plain list of zeros and ones', () => {
    fc.assert(
      fc.property(l1(L1_BITS), (lists) => {
        const cells = Array.from({ length: 3 * L1_BITS }, () => '0');
        Object.values(lists).forEach((bits, list) => {
          for (const bit of bits) cells[list * L1_BITS + bit] = '1';
        });
        const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
        const text = cells.join('').replace(/0+|1/g, (run) => {
          if (run === '1') return '!';
          const [high, low] = [Math.floor(run.length / 64), run.length % 64];
          return (high ? letters[high]! : '') + letters[low]!;
        });
        expect(printL1Mask(lists)).toBe(text);
      }),
    );
  });

  test('may lack its tail, and hold blanks and line breaks', () => {
    fc.assert(
      fc.property(l1(L1_BITS), fc.infiniteStream(fc.constantFrom('', '', '', ' ', '\n', '\t')), (lists, blanks) => {
        const cut = printL1Mask(lists).replace(/[^!]+$/, '');
        const spaced = [...cut].map((letter) => letter + blanks.next().value).join('');
        expect(parseL1Mask(` ${spaced}\n`)).toEqual(lists);
      }),
    );
    expect(parseL1Mask('')).toEqual(nothing);
  });

  test('with a bad letter is refused, with its place', () => {
    expect(() => parseL1Mask('G!B!C-E!')).toThrow('bad letter: -, at character 6');
    expect(() => parseL1Mask('G!;B!')).toThrow('bad letter: ;, at character 3');
    expect(() => parseL1Mask('Gé')).toThrow(expect.objectContaining({ place: { span: [1, 2] } }));
  });

  test('with too many bits is refused, with the place of the first one', () => {
    expect(() => parseL1Mask('X/!!')).toThrow('too many bits, at character 4');
    expect(parseL1Mask('X/!').tav).toEqual([511]);
    expect(() => parseL1Mask('YB')).toThrow('too many bits');
    expect(() => parseL1Mask('G!zzzzzzzzzzzzzzzzzzzz!')).toThrow('too many bits, at character 3');
    expect(() => parseL1Mask('YA', L1_BITS_RUN1)).toThrow(hint('three lists of 256'));
    expect(() => parseL1Mask('MA!', L1_BITS_RUN1)).toThrow(hint('bit 768'));
  });
});

describe('a mask of the high-level trigger', () => {
  test('is three lists, written and read', () => {
    expect(printHltMask({ ph: [5, 6], pt: [], rs: [4095] })).toBe('F!!/5;BAA;//!');
    fc.assert(
      fc.property(hlt, (lists) => {
        expect(parseHltMask(printHltMask(lists))).toEqual(lists);
      }),
    );
  });

  test('may lack lists and tails', () => {
    const empty = { ph: [], pt: [], rs: [] };
    expect(parseHltMask('')).toEqual(empty);
    expect(parseHltMask('F!')).toEqual({ ...empty, ph: [5] });
    expect(parseHltMask(';;F!')).toEqual({ ...empty, rs: [5] });
    expect(parseHltMask('F!;\n G! ;')).toEqual({ ...empty, ph: [5], pt: [6] });
  });

  test('may be filled with zeros up to 8,192 bits, as reconstruction does', () => {
    expect(parseHltMask('F!B/6;CAA;CAA').ph).toEqual([5]);
    expect(() => parseHltMask('CAB')).toThrow('too many bits');
    expect(() => parseHltMask('BAB')).toThrow('too many bits');
  });

  test('with too many bits, too many lists or a bad letter is refused, with the place', () => {
    expect(() => parseHltMask('F!;BAA!;')).toThrow('too many bits, at character 7');
    expect(() => parseHltMask('A;A;A;A')).toThrow('has 4 lists, at character 6');
    expect(() => parseHltMask('A;A;F!*')).toThrow('bad letter: *, at character 7');
  });
});

test('bits that do not ascend or are too high are not written', () => {
  expect(() => printL1Mask({ ...nothing, tap: [4, 4] })).toThrow('tap');
  expect(() => printL1Mask({ ...nothing, tav: [256] }, L1_BITS_RUN1)).toThrow('256');
  expect(() => printHltMask({ ph: [], pt: [-1], rs: [] })).toThrow('pt');
});
