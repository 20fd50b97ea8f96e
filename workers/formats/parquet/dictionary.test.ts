import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeDictionary } from './dictionary.ts';
import { encodeRuns } from './testEncoders.ts';

const KINDS = [Uint8Array, Int16Array, Float32Array, Float64Array] as const;
const SIZE = 300;

/** A page's indices: their width, then runs. */
const page = fc
  .integer({ min: 1, max: 32 })
  .chain((width) => {
    const value = fc.integer({ min: 0, max: Math.min(SIZE, 2 ** width) - 1 });
    const run = fc.record({ value, count: fc.integer({ min: 1, max: 300 }) });
    const literals = fc.array(fc.array(value, { minLength: 8, maxLength: 8 }), { minLength: 1, maxLength: 9 });
    return fc.tuple(fc.constant(width), fc.array(fc.oneof(run, literals), { minLength: 1, maxLength: 8 }));
  })
  .map(([width, runs]) => {
    const { bytes, values } = encodeRuns(width, runs);
    return { bytes: Uint8Array.of(width, ...bytes), indices: values };
  });

describe.each(KINDS)('a dictionary of %o', (Kind) => {
  const dictionary = new Kind(SIZE).map((_: number, i: number) => i + 1);

  it('gives the value of each index, of any width, and writes nothing else', () => {
    fc.assert(
      fc.property(page, fc.nat(7), fc.nat(3), ({ bytes, indices }, short, begin) => {
        const count = Math.max(1, indices.length - short);
        const out = new Kind(begin + count + 1);
        decodeDictionary(dictionary, bytes, 0, count, out, begin);
        const wanted = indices.slice(0, count).map((index) => dictionary[index]!);
        expect(Array.from(out)).toEqual([...new Array<number>(begin).fill(0), ...wanted, 0]);
      }),
    );
  });

  it.each([
    ['packed', [[[0, 1, 2, 300, 4, 5, 6, 7]], [[0, 1, 2, 3, 4, 5, 6, 300]]]],
    ['in a run', [[{ value: 300, count: 3 }]]],
  ])('an index past its end is an error: %s', (_, cases) => {
    for (const width of [9, 30]) {
      for (const runs of cases) {
        const { bytes, values } = encodeRuns(width, runs as never);
        const out = new Kind(values.length);
        expect(() => decodeDictionary(dictionary, Uint8Array.of(width, ...bytes), 0, values.length, out, 0)).toThrow(
          'a dictionary index is past the end of its 300 entries',
        );
      }
    }
  });

  it('of one entry needs no bits for its indices', () => {
    const out = new Kind(3);
    decodeDictionary(Kind.of(7), Uint8Array.of(0), 0, 3, out, 0);
    expect(Array.from(out)).toEqual([7, 7, 7]);
    expect(() => decodeDictionary(new Kind(0), Uint8Array.of(0), 0, 3, out, 0)).toThrow('past the end');
  });
});

it('64-bit integers and the bits of NaN stay as they are', () => {
  const { bytes } = encodeRuns(1, [[[1, 0, 1, 0, 1, 0, 1, 0]], { value: 1, count: 1 }]);
  const out = new BigInt64Array(9);
  decodeDictionary(BigInt64Array.of(-1n, 2n ** 62n + 1n), Uint8Array.of(1, ...bytes), 0, 9, out, 0);
  expect([out[0], out[1], out[8]]).toEqual([2n ** 62n + 1n, -1n, 2n ** 62n + 1n]);
  const payload = new Float64Array(BigUint64Array.of(0x7ff4000000000001n).buffer);
  const copy = new Float64Array(1);
  decodeDictionary(payload, Uint8Array.of(0), 0, 1, copy, 0);
  expect(new BigUint64Array(copy.buffer)[0]).toBe(0x7ff4000000000001n);
});

it('indices of more than 32 bits are damage', () => {
  expect(() => decodeDictionary(Uint8Array.of(1), Uint8Array.of(33, 3, 0), 0, 1, new Uint8Array(1), 0)).toThrow(
    '33 bits',
  );
});
