import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countBits, definitionBits, offsetsOfBits, repetitionBits, writeFlags } from './levelBits.ts';
import type { Levels } from './page.ts';
import { encodeRuns } from './testEncoders.ts';

const levelsOf = (bytes: Uint8Array, width: number): Levels => ({
  bytes,
  begin: 0,
  end: bytes.length,
  width,
  bitPacked: false,
});

/** Runs of levels of some width; packed ones come in groups of eight. */
const runs = (width: number) => {
  const level = fc.integer({ min: 0, max: 2 ** width - 1 });
  const run = fc.record({ value: level, count: fc.integer({ min: 1, max: 100 }) });
  const literals = fc.array(fc.array(level, { minLength: 8, maxLength: 8 }), { minLength: 1, maxLength: 6 });
  return fc.array(fc.oneof(run, literals), { minLength: 1, maxLength: 8 }).map((runs) => encodeRuns(width, runs));
};

const bitsUpTo = (bits: Int32Array, count: number) =>
  Array.from({ length: (count + 31) & ~31 }, (_, i) => (bits[i >> 5]! >>> (i & 31)) & 1);

describe.each([1, 2, 3])('levels of %i bits', (width) => {
  it('are the same as bits that say which reach a threshold', () => {
    fc.assert(
      fc.property(runs(width), fc.nat(7), ({ bytes, values }, short) => {
        const count = Math.max(1, values.length - short);
        const max = 2 ** width - 1;
        const thresholds = [Math.max(1, max - 1), max];
        definitionBits(levelsOf(bytes, width), count, thresholds).forEach((bits, i) => {
          const wanted = values.slice(0, count).map((level) => (level >= thresholds[i]! ? 1 : 0));
          const read = bitsUpTo(bits, count);
          expect(read).toEqual([...wanted, ...new Array<number>(read.length - count).fill(0)]);
          expect(countBits(bits, count)).toBe(wanted.filter(Boolean).length);
        });
      }),
    );
  });

  it('give the offsets and flags that going through them one by one gives', () => {
    fc.assert(
      fc.property(runs(1), runs(width), fc.nat(50), fc.nat(50), (first, second, row, item) => {
        const count = Math.min(first.values.length, second.values.length);
        const max = 2 ** width - 1;
        const repetition = repetitionBits(levelsOf(first.bytes, 1), count);
        const [items, present] = definitionBits(levelsOf(second.bytes, width), count, [Math.max(1, max - 1), max]);
        const offsets = new Uint32Array(row + count);
        const [rows, next] = offsetsOfBits(repetition, items!, count, offsets, row, item);
        const flags = new Uint8Array(next);
        writeFlags(items, present!, count, flags, item);
        const wanted: { offsets: number[]; flags: number[] } = { offsets: [], flags: [] };
        for (let i = 0; i < count; i++) {
          if (first.values[i] === 0) wanted.offsets.push(item + wanted.flags.length);
          if (second.values[i]! >= Math.max(1, max - 1)) wanted.flags.push(second.values[i] === max ? 1 : 0);
        }
        expect([...offsets.subarray(row, rows)]).toEqual(wanted.offsets);
        expect([...flags.subarray(item)]).toEqual(wanted.flags);
      }),
    );
  });

  it.each([
    ['end before their count', [0b11, 1]],
    ['have an empty run', [0, 1]],
    ['are not there', []],
  ])('are damaged where they %s', (_, bytes) => {
    expect(() => definitionBits(levelsOf(Uint8Array.from(bytes), width), 20, [1])).toThrow();
  });
});

it('flags of flat columns come for each entry', () => {
  const { bytes, values } = encodeRuns(1, [{ value: 1, count: 40 }, [[0, 1, 0, 0, 1, 1, 0, 1]]]);
  const [present] = definitionBits(levelsOf(bytes, 1), values.length, [1]);
  const flags = new Uint8Array(values.length + 2);
  writeFlags(undefined, present!, values.length, flags, 1);
  expect([...flags]).toEqual([0, ...values, 0]);
});

it('levels in the deprecated packing are read as well', () => {
  const levels = { ...levelsOf(Uint8Array.of(0b10110000), 1), bitPacked: true };
  expect(bitsUpTo(repetitionBits(levels, 4), 4).slice(0, 4)).toEqual([1, 0, 1, 1]);
  expect(bitsUpTo(definitionBits(levels, 4, [1])[0]!, 4).slice(0, 4)).toEqual([1, 0, 1, 1]);
});
