/** Where a file that is saved goes: a place that the person picks, else the page's private storage and from there a download. */
import { LumiscopeError } from '../../core/errors.ts';
import type { SaveSink } from '../../workers/savedFile.ts';
import { saveBlob } from '../save.ts';

/** A file that is being written. Nothing of it can be taken for a whole one until `finish`. */
export interface Target extends SaveSink {
  /** The whole file. `downloaded`: the browser hands it out as a download. */
  finish(): Promise<{ file: File; downloaded: boolean }>;
  /** Removes what was written. */
  discard(): Promise<void>;
}

/** Of the page's private storage. */
const FOLDER = 'saved-data';
/** Files that a page of an earlier day left behind; a download or an open analysis may still read younger ones. */
const KEPT_MS = 24 * 3600e3;

type Picker = (options: object) => Promise<FileSystemFileHandle>;

/**
 * A new file, by the best way that the browser has. Called from a click: else no picker may open.
 * @returns undefined where the person picks none
 * @throws LumiscopeError `limit` where nothing can be written
 */
export async function chooseTarget(name: string): Promise<Target | undefined> {
  const { showSaveFilePicker } = window as { showSaveFilePicker?: Picker };
  if (!showSaveFilePicker) return privateTarget(name).catch(() => memoryTarget(name));
  let handle: FileSystemFileHandle;
  try {
    handle = await showSaveFilePicker({
      suggestedName: name,
      types: [{ description: 'Parquet', accept: { 'application/vnd.apache.parquet': ['.parquet'] } }],
    });
  } catch (error) {
    if ((error as Error).name === 'AbortError') return undefined;
    throw unwritable(error);
  }
  // What stood there before stays until the new file is whole; a new one of no bytes goes again.
  const isNew = (await handle.getFile()).size === 0;
  return streamTarget(handle, {
    finish: async () => ({ file: await handle.getFile(), downloaded: false }),
    remove: async () => {
      if (isNew) await (handle as { remove?: () => Promise<void> }).remove?.();
    },
  });
}

/** In the page's private storage; what is finished there is downloaded. */
async function privateTarget(name: string): Promise<Target> {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
  await removeOld(folder);
  const own = `${Date.now()}-${Math.random().toString(36).slice(2)}.parquet`;
  const handle = await folder.getFileHandle(own, { create: true });
  return streamTarget(handle, {
    async finish() {
      const file = new File([await handle.getFile()], name);
      saveBlob(name, file);
      return { file, downloaded: true };
    },
    remove: () => folder.removeEntry(own),
  });
}

async function removeOld(folder: FileSystemDirectoryHandle): Promise<void> {
  const entries = (folder as unknown as { values(): AsyncIterable<FileSystemHandle> }).values();
  for await (const entry of entries) {
    const born = Number(entry.name.split('-')[0]);
    if (!(Date.now() - born < KEPT_MS)) await folder.removeEntry(entry.name).catch(() => {});
  }
}

async function streamTarget(
  handle: FileSystemFileHandle,
  { finish, remove }: { finish: Target['finish']; remove: () => Promise<void> },
): Promise<Target> {
  const stream = await handle.createWritable();
  return {
    write: (bytes) => stream.write(bytes).catch(refuse),
    async finish() {
      await stream.close().catch(refuse);
      return finish();
    },
    async discard() {
      await stream.abort().catch(() => {});
      await remove().catch(() => {});
    },
  };
}

/** In memory, where there is no other place. */
function memoryTarget(name: string): Target {
  let parts: Blob[] = [];
  return {
    async write(bytes) {
      // Browsers keep blobs on the disk where they are large.
      parts.push(new Blob([bytes]));
    },
    async finish() {
      const file = new File(parts, name);
      saveBlob(name, file);
      return { file, downloaded: true };
    },
    async discard() {
      parts = [];
    },
  };
}

const refuse = (error: unknown) => {
  throw unwritable(error);
};

function unwritable(cause: unknown): LumiscopeError {
  const { name, message } = cause as Error;
  const full = name === 'QuotaExceededError';
  return new LumiscopeError('limit', full ? 'there is no room for the file' : `the file can't be written: ${message}`, {
    hint: full ? 'make room on the disk, or save fewer columns or events' : 'choose another place',
    cause,
  });
}
