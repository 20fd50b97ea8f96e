import fc from 'fast-check';
import { expect, it } from 'vitest';
import { StringTable } from './strings.ts';

const encoder = new TextEncoder();

it('any strings come back by their codes, each kept once', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 6 }), { maxLength: 300 }), (strings) => {
      const table = new StringTable();
      const codes = strings.map((text) => table.code(encoder.encode(text), 0, encoder.encode(text).length));
      expect(codes.map((code) => table.strings[code])).toEqual(strings);
      expect(new Set(table.strings).size).toBe(table.strings.length);
    }),
  );
});

it('bytes that are no UTF-8 and read the same are one string', () => {
  const table = new StringTable();
  expect(table.code(Uint8Array.of(0xff), 0, 1)).toBe(table.code(Uint8Array.of(0xfe), 0, 1));
});
