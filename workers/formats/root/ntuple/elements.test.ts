/** Every encoding of a column's elements, by encoders that are written from the specification. */
import { describe, expect, it } from 'vitest';
import { VALUE_ARRAYS, type ValueType } from '../../../../core/schema/column.ts';
import { COLUMN_TYPES } from './columnTypes.ts';
import type { ColumnRecord } from './description.ts';
import { decodeIndexes, decodeNumbers } from './elements.ts';
import { loadElementKernels } from './kernels/elementKernels.ts';
import { encode } from './testEncoders.ts';

const kernels = await loadElementKernels();

const COUNT = 53;
const pattern = (i: number) => Math.imul(i + 1, 0x9e3779b1) >>> 0;

/** Values that every bit of a type takes part in, its ends first. */
function samples(type: ValueType): (number | bigint)[] {
  const values = new VALUE_ARRAYS[type](COUNT);
  for (let i = 0; i < COUNT; i++) {
    if (type === 'bool') values[i] = pattern(i) & 1;
    else if (values instanceof BigInt64Array || values instanceof BigUint64Array)
      values[i] = (BigInt(pattern(i)) << 32n) | BigInt(pattern(i + 99));
    else if (type.startsWith('float')) values[i] = (pattern(i) - 2 ** 31) / 2 ** (i % 40);
    else values[i] = pattern(i);
  }
  if (type.startsWith('float')) values.set([Number.NaN, Infinity, -Infinity, -0] as never);
  if (type === 'int64') values.set([-(2n ** 63n), 2n ** 63n - 1n, -1n] as never);
  return [...values];
}

/** Floats that 16 bits hold. */
const HALVES = [0, -0, 1, -2.5, 65504, 2 ** -24, 6.103515625e-5, Infinity, -Infinity, Number.NaN, 0.333251953125];

const numeric = COLUMN_TYPES.flatMap(({ name, bits, native }, type) =>
  native === 'index' || native === 'switch' || bits[0] !== bits[1] ? [] : [{ name, type, bits: bits[0], native }],
);

const column = (type: number, bits: number, range?: ColumnRecord['range']): ColumnRecord => ({
  ...{ type, bits, field: 0, representation: 0, firstElement: 0 },
  ...(range && { range }),
});

/** All of a page, and any part of it, behind other values. */
function expectDecoded(
  record: ColumnRecord,
  native: Exclude<ValueType, 'string'>,
  bytes: Uint8Array,
  values: unknown[],
) {
  const count = values.length;
  // Pages are views of what was fetched.
  const view = new Uint8Array(bytes.length + 3).subarray(3);
  view.set(bytes);
  for (const [from, to] of [
    [0, count],
    [1, count - 1],
    [7, 8],
    [count - 2, count],
    [5, 5],
  ] as const) {
    const out = new VALUE_ARRAYS[native](to - from + 2);
    decodeNumbers(kernels, record, { bytes: view, count, from, to }, out, 1);
    expect([...out]).toEqual([out[0] === 0n ? 0n : 0, ...values.slice(from, to), out[0] === 0n ? 0n : 0]);
  }
}

describe('numbers', () => {
  it.each(numeric)('$name', ({ name, type, bits, native }) => {
    const values = bits === 16 && native === 'float32' ? HALVES : samples(native);
    expectDecoded(column(type, bits), native, encode(name, bits, values), values);
  });

  it('numbers of all column types are those of the specification', () => {
    const named = Object.fromEntries(COLUMN_TYPES.map(({ name }, type) => [name, type]));
    expect(named).toMatchObject({
      Bit: 0,
      Real16: 0x0b,
      Index64: 0x0f,
      Switch: 0x10,
      SplitReal32: 0x18,
      Real32Quant: 0x1d,
    });
  });

  it.each([10, 11, 16, 17, 24, 29, 31])('Real32Trunc of %i bits keeps the upper ones', (bits) => {
    const full = samples('float32').slice(4) as number[];
    const mask = -(2 ** (32 - bits));
    const kept = Uint32Array.from(new Uint32Array(Float32Array.from(full).buffer), (word) => word & mask);
    const values = [...new Float32Array(kept.buffer)];
    expectDecoded(column(0x1c, bits), 'float32', encode('Real32Trunc', bits, full), values);
  });

  it.each([1, 2, 7, 8, 13, 25, 31, 32])('Real32Quant of %i bits spans its range', (bits) => {
    const [minimum, maximum] = [-2, 3];
    const most = 2 ** bits - 1;
    const steps = Array.from({ length: COUNT }, (_, i) => (i === 0 ? 0 : i === 1 ? most : pattern(i) % (most + 1)));
    const values = steps.map((step) => step * ((maximum - minimum) / most) + minimum);
    expectDecoded(column(0x1d, bits, { minimum, maximum }), 'float64', encode('Real32Quant', bits, steps), values);
    expect(values.slice(0, 2)).toEqual([minimum, maximum]);
  });
});

