import { describe, expect, it } from 'vitest';
import { decompressLz4, decompressLz4Raw } from './lz4.ts';

const bytesOf = (base64: string) => Uint8Array.from(Buffer.from(base64, 'base64'));

const TEXT = new TextEncoder().encode('Jet_pt Jet_eta Jet_phi Jet_mass '.repeat(40));
const WANTED = Uint8Array.of(...TEXT, ...new Uint8Array(600), ...Array.from({ length: 256 }, (_, i) => i));

/** What pyarrow's codecs lz4_raw and lz4 make of it. */
const BLOCK = bytesOf(
  'cEpldF9wdCAHADFldGEIADFwaGkIAEFtYXNzCQAPIAD/////zR8AAQD//0fw8AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0BBQkNERUZHSElKS0xNTk9QUVJTVFVWV1hZWltcXV5fYGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6e3x9fn+AgYKDhIWGh4iJiouMjY6PkJGSk5SVlpeYmZqbnJ2en6ChoqOkpaanqKmqq6ytrq+wsbKztLW2t7i5uru8vb6/wMHCw8TFxsfIycrLzM3Oz9DR0tPU1dbX2Nna29zd3t/g4eLj5OXm5+jp6uvs7e7v8PHy8/T19vf4+fr7/P3+/w==',
);
const FRAME = bytesOf(
  'BCJNGGBAgi0BAABwSmV0X3B0IAcAMWV0YQgAMXBoaQgAQW1hc3MJAA8gAP/////NHwABAP//R/DwAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl9gYWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoOEhYaHiImKi4yNjo+QkZKTlJWWl5iZmpucnZ6foKGio6SlpqeoqaqrrK2ur7CxsrO0tba3uLm6u7y9vr/AwcLDxMXGx8jJysvMzc7P0NHS09TV1tfY2drb3N3e3+Dh4uPk5ebn6Onq6+zt7u/w8fLz9PX29/j5+vv8/f7/AAAAAA==',
);

const bigEndian = (value: number) => [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
/** One block as Hadoop frames it. */
const hadoop = (size: number, block: Uint8Array) => [...bigEndian(size), ...bigEndian(block.length), ...block];

describe('LZ4', () => {
  it.each([
    ['a bare block', BLOCK],
    ["LZ4's own frame", FRAME],
    ['a frame of Hadoop', Uint8Array.from(hadoop(WANTED.length, BLOCK))],
  ])('is told by its bytes: %s', (_, input) => {
    expect(decompressLz4(input, WANTED.length)).toEqual(WANTED);
  });

  it('has several frames of Hadoop one after the other', () => {
    const twice = Uint8Array.from([...hadoop(WANTED.length, BLOCK), ...hadoop(WANTED.length, BLOCK)]);
    expect(decompressLz4(twice, 2 * WANTED.length)).toEqual(Uint8Array.of(...WANTED, ...WANTED));
  });

  it('may hold blocks of its own frame that are not compressed, with checksums', () => {
    const [a, b] = [WANTED.subarray(0, 100), WANTED.subarray(100)];
    const block = (own: Uint8Array) => {
      const head = own.length + 2 ** 31;
      return [...bigEndian(head).reverse(), ...own, 0, 0, 0, 0];
    };
    const flags = 0x40 | 16 | 8;
    const frame = [4, 0x22, 0x4d, 0x18, flags, 0x40, ...new Uint8Array(8), 0, ...block(a), ...block(b), 0, 0, 0, 0];
    expect(decompressLz4(Uint8Array.from(frame), WANTED.length)).toEqual(WANTED);
  });

  it('is a bare block where what looks like Hadoop would have another length', () => {
    const literals = [1, 2, 3, 0, 0, 0, 4, 5, 6, 7, 8];
    expect(decompressLz4(Uint8Array.of(0xb0, ...literals), 11)).toEqual(Uint8Array.from(literals));
  });

  it('raw is a bare block only', () => {
    expect(decompressLz4Raw(BLOCK, WANTED.length)).toEqual(WANTED);
    expect(() => decompressLz4Raw(FRAME, WANTED.length)).toThrow();
  });

  it.each([
    ['of another length', BLOCK, WANTED.length + 1, 'instead of'],
    ['that is too long', BLOCK, WANTED.length - 1, 'more bytes than its page'],
    ['cut in its literals', Uint8Array.of(0x50, 65, 66), 100, 'cut short'],
    ['cut in a length', Uint8Array.of(0xf0, 255), 1000, 'cut short'],
    ['that refers to what comes before it', Uint8Array.of(0x10, 65, 9, 0), 100, 'before its start'],
    ['that refers to nothing', Uint8Array.of(0x10, 65, 0, 0), 100, 'before its start'],
  ])('a block %s is an error', (_, input, size, message) => {
    expect(() => decompressLz4Raw(input, size)).toThrow(message);
  });
});
