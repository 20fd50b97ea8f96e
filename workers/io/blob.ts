import type { ByteSource, ReadCounter } from './byteSource.ts';
import { cancelled, sourceError } from './errors.ts';

/** A file that the user picked or dropped. Browsers refuse to read it once it changed on disk. */
export function blobSource(name: string, blob: Blob, counter: ReadCounter): ByteSource {
  return {
    url: name,
    size: blob.size,
    etag: blob instanceof File ? `${blob.lastModified}-${blob.size}` : undefined,
    async read(offset, length, signal) {
      if (signal?.aborted) throw cancelled();
      const range: [number, number] = [offset, offset + length];
      if (range[1] > blob.size) {
        throw sourceError(
          name,
          `bytes ${offset}–${range[1]} are past the end (${blob.size})`,
          'the file is cut short',
          {
            range,
          },
        );
      }
      counter.requests++;
      let buffer: ArrayBuffer;
      try {
        buffer = await blob.slice(...range).arrayBuffer();
      } catch (cause) {
        const hint = 'it was changed, moved or removed: choose it again';
        throw sourceError(name, 'the file can no longer be read', hint, { range, cause });
      }
      if (signal?.aborted) throw cancelled();
      counter.bytes += length;
      return new Uint8Array(buffer);
    },
  };
}
