import type { ByteSource } from '../io/byteSource.ts';
import { formatError } from './errors.ts';

/** What a gzip file may unfold to: each thread holds it in memory. */
const MOST_BYTES = 256e6;

/** The contents of a gzip file, held in memory. @throws LumiscopeError `format`, `source`, `cancelled` */
export async function gunzip(source: ByteSource, signal?: AbortSignal): Promise<ByteSource> {
  const { url, size, etag } = source;
  const packed = await source.read(0, size, signal);
  const unpack = new DecompressionStream('gzip');
  const parts: Uint8Array[] = [];
  let length = 0;
  const writer = unpack.writable.getWriter();
  // What fails here fails in the reader too.
  writer.write(packed as Uint8Array<ArrayBuffer>).catch(() => {});
  writer.close().catch(() => {});
  const reader = unpack.readable.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
      length += part.value.length;
      if (length > MOST_BYTES) break;
    }
  } catch (cause) {
    throw formatError(url, "can't be unpacked: its gzip stream is damaged", 'copy or download it again', { cause });
  }
  if (length > MOST_BYTES) {
    await reader.cancel();
    throw formatError(url, 'unpacks to more than 256 MB', 'unpack it on disk, or convert it to Parquet');
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { url, size: length, etag, read: async (offset, count) => bytes.subarray(offset, offset + count) };
}
