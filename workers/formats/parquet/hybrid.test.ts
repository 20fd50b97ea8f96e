import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBitPackedLevels, decodeHybrid } from './hybrid.ts';
import { encodeRuns } from './testEncoders.ts';

function decode(width: number, bytes: Uint8Array, count: number): number[] {
  const out = new Uint8Array(count);
  decodeHybrid(bytes, 0, bytes.length, width, count, out);
  return Array.from(out);
}

describe('the hybrid of runs and packed values', () => {
  it('reads the example of the format', () => {
    expect(decode(3, Uint8Array.of(0b11, 0b10001000, 0b11000110, 0b11111010), 8)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('gives back any runs of any width', () => {
    const runs = fc.integer({ min: 1, max: 8 }).chain((width) => {
      const value = fc.integer({ min: 0, max: 2 ** width - 1 });
      const run = fc.record({ value, count: fc.integer({ min: 1, max: 300 }) });
      const literals = fc.array(fc.array(value, { minLength: 8, maxLength: 8 }), { minLength: 1, maxLength: 9 });
      return fc.record({
        width: fc.constant(width),
        runs: fc.array(fc.oneof(run, literals), { minLength: 1, maxLength: 8 }),
      });
    });
    fc.assert(
      fc.property(runs, fc.nat(7), ({ width, runs }, short) => {
        const { bytes, values } = encodeRuns(width, runs);
        const count = Math.max(1, values.length - short);
        expect(decode(width, bytes, count)).toEqual(values.slice(0, count));
      }),
    );
  });

  it.each([
    ['ends before its values', [0b11, 1]],
    ['has an empty run', [0, 1]],
    ['has no end in a length', [255, 255, 255, 255, 255, 255]],
    ['is empty', []],
  ])('is damaged where it %s', (_, bytes) => {
    expect(() => decode(3, Uint8Array.from(bytes), 8)).toThrow();
  });
});

it('the deprecated packing of levels begins with the highest bit', () => {
  const out = new Uint8Array(8);
  decodeBitPackedLevels(Uint8Array.of(0b00000101, 0b00111001, 0b01110111), 0, 3, 3, 8, out);
  expect(Array.from(out)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(() => decodeBitPackedLevels(Uint8Array.of(1), 0, 1, 3, 8, out)).toThrow('cut short');
});
