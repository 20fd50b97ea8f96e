import { type FileHandle, open, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { cancelled } from '../io/errors.ts';
import { folderError, goneError, ifThere, isFolder } from './folderErrors.ts';
import {
  create,
  findCurrent,
  removeEmpty,
  removeFile,
  replace,
  type Seen,
  seenAt,
  VERSIONS,
} from './folderVersions.ts';
import { checkedPath, checkedPrefix, comparePaths, LEFT_OVER_MS, OWN } from './objectPath.ts';
import type { ObjectInfo, ObjectStore } from './objectStore.ts';

/** Files of a listing that are looked at together. */
const AT_ONCE = 32;

/**
 * The files below a folder of this machine, or one that several machines mount. It is made by the first write. How writes under a condition work, and outlast killed
 * processes: `folderVersions.ts`.
 */
export function folderObjects(folder: string): ObjectStore {
  return storeAt(resolve(folder), { root: resolve(folder), wasThere: false });
}

/** @param top what a store and those below it share */
function storeAt(here: string, top: { readonly root: string; wasThere: boolean }): ObjectStore {
  /** A disk that was unmounted must not look like an empty store. */
  const checkRoot = async () => {
    const isThere = await isFolder(top.root);
    if (top.wasThere && !isThere) throw goneError(top.root);
    top.wasThere ||= isThere;
  };
  const at = (path: string) => join(here, checkedPath(path));
  const told = async <T>(path: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
    if (signal?.aborted) throw cancelled();
    try {
      return await work();
    } catch (error) {
      throw folderError(path, error);
    }
  };

  const current = async (file: string) => {
    const found = await findCurrent(file);
    if (!found) await checkRoot();
    else top.wasThere = true;
    return found;
  };

  /** Opens what is there now. */
  const opened = async <T>(file: string, use: (handle: FileHandle, seen: Seen) => Promise<T>) => {
    for (;;) {
      const seen = await current(file);
      if (!seen) return undefined;
      const handle = await ifThere(open(seen.file));
      if (!handle) continue;
      try {
        if ((await handle.stat({ bigint: true })).ino === seen.inode) return await use(handle, seen);
      } finally {
        await handle.close();
      }
    }
  };

  return {
    address: here,

    async read(path, signal) {
      const file = at(path);
      const whole = (handle: FileHandle, { version, bytes }: Seen) =>
        bytesAt(handle, 0, bytes).then((read) => ({ bytes: read, version }));
      return told(file, () => opened(file, whole), signal);
    },

    async readRange(path, offset, length, signal) {
      const file = at(path);
      const some = (handle: FileHandle, { bytes }: Seen) =>
        bytesAt(handle, offset, Math.max(0, Math.min(length, bytes - offset)));
      return told(file, () => opened(file, some), signal);
    },

    async stat(path, signal) {
      const file = at(path);
      return told(file, async () => infoOf(await current(file)), signal);
    },

    async write(path, bytes, condition, signal) {
      const file = at(path);
      const write = async () => {
        await checkRoot();
        if (condition === 'absent') return create(file, bytes);
        if (condition) return replace(file, bytes, condition.version);
        for (;;) {
          const there = await findCurrent(file);
          const version = there ? await replace(file, bytes, there.version) : await create(file, bytes);
          if (version) return version;
        }
      };
      const version = await told(file, write, signal);
      top.wasThere ||= version !== undefined;
      return version;
    },

    async *list(prefix, signal) {
      const top = checkedPrefix(prefix).split('/').slice(0, -1).join('/');
      await told(here, checkRoot, signal);
      yield* walk(here, top, prefix, signal);
    },

    async remove(path, signal) {
      const file = at(path);
      const remove = async () => {
        await removeFile(file);
        await removeEmpty(dirname(file), top.root);
      };
      return told(file, remove, signal);
    },

    below: (name) => storeAt(at(name), top),
  };
}

async function bytesAt(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(bytes, done, Math.min(length - done, 2 ** 30), offset + done);
    if (bytesRead === 0) throw Object.assign(new Error('the file is shorter than it was'), { code: 'EIO' });
    done += bytesRead;
  }
  return bytes;
}

function infoOf(seen: Seen): ObjectInfo;
function infoOf(seen: Seen | undefined): ObjectInfo | undefined;
function infoOf(seen: Seen | undefined): ObjectInfo | undefined {
  return seen && { bytes: seen.bytes, version: seen.version, modified: Number(seen.time / 1_000_000n) };
}

/** The files below a folder, in the order of their paths. Left-overs of killed programs are removed on the way. */
async function* walk(
  root: string,
  folder: string,
  prefix: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<ObjectInfo & { path: string }> {
  if (signal?.aborted) throw cancelled();
  const here = join(root, folder);
  const found = await ifThere(readdir(here, { withFileTypes: true })).catch((error) => {
    throw folderError(here, error);
  });
  const entries: { path: string; isFolder: boolean }[] = [];
  for (const entry of found ?? []) {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.name.startsWith(OWN)) {
      if (entry.name !== VERSIONS) await removeLeftOver(join(root, path));
    } else if (entry.isDirectory()) {
      if (`${path}/`.startsWith(prefix) || prefix.startsWith(`${path}/`))
        entries.push({ path: `${path}/`, isFolder: true });
    } else if (path.startsWith(prefix)) entries.push({ path, isFolder: false });
  }
  // Most files were never replaced: there is nothing to look for but the file.
  const replaced = new Set(await readdir(join(here, VERSIONS)).catch(() => []));
  entries.sort((a, b) => comparePaths(a.path, b.path));
  for (let i = 0; i < entries.length; ) {
    const { path, isFolder } = entries[i]!;
    if (isFolder) {
      yield* walk(root, path.slice(0, -1), prefix, signal);
      i++;
      continue;
    }
    const files: string[] = [];
    for (; i < entries.length && !entries[i]!.isFolder && files.length < AT_ONCE; i++) files.push(entries[i]!.path);
    const look = (file: string) => (replaced.has(basename(file)) ? findCurrent : seenAt)(join(root, file));
    const seen = await Promise.all(files.map(look)).catch((error) => {
      throw folderError(here, error);
    });
    for (const [k, one] of seen.entries()) if (one) yield { path: files[k]!, ...infoOf(one) };
  }
}

async function removeLeftOver(file: string): Promise<void> {
  const { mtimeMs } = (await stat(file).catch(() => undefined)) ?? {};
  if (mtimeMs !== undefined && Date.now() - mtimeMs > LEFT_OVER_MS)
    await rm(file, { force: true }).catch(() => undefined);
}
