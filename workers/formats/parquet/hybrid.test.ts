import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBitPackedLevels, decodeHybrid, singleRun } from './hybrid.ts';

const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]);

/** A run of one value. */
const rle = (width: number, value: number, count: number) => [
  ...varint(count * 2),
  ...Array.from({ length: (width + 7) >> 3 }, (_, i) => (value >>> (8 * i)) & 255),
];

/** Groups of eight values, the lowest bit first. */
function packed(width: number, values: number[]): number[] {
  const groups = Math.ceil(values.length / 8);
  const bytes = new Array<number>(groups * width).fill(0);
  values.forEach((value, i) => {
    for (let bit = 0; bit < width; bit++) {
      const at = i * width + bit;
      bytes[at >> 3]! |= ((value >>> bit) & 1) << (at & 7);
    }
  });
  return [...varint(groups * 2 + 1), ...bytes];
}

function decode(width: number, bytes: number[], count: number): number[] {
  const out = new Int32Array(count);
  decodeHybrid(Uint8Array.from(bytes), 0, bytes.length, width, count, out);
  const wide = Array.from(out, (value) => value >>> 0);
  if (width <= 8) {
    const narrow = new Uint8Array(count);
    decodeHybrid(Uint8Array.from(bytes), 0, bytes.length, width, count, narrow);
    expect(Array.from(narrow)).toEqual(wide);
  }
  return wide;
}

describe('the hybrid of runs and packed values', () => {
  it('reads the example of the format', () => {
    expect(decode(3, [0b11, 0b10001000, 0b11000110, 0b11111010], 8)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('gives back any runs of any width', () => {
    const runs = fc.integer({ min: 1, max: 32 }).chain((width) => {
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
        const values = runs.flatMap((run) =>
          Array.isArray(run) ? run.flat() : new Array<number>(run.count).fill(run.value),
        );
        const bytes = runs.flatMap((run) =>
          Array.isArray(run) ? packed(width, run.flat()) : rle(width, run.value, run.count),
        );
        const count = Math.max(1, values.length - short);
        expect(decode(width, bytes, count)).toEqual(values.slice(0, count));
      }),
    );
  });

  it('takes values of no width for zeros', () => {
    expect(decode(0, [], 3)).toEqual([0, 0, 0]);
  });

  it.each([
    ['ends before its values', [0b11, 1]],
    ['has an empty run', [0, 1]],
    ['has no end in a length', [255, 255, 255, 255, 255, 255]],
    ['is empty', []],
  ])('is damaged where it %s', (_, bytes) => {
    expect(() => decode(3, bytes, 8)).toThrow();
  });

  it('shows at once that it is one run', () => {
    const one = (bytes: number[], count: number) => singleRun(Uint8Array.from(bytes), 0, bytes.length, 1, count);
    expect([one(rle(1, 1, 100), 100), one(rle(1, 1, 99), 100), one(packed(1, [1, 1]), 2)]).toEqual([
      1,
      undefined,
      undefined,
    ]);
  });
});

it('the deprecated packing of levels begins with the highest bit', () => {
  const out = new Uint8Array(8);
  decodeBitPackedLevels(Uint8Array.of(0b00000101, 0b00111001, 0b01110111), 0, 3, 3, 8, out);
  expect(Array.from(out)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(() => decodeBitPackedLevels(Uint8Array.of(1), 0, 1, 3, 8, out)).toThrow('cut short');
});
