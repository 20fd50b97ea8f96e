/** Local files in Node. Imported by Node entry points only: `node:fs` must not get into the browser's bundle. */
import { type FileHandle, open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ByteSource, FileAddress, ReadCounter } from './byteSource.ts';
import { cancelled, changedError, sourceError } from './errors.ts';
import type { OpenOptions } from './openOptions.ts';
import { type OpenedSource, openSource, pin } from './openSource.ts';

/** As `openSource`, and opens paths and `file:` addresses too. */
export async function openSourceInNode(address: FileAddress, options: OpenOptions): Promise<OpenedSource> {
  const path = localPath(address);
  if (path === undefined) return openSource(address, options);
  const source = await fileSource(path, options.counter, options.pinned?.etag);
  return { source, file: options.pinned ?? pin(address, source) };
}

function localPath(address: FileAddress): string | undefined {
  if (address.kind === 'path') return address.path.startsWith('file:') ? fileURLToPath(address.path) : address.path;
  return address.kind === 'url' && address.url.startsWith('file:') ? fileURLToPath(address.url) : undefined;
}

/**
 * A file by its path, pinned by its size and time of change. It is opened for each read: a source has no end of life.
 * @throws LumiscopeError `source` where there is no such file or it is another version than `pinned`
 */
export async function fileSource(path: string, counter: ReadCounter, pinned?: string): Promise<ByteSource> {
  const identity = async (handle: FileHandle) => {
    const stat = await handle.stat();
    if (!stat.isFile()) throw sourceError(path, 'is not a file', 'name one file, not a folder');
    return { size: stat.size, etag: `${stat.mtimeMs}-${stat.size}` };
  };
  const first = await using(path, identity);
  const etag = pinned ?? first.etag;
  if (etag !== first.etag) throw changedError(path, etag, first.etag);
  return {
    url: path,
    size: first.size,
    etag,
    async read(offset, length, signal) {
      if (signal?.aborted) throw cancelled();
      counter.requests++;
      const bytes = await using(path, async (handle) => {
        const now = await identity(handle);
        if (now.etag !== etag) throw changedError(path, etag, now.etag, [offset, offset + length]);
        return readFully(path, handle, offset, length);
      });
      counter.bytes += length;
      if (signal?.aborted) throw cancelled();
      return bytes;
    },
  };
}

async function readFully(path: string, handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) {
      throw sourceError(path, `ends at byte ${offset + done}`, 'the file is cut short: copy it again', {
        range: [offset, offset + length],
      });
    }
    done += bytesRead;
  }
  return bytes;
}

async function using<T>(path: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  let handle: FileHandle;
  try {
    handle = await open(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw sourceError(path, 'no such file', 'check the path', { cause, gone: true });
    if (code === 'EACCES') throw sourceError(path, 'may not be read', 'check its permissions', { cause });
    throw sourceError(path, `can't be opened (${code ?? cause})`, 'check the path', { cause });
  }
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}