describe('ends of lists', () => {
  const ends = Array.from({ length: COUNT }, (_, i) => i * i * 1_000_003 + (i > 40 ? 1000 : 0));

  it.each([
    ['Index32', 0x0e, 32],
    ['Index64', 0x0f, 64],
    ['SplitIndex32', 0x1a, 32],
    ['SplitIndex64', 0x1b, 64],
  ] as const)('%s', (name, type, bits) => {
    const bytes = encode(name, bits, ends);
    for (const [from, to] of [
      [0, COUNT],
      [3, 9],
      [COUNT - 1, COUNT],
    ] as const) {
      const out = new Uint32Array(to - from + 2);
      decodeIndexes(kernels, column(type, bits), { bytes, count: COUNT, from, to }, out, 1);
      expect([...out]).toEqual([0, ...ends.slice(from, to), 0]);
    }
  });

  it.each([
    ['Index64', 0x0f, [1, 2 ** 32]],
    ['SplitIndex64', 0x1b, [1, 2 ** 32]],
    ['SplitIndex64', 0x1b, [2 ** 32 - 1, 2 ** 32 + 5]],
    ['SplitIndex64', 0x1b, [5, 4]],
  ] as const)('%s past 32 bits is an error', (name, type, values) => {
    const page = { bytes: encode(name, 64, [...values]), count: 2, from: 0, to: 2 };
    expect(() => decodeIndexes(kernels, column(type, 64), page, new Uint32Array(2), 0)).toThrow(/2\^32 items/);
  });
});

/** A block is what goes through the memory of the kernels at a time: 16,384 elements, 131,072 bits. */
describe('pages of several blocks', () => {
  const LONG = 17_000;
  const MANY_BITS = 132_000;
  const parts = (count: number) =>
    [
      [0, count],
      [count - 700, count - 5],
      [3, 16_385],
    ] as const;
  const page = (name: string, bits: number, values: readonly number[]) => {
    const type = COLUMN_TYPES.findIndex((one) => one.name === name);
    return { record: column(type, bits, { minimum: 0, maximum: 2 ** bits - 1 }), bytes: encode(name, bits, values) };
  };
  const numbers = (most: number, length = LONG) => Array.from({ length }, (_, i) => pattern(i) % most);

  it.each([
    ['Bit', 1, 'bool', 2],
    ['SplitUInt16', 16, 'uint16', 65_536],
    ['SplitInt32', 32, 'int32', 2 ** 31],
    ['SplitReal64', 64, 'float64', 2 ** 32],
    ['Real32Quant', 13, 'float64', 2 ** 13],
  ] as const)('%s', (name, bits, native, most) => {
    const count = bits === 1 ? MANY_BITS : LONG;
    const values = numbers(most, count);
    const { record, bytes } = page(name, bits, values);
    for (const [from, to] of parts(count)) {
      const out = new VALUE_ARRAYS[native](to - from);
      decodeNumbers(kernels, record, { bytes, count, from, to }, out, 0);
      expect(
        Buffer.compare(Buffer.from(out.buffer), Buffer.from(VALUE_ARRAYS[native].from(values.slice(from, to)).buffer)),
      ).toBe(0);
    }
  });

  it.each([
    ['SplitIndex64', 64],
    ['Index64', 64],
  ] as const)('%s', (name, bits) => {
    let sum = 0;
    const values = numbers(250_000).map((length) => {
      sum += length;
      return sum;
    });
    const { record, bytes } = page(name, bits, values);
    for (const [from, to] of parts(LONG)) {
      const out = new Uint32Array(to - from);
      decodeIndexes(kernels, record, { bytes, count: LONG, from, to }, out, 0);
      expect(
        Buffer.compare(Buffer.from(out.buffer), Buffer.from(Uint32Array.from(values.slice(from, to)).buffer)),
      ).toBe(0);
    }
    // An upper half that is not 0, in the first block.
    bytes[name === 'Index64' ? 7 : 4 * LONG] = 1;
    const whole = { bytes, count: LONG, from: 0, to: LONG };
    expect(() => decodeIndexes(kernels, record, whole, new Uint32Array(LONG), 0)).toThrow(/2\^32 items/);
  });
});
