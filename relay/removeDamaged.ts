import { stagedPath } from '../../core/ingest/layout.ts';
import type { Validation } from '../../core/ingest/validation.ts';
import { sha256 } from '../../workers/catalogue/sha256.ts';
import type { ObjectStore } from '../../workers/objects/objectStore.ts';

/**
 * Removes an object whose bytes have not the checksum that is its name: nobody can use it, and while it is there it can't be staged again.
 * @param path of the object that could not be read; one whose checksum is right stays
 */
export async function removeDamaged(
  objects: ObjectStore,
  chosen: Validation['objects'],
  path: string | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const damaged = chosen.find((object) => stagedPath(object.sha256) === path);
  const found = damaged && (await objects.read(stagedPath(damaged.sha256), signal));
  if (!found || (await sha256(found.bytes)) === damaged.sha256) return false;
  await objects.remove(stagedPath(damaged.sha256), signal);
  return true;
}
