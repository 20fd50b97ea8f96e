import { type CacheDoor, openDoor } from './door.ts';

/** The folder of the origin's private file system that all is in. */
const CACHE_FOLDER = 'lumiscope-cache';
/** The first visit's first plots come before what makes the second visit fast. */
const PATIENCE_MS = 2500;

/** The cache of a page's worker. */
export function browserCache(): CacheDoor {
  return openDoor({
    async exists() {
      await (await navigator.storage.getDirectory()).getDirectoryHandle(CACHE_FOLDER);
      return true;
    },
    async load() {
      const { openOpfsStore } = await import('./opfsStore.ts');
      return openOpfsStore(CACHE_FOLDER);
    },
    patience: PATIENCE_MS,
  });
}
