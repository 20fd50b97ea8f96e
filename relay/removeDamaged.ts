import { stagedPath } from '../core/ingest/layout.ts';
import { sha256 } from '../workers/catalogue/sha256.ts';
import type { ObjectStore } from '../workers/objects/objectStore.ts';

/**
 * Removes a staged object whose bytes have not the checksum that is its name: nobody can use it, and while it is there it can't be staged again.
 * @returns whether it was removed: one whose checksum is right stays
 */
export async function removeDamaged(objects: ObjectStore, name: string, signal: AbortSignal): Promise<boolean> {
  const found = await objects.read(stagedPath(name), signal);
  if (!found || (await sha256(found.bytes)) === name) return false;
  await objects.remove(stagedPath(name), signal);
  return true;
}
