import { blobSource } from './blob.ts';
import type { ByteSource, FileAddress, PinnedFile, ReadCounter } from './byteSource.ts';
import { changedError, sourceError } from './errors.ts';
import { openHttp } from './http.ts';
import { noteRegion } from './send.ts';

export interface OpenOptions {
  /** Counts what is read, from the first request on. */
  counter: ReadCounter;
  signal?: AbortSignal;
  /** The version to open; without it, the version that is there gets pinned. */
  pinned?: PinnedFile | undefined;
}

export interface OpenedSource {
  source: ByteSource;
  file: PinnedFile;
}

/**
 * Opens a URL or a file that the user picked. A pinned URL costs no request: the first read tells whether it is the
 * same version still. Paths are opened by `openSourceInNode`.
 * @throws LumiscopeError `source`, `cancelled`
 */
export async function openSource(address: FileAddress, options: OpenOptions): Promise<OpenedSource> {
  const { pinned } = options;
  const source = await open(address, options);
  if (pinned && pinned.size !== source.size) {
    throw changedError(source.url, `${pinned.size} bytes long`, `${source.size}`);
  }
  return { source, file: pinned ?? pin(address, source) };
}

/** What other threads need to open the same version. */
export function pin(address: FileAddress, { size, etag }: ByteSource): PinnedFile {
  return { address, size, etag };
}

function open(address: FileAddress, { counter, signal, pinned }: OpenOptions): Promise<ByteSource> | ByteSource {
  if (address.kind === 'blob') return blobSource(address.name, address.blob, counter);
  if (address.kind === 'url' && address.region) noteRegion(address.url, address.region);
  if (address.kind === 'url' && /^https?:/i.test(address.url)) return openHttp(address.url, counter, signal, pinned);
  if (address.kind === 'url') {
    throw sourceError(address.url, 'this kind of address is not known', 'use an http: or https: address');
  }
  throw sourceError(address.path, 'a page has no access to paths', 'drop the file on the page, or choose it there');
}
