import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeDelta } from './delta.ts';

const BLOCK = 128;
const MINIBLOCK = 32;

const varint = (value: bigint): number[] =>
  value < 128n ? [Number(value)] : [Number(value & 127n) | 128, ...varint(value >> 7n)];
const zigzag = (value: bigint) => varint(BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)));

/** DELTA_BINARY_PACKED of 64-bit integers, bit by bit. */
function encode(values: bigint[], bits: 32 | 64): Uint8Array {
  const wrap = (value: bigint) => BigInt.asIntN(bits, value);
  const bytes = [
    ...varint(BigInt(BLOCK)),
    BLOCK / MINIBLOCK,
    ...varint(BigInt(values.length)),
    ...zigzag(values[0] ?? 0n),
  ];
  for (let begin = 1; begin < values.length; begin += BLOCK) {
    const block = values.slice(begin, begin + BLOCK);
    const deltas = block.map((value, i) => wrap(value - values[begin + i - 1]!));
    const least = deltas.reduce((a, b) => (a < b ? a : b));
    const rest = deltas.map((delta) => BigInt.asUintN(bits, delta - least));
    const minis = Array.from({ length: BLOCK / MINIBLOCK }, (_, k) => rest.slice(k * MINIBLOCK, (k + 1) * MINIBLOCK));
    const widths = minis.map((mini) =>
      mini.reduce((width, one) => Math.max(width, one === 0n ? 0 : one.toString(2).length), 0),
    );
    bytes.push(...zigzag(least), ...widths);
    minis.forEach((mini, k) => {
      if (mini.length === 0) return;
      const packed = new Array<number>((MINIBLOCK * widths[k]!) / 8).fill(0);
      mini.forEach((one, i) => {
        for (let b = 0; b < widths[k]!; b++) {
          const at = i * widths[k]! + b;
          packed[at >> 3]! |= Number((one >> BigInt(b)) & 1n) << (at & 7);
        }
      });
      bytes.push(...packed);
    });
  }
  return Uint8Array.from(bytes);
}

/** Small steps, or any: so that all widths come. */
const integers = (bits: 32 | 64) =>
  fc.nat(bits).chain((width) =>
    fc.array(
      fc.bigInt({ min: -(2n ** BigInt(Math.max(0, width - 1))), max: 2n ** BigInt(Math.max(0, width - 1)) - 1n }),
      {
        maxLength: 300,
      },
    ),
  );

describe('deltas', () => {
  it('give back integers of 32 bits, and where they end', () => {
    fc.assert(
      fc.property(integers(32), fc.nat(3), (values, before) => {
        const bytes = encode(values, 32);
        const out = new Int32Array(values.length + 1);
        const page = Uint8Array.of(...new Uint8Array(before), ...bytes, 9, 9);
        expect(decodeDelta(page, before, values.length, out, 1, false)).toBe(before + bytes.length);
        expect(Array.from(out, BigInt)).toEqual([0n, ...values]);
      }),
    );
  });

  it('give back integers of 64 bits, and where they end', () => {
    fc.assert(
      fc.property(integers(64), (values) => {
        const bytes = encode(values, 64);
        const out = new BigInt64Array(values.length);
        expect(decodeDelta(bytes, 0, values.length, new Int32Array(out.buffer), 0, true)).toBe(bytes.length);
        expect(Array.from(out)).toEqual(values);
      }),
    );
  });

  it.each([
    ['are cut short', encode([1n, 200n, 3n], 32).subarray(0, 9), 3, 'cut short'],
    ['end in their header', Uint8Array.of(128, 1), 3, 'cut short'],
    ['are fewer than the page has', encode([1n, 2n], 32), 3, '2 deltas instead of 3'],
    ['are of no block', Uint8Array.of(0, 0, 1, 0), 1, '0 deltas in 0 blocks'],
    ['are of more than 64 bits', Uint8Array.of(128, 1, 4, 2, 0, 0, 65, 0, 0, 0, ...new Uint8Array(300)), 2, '65 bits'],
    ['have a number without an end', new Uint8Array(20).fill(255), 2, 'too long'],
  ])('are damaged where they %s', (_, bytes, count, message) => {
    expect(() => decodeDelta(bytes, 0, count, new Int32Array(10), 0, false)).toThrow(message);
  });
});
