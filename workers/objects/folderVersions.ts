/**
 * Compare and swap of a file, by hard links. `rename` replaces whatever is there, and Node has neither `flock` nor `renameat2`; a lock file outlives its holder, and who takes it over
 * may take it from the one who just did. `link` however makes a name only where there is none, for all processes and machines, and needs no holder. So:
 *
 * - A file's version is its inode, time and length. Each version's time is later than that of the one before it, so that no version comes twice.
 * - To replace version V of `name` is to make the link `.lumiscope-versions/name/V` to the new file. Exactly one writer gets it; from then on the new one is what is there. There is nothing
 *   to hold, so nothing that a killed process could leave held.
 * - `name` itself is put after it (link, rename), for those who read files and know nothing of this. Whoever reads or writes through the store first goes from `name` along the links to the last
 *   version, and puts that in place where it is not: a writer that was killed after its link is finished by the next one who looks.
 * - Who puts a version in place may be stopped before its `rename`, and set `name` back when it wakes. It looks again afterwards, as all others do, and the links lead on.
 *   For the same reason links stay for two minutes after they are needed: a process would have to be stopped for as long between two system calls, while others write, to undo a write.
 * - Who looked, was stopped, and made its link after V's own link had been cleared away, sees afterwards that no links lead from `name` to its version nor from there on, and takes its link back.
 *
 * What is read is what was there when the end of the links was reached. Versions with the same inode and time that are not the same file can't be: a link keeps its file's inode from being used again, and
 * the first version, which has no link, is older than all others.
 */
import { randomBytes } from 'node:crypto';
import { link, lstat, open, readdir, rename, rm, rmdir, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ifThere, NO_FILE } from './folderErrors.ts';
import { makeFolder } from './makeFolder.ts';
import { OWN } from './objectPath.ts';

export const VERSIONS = `${OWN}versions`;
/** Links hold on to the bytes of earlier versions: of a manifest of 1 MB that changes twice a second, 240 MB. */
const LINKS_MS = 120_000;

/** A file as it was seen. */
export interface Seen {
  file: string;
  version: string;
  inode: bigint;
  bytes: number;
  /** ns since 1970-01-01 UTC. */
  time: bigint;
}

/** A file of this path; folders are none. */
export async function seenAt(file: string): Promise<Seen | undefined> {
  const found = await ifThere(stat(file, { bigint: true }));
  if (!found?.isFile()) return undefined;
  const { ino: inode, mtimeNs: time, size } = found;
  const version = [time, inode, size].map((n) => n.toString(36)).join('-');
  return { file, version, inode, bytes: Number(size), time };
}

const linksOf = (path: string) => join(dirname(path), VERSIONS, basename(path));
const linkAfter = (path: string, version: string) => join(linksOf(path), version);

/** What is at a path now, which is put in its place where it is not there yet. The file may be a link elsewhere where nothing can be written. */
export async function findCurrent(path: string): Promise<Seen | undefined> {
  for (;;) {
    const first = await seenAt(path);
    if (!first) return undefined;
    let last = first;
    for (let next: Seen | undefined = first; next; next = await seenAt(linkAfter(path, next.version))) last = next;
    if (last === first || !(await putInPlace(last.file, path))) return last;
  }
}

/** @returns false where nothing can be written */
async function putInPlace(file: string, path: string): Promise<boolean> {
  const part = partOf(path);
  try {
    await link(file, part);
    await rename(part, path);
    return true;
  } catch (error) {
    // The link has been cleared away since.
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  } finally {
    // A rename to another link of the same file does nothing.
    await rm(part, { force: true }).catch(() => undefined);
  }
}

/** Creates a file. @returns its version, or undefined where there is one */
export async function create(path: string, bytes: Uint8Array): Promise<string | undefined> {
  if (await seenAt(path)) return undefined;
  return withPart(path, bytes, undefined, async (part) => {
    if (!(await linked(part, path))) {
      const there = await ifThere(lstat(path));
      if (!there || there.isFile() || (await seenAt(path))) return undefined;
      throw Object.assign(new Error('no file'), { code: there.isDirectory() ? 'EISDIR' : NO_FILE });
    }
    await flushFolder(dirname(path));
    return part.version;
  });
}

