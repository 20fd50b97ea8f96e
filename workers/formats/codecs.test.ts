import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { isSupportedCodec, loadCodec } from './codecs.ts';

describe.each(['SNAPPY', 'ZSTD', 'GZIP', 'LZ4', 'LZ4_RAW', 'BROTLI', 'UNCOMPRESSED'] as const)('%s', (codec) => {
  it('never hands out another number of bytes than a page is to have', async () => {
    const decompress = await loadCodec(codec);
    expect(() => decompress(Uint8Array.of(3, 1, 4, 1, 5), 10)).toThrow();
    expect(decompress(new Uint8Array(0), 0)).toEqual(new Uint8Array(0));
  });

  it('is set up once', () => {
    expect(loadCodec(codec)).toBe(loadCodec(codec));
  });
});

it('GZIP of more bytes than a page is to have is an error too', async () => {
  const decompress = await loadCodec('GZIP');
  const input = gzipSync(new Uint8Array(100));
  expect(decompress(input, 100).length).toBe(100);
  expect(() => decompress(input, 50)).toThrow('a page has 51 bytes instead of 50');
});

it('LZO is known not to be supported', () => {
  expect(isSupportedCodec('LZO')).toBe(false);
});
