import { describe, expect, it } from 'vitest';
import { gather, spread } from './widths.ts';

const KINDS = [Uint8Array, Int16Array, Float32Array, Float64Array] as const;

describe.each(KINDS)('values of %o', (Kind) => {
  it('are looked up in a dictionary, and an index past its end is an error', () => {
    const out = new Kind(4);
    gather(Kind.of(5, 6, 7), Int32Array.of(2, 0, 1), 3, out, 1);
    expect([...out]).toEqual([0, 7, 5, 6]);
    expect(() => gather(Kind.of(5, 6, 7), Int32Array.of(0, 3), 2, out, 0)).toThrow(
      'a dictionary index of 3, past its 3 entries',
    );
    expect(() => gather(Kind.of(5), Int32Array.of(-1), 1, out, 0)).toThrow('4294967295');
  });

  it('are spread to where they belong, with 0 in between', () => {
    const out = Kind.of(9, 1, 2, 3, 8, 8, 8, 9);
    spread(out, 1, Uint8Array.of(1, 0, 1, 0, 1, 1, 0, 1), 6, 3);
    expect([...out]).toEqual([9, 0, 1, 0, 2, 3, 0, 9]);
  });
});

it('64-bit integers and the bits of NaN stay as they are', () => {
  const out = new BigInt64Array(2);
  gather(BigInt64Array.of(-1n, 2n ** 62n + 1n), Int32Array.of(1, 0), 2, out, 0);
  expect([...out]).toEqual([2n ** 62n + 1n, -1n]);
  const payload = new Float64Array(BigUint64Array.of(0x7ff4000000000001n).buffer);
  const copy = new Float64Array(1);
  gather(payload, Int32Array.of(0), 1, copy, 0);
  expect(new BigUint64Array(copy.buffer)[0]).toBe(0x7ff4000000000001n);
});
