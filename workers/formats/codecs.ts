/** Decompression of pages. Codecs are set up once, when the first file needs them. */
import type { CompressionCodec } from 'hyparquet';
import { Corrupt } from './errors.ts';

/** @returns exactly `size` bytes, or throws; the input may be handed back where it is not compressed */
export type Decompress = (input: Uint8Array, size: number) => Uint8Array;

const loaders: Partial<Record<CompressionCodec, () => Promise<Decompress>>> = {
  UNCOMPRESSED: async () => (input) => input,
  SNAPPY: async () => {
    const { snappyUncompressor } = await import('hysnappy');
    const uncompress = snappyUncompressor();
    return (input, size) => {
      // The decoder trusts the length that the input claims.
      if (snappyLength(input) !== size)
        throw new Corrupt(`a page claims to be ${snappyLength(input)} bytes, not ${size}`);
      return uncompress(input, size);
    };
  },
  ZSTD: async () => {
    const { zstd } = await (await import('./kernels/kernels.ts')).loadKernels();
    return (input, size) => zstd(input, size).slice();
  },
  GZIP: async () => {
    const { gunzipSync } = await import('fflate');
    // One byte more than there should be: it stops at the end of its output without a word.
    return (input, size) => gunzipSync(input, { out: new Uint8Array(size + 1) });
  },
  // Where a stream holds fewer bytes than it should, the rest stays 0 without a word.
  BROTLI: async () => (await import('hyparquet-compressors')).decompressBrotli,
  LZ4: async () => (await import('./lz4.ts')).decompressLz4,
  LZ4_RAW: async () => (await import('./lz4.ts')).decompressLz4Raw,
};

const loaded = new Map<CompressionCodec, Promise<Decompress>>();

export function isSupportedCodec(codec: CompressionCodec): boolean {
  return codec in loaders;
}

/** A decompressor that checks its output's length. @throws Corrupt from what it returns, on bad input */
export function loadCodec(codec: CompressionCodec): Promise<Decompress> {
  const known = loaded.get(codec);
  if (known) return known;
  const loading = loaders[codec]!().then(
    (decompress): Decompress =>
      (input, size) => {
        if (size === 0) return new Uint8Array(0);
        const output = decompress(input, size);
        if (output.length !== size) throw new Corrupt(`a page has ${output.length} bytes instead of ${size}`);
        return output;
      },
  );
  loading.catch(() => loaded.delete(codec));
  loaded.set(codec, loading);
  return loading;
}

/** The length of the output, with which Snappy's format begins: a varint. */
function snappyLength(input: Uint8Array): number {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = input[i] ?? 0;
    length += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) break;
  }
  return length;
}