/** Replaces a version of a file. @returns the new version, or undefined where it is another version that is there */
export async function replace(path: string, bytes: Uint8Array, version: string): Promise<string | undefined> {
  const current = await findCurrent(path);
  if (current?.version !== version) return undefined;
  return withPart(path, bytes, current.time, async (part) => {
    const after = linkAfter(path, version);
    await makeFolder(dirname(after));
    if (!(await linked(part, after))) return undefined;
    if (!(await isReached(path, part))) {
      await rm(after, { force: true });
      return undefined;
    }
    const now = await findCurrent(path);
    await flushFolder(dirname(path));
    if (now?.file === path) await clearLinks(path, part.time);
    return part.version;
  });
}

/** Whether a version that was linked is there now, or was, and has been replaced since. */
async function isReached(path: string, part: Seen): Promise<boolean> {
  for (let at = await seenAt(path); at; at = await seenAt(linkAfter(path, at.version)))
    if (at.version === part.version) return true;
  return (await seenAt(linkAfter(path, part.version))) !== undefined;
}

/** Removes a file. A replacement that is under way at the same moment may outlast it. */
export async function removeFile(path: string): Promise<void> {
  await findCurrent(path);
  await ifThere(unlink(path));
  await rm(linksOf(path), { recursive: true, force: true });
}

/** Makes a link. @returns whether it is ours: an answer that got lost on its way to a file server has made it too */
async function linked(part: Seen, path: string): Promise<boolean> {
  try {
    await link(part.file, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return (await seenAt(path))?.inode === part.inode;
  }
}

const partOf = (path: string) => join(dirname(path), `${OWN}${randomBytes(8).toString('hex')}.part`);

/** Does something with a file that is written whole, beside where it shall be. @param after its time is later than this one */
async function withPart<T>(
  path: string,
  bytes: Uint8Array,
  after: bigint | undefined,
  use: (part: Seen) => Promise<T>,
): Promise<T> {
  const part = partOf(path);
  try {
    await writeInFolder(part, bytes);
    let seen = (await seenAt(part))!;
    if (after !== undefined && seen.time <= after) {
      const next = Number(after / 1_000_000n) / 1000 + 0.002;
      await utimes(part, next, next);
      seen = (await seenAt(part))!;
    }
    return await use(seen);
  } finally {
    await rm(part, { force: true }).catch(() => undefined);
  }
}

/** Its folder is made where there is none; others remove those that are empty. */
async function writeInFolder(file: string, bytes: Uint8Array): Promise<void> {
  for (let tries = 1; ; tries++) {
    await makeFolder(dirname(file));
    try {
      return await writeFile(file, bytes, { flush: true, flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || tries === 5) throw error;
    }
  }
}

/** Names that were made or moved outlast a power cut from here on. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** @param now time of the version that is in place */
async function clearLinks(path: string, now: bigint): Promise<void> {
  const links = await readdir(linksOf(path)).catch(() => []);
  const times = links.map((name) => ({ name, time: Number.parseInt(name, 36) })).sort((a, b) => a.time - b.time);
  const oldest = Number(now) - LINKS_MS * 1e6;
  // A version was replaced when the next one was made.
  for (const [i, { name }] of times.entries())
    if ((times[i + 1]?.time ?? Number(now)) < oldest)
      await rm(join(linksOf(path), name), { force: true }).catch(() => undefined);
}

/** Removes folders that are empty, from one on upwards to a root that stays. */
export async function removeEmpty(folder: string, root: string): Promise<void> {
  await rmdir(join(folder, VERSIONS)).catch(() => undefined);
  for (let at = folder; at !== root && at.startsWith(root); at = dirname(at)) {
    try {
      await rmdir(at);
    } catch {
      return;
    }
  }
}
