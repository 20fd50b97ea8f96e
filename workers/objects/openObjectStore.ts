import { folderObjects } from './folderObjects.ts';
import type { ObjectStore } from './objectStore.ts';

/**
 * The store at an address: a folder of this machine, `s3://bucket/prefix` with `AWS_*` of the environment, or `https://host/bucket/prefix`.
 * @throws LumiscopeError `source` for an address of another kind
 */
export function openObjectStore(address: string): ObjectStore {
  return folderObjects(address);
}
