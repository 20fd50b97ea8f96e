import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeDelta } from '../delta.ts';
import { ByteBuffer } from './byteBuffer.ts';
import { writeDelta } from './delta.ts';

/** Steps of up to so many bits, from anywhere: all widths, and differences that wrap. */
const integers = (bits: 32 | 64) =>
  fc
    .record({ start: fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n }), width: fc.nat(bits) })
    .chain(({ start, width }) =>
      fc.array(fc.bigInt({ min: 0n, max: 2n ** BigInt(width) - 1n }), { maxLength: 400 }).map((steps) => {
        let last = start;
        return [start, ...steps.map((step) => (last = BigInt.asUintN(bits, last + step)))];
      }),
    );

it.each([32, 64] as const)(
  'differences of %i bits come back, up to the largest numbers, and say where they end',
  (bits) => {
    fc.assert(
      fc.property(integers(bits), (numbers) => {
        const values = bits === 64 ? BigUint64Array.from(numbers) : Uint32Array.from(numbers, Number);
        const into = new ByteBuffer();
        writeDelta(into, values);
        const out = new Int32Array((values.length * bits) / 32);
        expect(decodeDelta(into.view(), 0, values.length, out, 0, bits === 64)).toBe(into.length);
        expect(out).toEqual(new Int32Array(values.buffer));
      }),
    );
  },
);

it('no values are a header', () => {
  const into = new ByteBuffer();
  writeDelta(into, new BigUint64Array(0));
  expect(decodeDelta(into.view(), 0, 0, new Int32Array(0), 0, true)).toBe(into.length);
});

it('sorted numbers that lie close take few bytes', () => {
  const into = new ByteBuffer();
  writeDelta(
    into,
    BigUint64Array.from({ length: 10_000 }, (_, i) => 2n ** 64n - 100_000n + BigInt(7 * i)),
  );
  expect(into.length).toBeLessThan(1_000);
});
