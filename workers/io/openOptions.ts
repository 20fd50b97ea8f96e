import type { PinnedFile, ReadCounter } from './byteSource.ts';
import type { CacheDoor } from './cache/door.ts';

/** What opening a source takes beside its address. */
export interface OpenOptions {
  /** Counts what is read, from the first request on. */
  counter: ReadCounter;
  signal?: AbortSignal;
  /** The version to open; without it, the version that is there gets pinned. */
  pinned?: PinnedFile | undefined;
  /** Where ranges of remote files are kept. */
  cache?: CacheDoor | undefined;
  /** How often a request is tried at most; fewer where there is another way to the same bytes. */
  tries?: number;
}
