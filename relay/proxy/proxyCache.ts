/** Ranges of files on disk, by the version that their servers tell: only strong ones (RFC 9110 section 8.8.1), and for those alone who may read them. */
import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NodeDisk } from '../../workers/io/cache/nodeDisk.ts';
import { type KnownVersion, RangeStore, type Version } from '../../workers/io/cache/rangeStore.ts';
import type { RangeProxyOptions } from './options.ts';
import { isStrong } from './rangeHeader.ts';

const KEY = 'rights.key';
/** A version is noted anew after this share of the time for which it counts as fresh. */
const NOTE_SHARE = 4;
/** What was read of a version holds for so long, and of so many files: another process that keeps ranges here may be told of a newer one. */
const MEMO_MS = 1000;
const MEMO_FILES = 1000;

export interface ProxyCache {
  /** Secret by which who may read what is named. */
  key: Buffer;
  /** The last told version, and whether that is lately enough. */
  known(name: string): Promise<(Version & { fresh: boolean }) | undefined>;
  /** Notes what a server just told; nothing of a file without a strong ETag is kept. */
  told(name: string, version: { size?: number; etag?: string }): Promise<void>;
  get(name: string, version: Version, span: [number, number]): Promise<Uint8Array | undefined>;
  holds(name: string, version: Version, span: [number, number]): Promise<boolean>;
  put(name: string, version: Version, span: [number, number], bytes: Uint8Array): Promise<void>;
  flush(): Promise<void>;
}

/**
 * Opens the cache in a folder. @param onTrouble told why nothing can be kept; it works on without
 * @param now milliseconds since 1970
 */
export async function openProxyCache(
  { folder, bytes, freshSeconds }: RangeProxyOptions['cache'] & { folder: string },
  onTrouble: (reason: string) => void,
  now: () => number = Date.now,
): Promise<ProxyCache> {
  const key = await keyIn(folder).catch((error: NodeJS.ErrnoException) => {
    onTrouble(`the folder of its cache can't be used (${error.code ?? error.message})`);
    return randomBytes(32);
  });
  const store = new RangeStore(new NodeDisk(folder), { quota: bytes, onTrouble });
  const counter = { bytes: 0, requests: 0 };
  const freshMs = freshSeconds * 1000;
  const ranges = (name: string, version: Version) => store.ranges(addressOf(name), version, counter);
  const memo = new Map<string, { at: number; version: Promise<KnownVersion | undefined> }>();
  const remember = (name: string, version: Promise<KnownVersion | undefined>) => {
    memo.delete(name);
    memo.set(name, { at: performance.now(), version });
    if (memo.size > MEMO_FILES) memo.delete(memo.keys().next().value!);
    return version;
  };
  const lately = (name: string) => {
    const last = memo.get(name);
    if (last && performance.now() - last.at < MEMO_MS) return last.version;
    return remember(name, store.known(addressOf(name)));
  };
  return {
    key,
    async known(name) {
      const known = await lately(name);
      return known && { size: known.size, etag: known.etag, fresh: now() - known.seen < freshMs };
    },
    async told(name, { size, etag }) {
      if (size === undefined || etag === undefined || !isStrong(etag)) return;
      const known = await lately(name);
      const isSame = known?.etag === etag && known.size === size;
      const seen = now();
      if (isSame && seen - known.seen < freshMs / NOTE_SHARE) return;
      await store.ranges(addressOf(name), { size, etag }, counter, seen);
      remember(name, Promise.resolve({ size, etag, seen }));
    },
    async get(name, version, [begin, end]) {
      const [held] = (await (await ranges(name, version))?.get([[begin, end - begin]])) ?? [];
      return held;
    },
    async holds(name, version, [begin, end]) {
      const [held] = (await (await ranges(name, version))?.holds([[begin, end - begin]])) ?? [];
      return held ?? false;
    },
    async put(name, version, [begin, end], part) {
      if (isStrong(version.etag)) (await ranges(name, version))?.put([[begin, end - begin]], [part]);
    },
    flush: () => store.flush(),
  };
}

/** What the store takes for the address: who may read it and which, as one name. Nothing of the address is written down. */
const addressOf = (name: string): string => `proxied:${name}`;

async function keyIn(folder: string): Promise<Buffer> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const path = join(folder, KEY);
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, randomBytes(32), { mode: 0o600 });
  // Whole or not at all; of two that start at once, one makes it.
  await link(draft, path)
    .catch((error) => {
      if (error.code !== 'EEXIST') throw error;
    })
    .finally(() => rm(draft));
  const key = await readFile(path);
  if (key.length === 32) return key;
  throw new Error(`${KEY} is damaged: remove the folder`);
}
