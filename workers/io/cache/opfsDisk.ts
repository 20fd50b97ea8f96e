/** The cache in the browser: the origin's private file system, from a worker. */
import type { CacheDisk, PackFile, StoredFile } from './disk.ts';

/** Chromium can open a file for reading several times at once. */
interface OpenMode {
  mode: 'read-only' | 'readwrite';
}
type SyncHandle = FileSystemSyncAccessHandle;
type Openable = FileSystemFileHandle & { createSyncAccessHandle(mode?: OpenMode): Promise<SyncHandle> };

/**
 * A file is open for as long as one batch of reads or writes takes, under a lock of its name: a handle that can write shuts out all
 * others, in every tab.
 */
export class OpfsDisk implements CacheDisk {
  readonly #root: FileSystemDirectoryHandle;
  readonly #readsTogether = 'mode' in FileSystemSyncAccessHandle.prototype;

  /** @param root which all is in */
  constructor(root: FileSystemDirectoryHandle) {
    this.#root = root;
  }

  async folders(): Promise<string[]> {
    const names: string[] = [];
    for await (const entry of this.#root.values()) if (entry.kind === 'directory') names.push(entry.name);
    return names;
  }

  async files(folder: string): Promise<StoredFile[]> {
    const directory = await this.#directory(folder);
    if (!directory) return [];
    const found: Promise<StoredFile | undefined>[] = [];
    for await (const entry of directory.values()) {
      if (entry.kind !== 'file') continue;
      const about = orGone((entry as FileSystemFileHandle).getFile());
      found.push(about.then((file) => file && { name: file.name, bytes: file.size, used: file.lastModified }));
    }
    return (await Promise.all(found)).filter((file) => file !== undefined);
  }

  async read<T>(folder: string, name: string, work: (file: PackFile) => T): Promise<T | undefined> {
    const file = await this.#file(folder, name, false);
    if (!file) return undefined;
    const mode = this.#readsTogether ? 'shared' : 'exclusive';
    return navigator.locks.request(this.#lockOf(folder, name), { mode }, async () => {
      const handle = await orGone((file as Openable).createSyncAccessHandle({ mode: 'read-only' }));
      return handle && using(handle, work);
    });
  }

  async change(folder: string, name: string, work: (file: PackFile) => void, create: boolean): Promise<boolean> {
    return navigator.locks.request(this.#lockOf(folder, name), { ifAvailable: true }, async (lock) => {
      const file = lock && (await this.#file(folder, name, create));
      const handle = file && (await orGone((file as Openable).createSyncAccessHandle()));
      if (!handle) return false;
      using(handle, work);
      return true;
    });
  }

  async touch(folder: string, name: string): Promise<void> {
    // Writing is what changes the time of a file.
    const first = new Uint8Array(1);
    await this.change(folder, name, (file) => file.read(first, 0) === 1 && file.write(first, 0), false);
  }

  async readText(folder: string, name: string): Promise<string | undefined> {
    const file = await this.#file(folder, name, false);
    const snapshot = file && (await orGone(file.getFile()));
    return snapshot && orGone(snapshot.text());
  }

  async writeText(folder: string, name: string, text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    await navigator.locks.request(this.#lockOf(folder, name), async () => {
      const file = (await this.#file(folder, name, true))!;
      using(await (file as Openable).createSyncAccessHandle(), (handle) => {
        handle.truncate(0);
        handle.write(bytes, 0);
      });
    });
  }

  async remove(folder: string, name?: string): Promise<void> {
    const directory = name === undefined ? this.#root : await this.#directory(folder);
    await orGone(directory?.removeEntry(name ?? folder, { recursive: name === undefined }) ?? Promise.resolve());
  }

  async granted(): Promise<number | undefined> {
    const { quota } = await navigator.storage.estimate();
    return quota;
  }

  #lockOf(folder: string, name: string): string {
    return `${this.#root.name}/${folder}/${name}`;
  }

  async #directory(folder: string, create = false): Promise<FileSystemDirectoryHandle | undefined> {
    return folder === '' ? this.#root : orGone(this.#root.getDirectoryHandle(folder, { create }));
  }

  async #file(folder: string, name: string, create: boolean): Promise<FileSystemFileHandle | undefined> {
    const directory = await this.#directory(folder, create);
    return directory && orGone(directory.getFileHandle(name, { create }));
  }
}

function using<T>(handle: SyncHandle, work: (file: PackFile) => T): T {
  try {
    return work({
      size: () => handle.getSize(),
      read: (into, at) => handle.read(into, { at }),
      write: (bytes, at) => {
        if (handle.write(bytes, { at }) < bytes.length)
          throw new DOMException('the disk is full', 'QuotaExceededError');
      },
      truncate: (size) => handle.truncate(size),
    });
  } finally {
    handle.close();
  }
}

/** What another tab removed meanwhile, or has open, is not there. */
const GONE = ['NotFoundError', 'NoModificationAllowedError', 'NotReadableError', 'InvalidStateError'];

async function orGone<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (GONE.includes((error as DOMException).name)) return undefined;
    throw error;
  }
}
