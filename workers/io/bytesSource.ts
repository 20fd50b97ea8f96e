import type { ByteSource } from './byteSource.ts';
import { readRanges } from './coalesce.ts';

/** Bytes that are at hand. @param url what error messages call them */
export function bytesSource(url: string, bytes: Uint8Array): ByteSource {
  return {
    url,
    size: bytes.length,
    etag: undefined,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
  };
}

/** A source whose last bytes were read at once: formats keep what says where things are there. Other ranges are read as they are asked for. */
export async function withTail(source: ByteSource, bytes: number, signal?: AbortSignal): Promise<ByteSource> {
  const begin = Math.max(0, source.size - bytes);
  const [tail] = await readRanges(source, [[begin, source.size - begin]], signal);
  return {
    url: source.url,
    size: source.size,
    etag: source.etag,
    ...(source.gap && { gap: source.gap }),
    ...(source.cache && { cache: source.cache }),
    read: (offset, length, signal) =>
      offset >= begin
        ? Promise.resolve(tail!.subarray(offset - begin, offset - begin + length))
        : source.read(offset, length, signal),
  };
}
