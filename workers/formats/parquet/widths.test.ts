import { describe, expect, it } from 'vitest';
import { spread } from './widths.ts';

describe.each([Uint8Array, Int16Array, Float32Array, Float64Array] as const)('values of %o', (Kind) => {
  it('are spread to where they belong, with 0 in between', () => {
    const out = Kind.of(9, 1, 2, 3, 8, 8, 8, 9);
    spread(out, 1, Uint8Array.of(1, 0, 1, 0, 1, 1, 0, 1), 6, 3);
    expect([...out]).toEqual([9, 0, 1, 0, 2, 3, 0, 9]);
  });
});
