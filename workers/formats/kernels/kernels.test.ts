import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../parquet/crc32.ts';
import { loadKernels } from './kernels.ts';

interface Stream {
  packed: string;
  size: number;
  crc32: number;
}

/** Made by fixtures/make_streams.py. */
const STREAMS: Record<'zstd' | 'inflate' | 'lzma2' | 'lz4', Stream[]> = JSON.parse(
  readFileSync(new URL('fixtures/streams.json', import.meta.url), 'utf8'),
);
const kernels = await loadKernels();

const DECODERS = {
  zstd: kernels.zstd,
  inflate: kernels.inflate,
  lz4: kernels.lz4,
  lzma2: (input: Uint8Array, size: number) => kernels.lzma2(input, size).bytes,
};

describe.each(Object.keys(STREAMS) as (keyof typeof STREAMS)[])('%s', (name) => {
  const decode = DECODERS[name];
  const streams = STREAMS[name].map(({ packed, ...rest }) => ({ input: bytesOf(packed), ...rest }));

  it('unpacks all parts of its format', () => {
    for (const { input, size, crc32: sum } of streams) expect(crc32(decode(input, size)) >>> 0).toBe(sum);
  });

  it('throws where a stream holds more or less than it shall, or is cut', () => {
    for (const { input, size } of streams) {
      expect(() => decode(input, size + 1)).toThrow('does not unpack');
      if (size > 0) expect(() => decode(input, size - 1)).toThrow('does not unpack');
      if (size > 0) expect(() => decode(input.subarray(0, input.length >> 1), size)).toThrow('does not unpack');
    }
  });

  it('unpacks as before after damaged streams, which throw or give as many bytes', () => {
    const small = streams.filter(({ input }) => input.length < 2500);
    const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.nat(small.length - 1), flips, (which, places) => {
        const { input, size, crc32: sum } = small[which]!;
        const damaged = input.slice();
        for (const [at, bits] of places) damaged[at % damaged.length]! ^= bits;
        let length = size;
        try {
          length = decode(damaged, size).length;
        } catch (error) {
          expect(String(error)).toContain('does not unpack');
        }
        expect(length).toBe(size);
        expect(crc32(decode(input, size)) >>> 0).toBe(sum);
      }),
      { numRuns: 200 },
    );
  });
});

it('Adler-32 and XXH64 are those of their definitions', () => {
  const bytes = Uint8Array.from({ length: 20_011 }, (_, i) => (i * 7 + (i >> 5)) & 255);
  for (const length of [0, 1, 15, 16, 31, 32, 33, 5551, 5553, 20_011]) {
    const part = bytes.subarray(0, length);
    let [a, b] = [1, 0];
    for (const byte of part) {
      a = (a + byte) % 65_521;
      b = (b + a) % 65_521;
    }
    kernels.inflate(stored(part), length);
    expect(kernels.adler32()).toBe(((b << 16) | a) >>> 0);
  }
  // From the specification's authors: of nothing, and of "a".
  expect(kernels.xxh64(new Uint8Array(0))).toBe(0xef46db3751d8e999n);
  expect(kernels.xxh64(Uint8Array.of(97))).toBe(0xd24ec4f1a98c6e5bn);
});

it('places that go back, or past the end, are an error', () => {
  const table = Uint8Array.from([5, 6, 6, 9, 12].flatMap((place) => [0, 0, 1, place]));
  expect([...kernels.places(table, 0x105, 7)]).toEqual([0, 1, 1, 4, 7]);
  expect(() => kernels.places(table, 0x105, 6)).toThrow('does not fit');
  expect(() => kernels.places(table, 0x106, 7)).toThrow('does not fit');
  for (const at of [7, 11, 15, 19]) {
    const back = table.slice();
    back[at] = 1;
    expect(() => kernels.places(back, 0x105, 7)).toThrow('does not fit');
  }
});

/** A deflate stream of bytes as they are. */
function stored(bytes: Uint8Array): Uint8Array {
  const [low, high] = [bytes.length & 255, bytes.length >> 8];
  return Uint8Array.from([1, low, high, low ^ 255, high ^ 255, ...bytes]);
}

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}
