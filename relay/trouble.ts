import { toPlain } from '../core/errors.ts';
import { isFull } from '../workers/objects/folderErrors.ts';

/** What went wrong with a store. */
export interface Trouble {
  alarm: 'store' | 'disk';
  reason: string;
}

/** @param error of a store, or of a folder of this machine */
export function troubleOf(error: unknown): Trouble {
  return { alarm: isFull(error) ? 'disk' : 'store', reason: toPlain(error).message };
}
