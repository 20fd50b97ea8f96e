import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eachRun } from '../hybrid.ts';
import { ByteBuffer } from './byteBuffer.ts';
import { bitWidth, writeHybrid, writeHybridBits } from './hybrid.ts';

/** Runs of all lengths and single values, so that groups of eight begin anywhere. */
const numbers = (most: number) =>
  fc
    .array(fc.tuple(fc.nat(most), fc.oneof(fc.constant(1), fc.nat(40), fc.nat(300))), { maxLength: 60 })
    .map((runs) => runs.flatMap(([value, count]) => new Array<number>(count).fill(value)));

function decoded(bytes: Uint8Array, width: number, count: number): number[] {
  const values: number[] = [];
  eachRun(bytes, 0, bytes.length, width, count, ({ packed, value, offset }, length) => {
    for (let i = 0; i < length; i++) {
      if (!packed) values.push(value);
      else {
        let own = 0;
        for (let bit = 0; bit < width; bit++) {
          const at = 8 * offset + i * width + bit;
          own += ((bytes[at >> 3]! >> (at & 7)) & 1) * 2 ** bit;
        }
        values.push(own);
      }
    }
  });
  return values;
}

it('numbers of any width come back, from anywhere in an array', () => {
  fc.assert(
    fc.property(
      fc.nat(24).chain((width) => fc.tuple(fc.constant(width), numbers(2 ** width - 1))),
      fc.nat(20),
      ([width, values], skipped) => {
        const from = Math.min(skipped, values.length);
        const into = new ByteBuffer(1);
        writeHybrid(into, Uint32Array.from(values), from, values.length, width);
        expect(decoded(into.view(), width, values.length - from)).toEqual(values.slice(from));
      },
    ),
  );
});

it('bits are written as numbers of one bit are', () => {
  fc.assert(
    fc.property(numbers(1), (values) => {
      const bits = new Uint8Array((values.length >> 3) + 4);
      values.forEach((value, i) => {
        bits[i >> 3]! |= value << (i & 7);
      });
      const [own, expected] = [new ByteBuffer(1), new ByteBuffer(1)];
      writeHybridBits(own, bits, values.length);
      writeHybrid(expected, Uint32Array.from(values), 0, values.length, bitWidth(1));
      expect(own.view()).toEqual(expected.view());
    }),
  );
});
