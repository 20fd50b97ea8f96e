import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBits, offsetsOfBits } from './levelBits.ts';

/** Levels of one bit in the hybrid encoding: runs as given, or packed by eights. */
function encode(runs: (readonly boolean[] | readonly [count: number, value: boolean])[]): {
  bytes: number[];
  levels: number[];
} {
  const bytes: number[] = [];
  const levels: number[] = [];
  const varint = (value: number) => {
    for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
    bytes.push(value);
  };
  for (const run of runs) {
    if (typeof run[0] === 'number') {
      varint(run[0] * 2);
      bytes.push(run[1] ? 1 : 0);
      levels.push(...new Array<number>(run[0]).fill(run[1] ? 1 : 0));
      continue;
    }
    const bits = run as readonly boolean[];
    varint((bits.length / 8) * 2 + 1);
    for (let i = 0; i < bits.length; i += 8)
      bytes.push(bits.slice(i, i + 8).reduce((byte, bit, at) => byte | (Number(bit) << at), 0));
    levels.push(...bits.map(Number));
  }
  return { bytes, levels };
}

const runs = fc
  .array(
    fc.oneof(
      fc.tuple(fc.integer({ min: 1, max: 100 }), fc.boolean()),
      fc
        .array(fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), { minLength: 1, maxLength: 6 })
        .map((groups) => groups.flat()),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map(encode);

describe('levels of one bit', () => {
  it('are the same as bits', () => {
    fc.assert(
      fc.property(runs, fc.nat(7), ({ bytes, levels }, short) => {
        const count = Math.max(1, levels.length - short);
        const bits = decodeBits(Uint8Array.from(bytes), 0, bytes.length, count, 0);
        const read = Array.from({ length: (count + 31) & ~31 }, (_, i) => (bits[i >> 5]! >>> (i & 31)) & 1);
        expect(read).toEqual([...levels.slice(0, count), ...new Array<number>(read.length - count).fill(0)]);
      }),
    );
  });

  it('give the offsets that going through them one by one gives', () => {
    fc.assert(
      fc.property(runs, runs, fc.nat(50), fc.nat(50), (first, second, row, item) => {
        const count = Math.min(first.levels.length, second.levels.length);
        const repetition = decodeBits(Uint8Array.from(first.bytes), 0, first.bytes.length, count, 0);
        const definition = decodeBits(Uint8Array.from(second.bytes), 0, second.bytes.length, count, 1);
        const offsets = new Uint32Array(row + count);
        const [rows, items] = offsetsOfBits(repetition, definition, count, offsets, row, item);
        const expected: number[] = [];
        let next = item;
        for (let i = 0; i < count; i++) {
          if (first.levels[i] === 0) expected.push(next);
          next += second.levels[i]!;
        }
        expect([...offsets.subarray(row, rows)]).toEqual(expected);
        expect(items).toBe(next);
      }),
    );
  });

  it.each([
    ['end before their count', [0b11, 1]],
    ['have an empty run', [0, 1]],
    ['are not there', []],
  ])('are damaged where they %s', (_, bytes) => {
    expect(() => decodeBits(Uint8Array.from(bytes), 0, bytes.length, 20, 0)).toThrow();
  });
});
