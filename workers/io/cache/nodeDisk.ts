/** The cache on disk, in Node. */
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CacheDisk, PackFile, StoredFile } from './disk.ts';

/** A lock that is older belongs to a process that was killed. */
const STALE_LOCK_MS = 30_000;
const LOCK = '.lock';

/** Folders below `root`, which is made when something is written. */
export class NodeDisk implements CacheDisk {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async folders(): Promise<string[]> {
    const entries = await readdir(this.#root, { withFileTypes: true }).catch(orNone);
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  }

  async files(folder: string): Promise<StoredFile[]> {
    const names = await readdir(join(this.#root, folder)).catch(orNone);
    const found = await Promise.all(
      names
        .filter((name) => !name.endsWith(LOCK))
        .map(async (name) => {
          const about = await stat(join(this.#root, folder, name)).catch(() => undefined);
          return about?.isFile() ? { name, bytes: about.size, used: about.mtimeMs } : undefined;
        }),
    );
    return found.filter((file) => file !== undefined);
  }

  // Readers need no lock: a record never changes but for being marked dead, and one that is not whole is not looked at.
  async read<T>(folder: string, name: string, work: (file: PackFile) => T): Promise<T | undefined> {
    return using(join(this.#root, folder, name), 'r', work)?.result;
  }

  async change(folder: string, name: string, work: (file: PackFile) => void, create: boolean): Promise<boolean> {
    const path = join(this.#root, folder, name);
    if (create) await mkdir(join(this.#root, folder), { recursive: true });
    const lock = path + LOCK;
    if (!take(lock)) return false;
    try {
      return (using(path, 'r+', work) ?? (create ? using(path, 'w+', work) : undefined)) !== undefined;
    } finally {
      rmSync(lock, { force: true });
    }
  }

  async touch(folder: string, name: string): Promise<void> {
    const now = new Date();
    try {
      utimesSync(join(this.#root, folder, name), now, now);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  readText(folder: string, name: string): Promise<string | undefined> {
    return readFile(join(this.#root, folder, name), 'utf8').catch((error) => {
      if (isGone(error)) return undefined;
      throw error;
    });
  }

  async writeText(folder: string, name: string, text: string): Promise<void> {
    const path = join(this.#root, folder, name);
    await mkdir(join(this.#root, folder), { recursive: true });
    const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}${LOCK}`;
    await writeFile(draft, text);
    await rename(draft, path);
  }

  async remove(folder: string, name?: string): Promise<void> {
    await rm(name === undefined ? join(this.#root, folder) : join(this.#root, folder, name), {
      recursive: name === undefined,
      force: true,
    });
  }

  async granted(): Promise<undefined> {
    return undefined;
  }
}

/** @returns undefined where there is no such file */
function using<T>(path: string, flags: string, work: (file: PackFile) => T): { result: T } | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, flags);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
  try {
    return {
      result: work({
        size: () => fstatSync(descriptor).size,
        read: (into, at) => readSync(descriptor, into, 0, into.length, at),
        write: (bytes, at) => writeFully(descriptor, bytes, at),
        truncate: (size) => ftruncateSync(descriptor, size),
      }),
    };
  } finally {
    closeSync(descriptor);
  }
}

function writeFully(descriptor: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(descriptor, bytes, done, bytes.length - done, at + done);
  }
}

/** Makes the lock file. @returns false where another one has it */
function take(lock: string): boolean {
  for (const again of [true, false]) {
    try {
      closeSync(openSync(lock, 'wx'));
      return true;
    } catch (error) {
      if (isGone(error)) return false;
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (!again || !isStale(lock)) return false;
    }
    rmSync(lock, { force: true });
  }
  return false;
}

function isStale(lock: string): boolean {
  try {
    return Date.now() - statSync(lock).mtimeMs > STALE_LOCK_MS;
  } catch {
    return true;
  }
}

function isGone(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function orNone(error: unknown): never[] {
  if (isGone(error)) return [];
  throw error;
}
