import { OpfsDisk } from './opfsDisk.ts';
import { RangeStore, type StoreOptions } from './rangeStore.ts';

/** A store in a folder of the origin's private file system. @throws what the browser says where it gives none */
export async function openOpfsStore(folder: string, options?: StoreOptions): Promise<RangeStore> {
  const root = await navigator.storage.getDirectory();
  return new RangeStore(new OpfsDisk(await root.getDirectoryHandle(folder, { create: true })), options);
}
