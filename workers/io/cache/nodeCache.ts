/** The cache of a program in Node. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type CacheDoor, openDoor } from './door.ts';
import { NodeDisk } from './nodeDisk.ts';
import { RangeStore } from './rangeStore.ts';

/** A store in a folder, which is made when there is something to keep. */
export function openNodeStore(folder: string): RangeStore {
  return new RangeStore(new NodeDisk(folder));
}

/** The cache of a worker thread. */
export function nodeCache(folder: string): CacheDoor {
  return openDoor({ exists: async () => true, load: async () => openNodeStore(folder), patience: 0 });
}

/** Where a user's programs keep what can be had again: `XDG_CACHE_HOME`, or what the system has in its place. */
export function defaultCacheFolder({ env, platform } = process): string {
  if (env.LUMISCOPE_CACHE) return env.LUMISCOPE_CACHE;
  const base =
    env.XDG_CACHE_HOME ||
    (platform === 'darwin' && join(homedir(), 'Library', 'Caches')) ||
    (platform === 'win32' && env.LOCALAPPDATA) ||
    join(homedir(), '.cache');
  return join(base, 'lumiscope');
}
