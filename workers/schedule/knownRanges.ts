import type { ByteSource } from '../io/byteSource.ts';
import type { KnownRange } from './workerApi.ts';

/** A source that notes all that is read from it; nothing, once that is more than `limit` bytes. */
export function recordReads(source: ByteSource, limit: number): { recorded: ByteSource; metadata: KnownRange[] } {
  const metadata: KnownRange[] = [];
  let left = limit;
  const recorded: ByteSource = {
    ...source,
    async read(offset, length, signal) {
      const bytes = await source.read(offset, length, signal);
      left -= length;
      if (left >= 0) metadata.push({ offset, bytes: bytes.slice() });
      else metadata.length = 0;
      return bytes;
    },
  };
  return { recorded, metadata };
}

/** A source that answers from ranges that are known already, and asks the one below for the rest. */
export function replayReads(source: ByteSource, known: readonly KnownRange[]): ByteSource {
  return {
    ...source,
    async read(offset, length, signal) {
      const range = known.find((one) => one.offset <= offset && offset + length <= one.offset + one.bytes.length);
      return range
        ? range.bytes.slice(offset - range.offset, offset - range.offset + length)
        : source.read(offset, length, signal);
    },
  };
}
