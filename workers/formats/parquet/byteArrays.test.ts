import { describe, expect, it } from 'vitest';
import { deltaByteArrays, deltaLengthByteArrays, plainByteArrays } from './byteArrays.ts';

/** Deltas of a few numbers from 0 to 63, which differ by as much at most: one byte a number. */
function deltas(...values: number[]): number[] {
  const rest = values.slice(1).map((value, i) => value - values[i]! + 64);
  return [128, 1, 4, values.length, 2 * values[0]!, ...(rest.length ? [127, 8, 0, 0, 0, ...padded(rest)] : [])];
}

const padded = (bytes: number[]) => [...bytes, ...new Array<number>(32 - bytes.length).fill(0)];
const text = (value: string) => [...value].map((letter) => letter.charCodeAt(0));

function read(each: typeof plainByteArrays, bytes: number[], count: number): string[] {
  const found: string[] = [];
  each(Uint8Array.from(bytes), 0, count, (i, from, begin, end) => {
    found[i] = String.fromCharCode(...from.subarray(begin, end));
  });
  return found;
}

describe('strings', () => {
  it('of each encoding are found', () => {
    expect(read(plainByteArrays, [1, 0, 0, 0, 65, 0, 0, 0, 0], 2)).toEqual(['A', '']);
    expect(read(deltaLengthByteArrays, [...deltas(3, 0, 2), ...text('abcde')], 3)).toEqual(['abc', '', 'de']);
    const rest = [...deltas(3, 1, 0), ...text('abcd')];
    expect(read(deltaByteArrays, [...deltas(0, 2, 3), ...rest], 3)).toEqual(['abc', 'abd', 'abd']);
  });

  it.each([
    ['a length that runs past the end', plainByteArrays, [200, 0, 0, 0, 65], 1, 'a string is cut short'],
    ['a length that is cut', plainByteArrays, [1, 0], 1, 'strings are cut short'],
    ['a negative length', plainByteArrays, [255, 255, 255, 255, 65], 1, 'a string is cut short'],
    ['too few bytes for their lengths', deltaLengthByteArrays, [...deltas(3, 3), ...text('abcd')], 2, 'cut short'],
    [
      'more shared with the one before than it has',
      deltaByteArrays,
      [...deltas(0, 4), ...deltas(3, 0), ...text('abc')],
      2,
      'shares more than the one before has',
    ],
  ])('with %s are damaged', (_, each, bytes, count, message) => {
    expect(() => read(each, bytes, count)).toThrow(message);
  });

  it('longer than any before keep what they share', () => {
    const long = 'x'.repeat(60);
    const rest = [...deltas(60, 60), ...text(long + long)];
    expect(read(deltaByteArrays, [...deltas(0, 60), ...rest], 2)).toEqual([long, long + long]);
  });
});
