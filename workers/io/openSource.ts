import { blobSource } from './blob.ts';
import type { ByteSource, FileAddress, PinnedFile } from './byteSource.ts';
import { type CachedSource, openCached } from './cache/openCached.ts';
import { changedError, sourceError } from './errors.ts';
import type { OpenOptions } from './openOptions.ts';
import { noteRegion } from './send.ts';

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
  const { source, asOf } = await open(address, options);
  if (pinned && pinned.size !== source.size) {
    throw changedError(source.url, `${pinned.size} bytes long`, `${source.size}`);
  }
  return { source, file: pinned ?? { ...pin(address, source), ...(asOf !== undefined && { asOf }) } };
}

/** What other threads need to open the same version. */
export function pin(address: FileAddress, { size, etag, hidden, replica }: ByteSource): PinnedFile {
  return { address, size, etag, ...(hidden && { hidden }), ...(replica && { replica }) };
}

async function open(address: FileAddress, options: OpenOptions): Promise<CachedSource> {
  if (address.kind === 'blob') return { source: blobSource(address.name, address.blob, options.counter) };
  if (address.kind === 'url' && address.region)
    for (const url of [address.url, ...(address.replicas ?? [])]) noteRegion(url, address.region);
  if (address.kind === 'url' && address.replicas && address.replicas.length > 0) {
    const { openReplicas } = await import('./replicas.ts');
    return openReplicas(address, options);
  }
  if (address.kind === 'url' && /^https?:/i.test(address.url)) return openCached(address.url, options);
  if (address.kind === 'url') {
    throw sourceError(address.url, 'this kind of address is not known', 'use an http: or https: address');
  }
  throw sourceError(address.path, 'a page has no access to paths', 'drop the file on the page, or choose it there');
}
