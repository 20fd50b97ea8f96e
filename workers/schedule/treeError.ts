import type { PlainError } from '../../core/errors.ts';
import type { FileAddress } from '../io/byteSource.ts';

/** An error about the trees of a file, at the place of data set `index` that says which one; at its name where nothing does. */
export function treeError(error: PlainError, index: number, { tree }: FileAddress): PlainError {
  const keys = ['datasets', index, tree === undefined ? 'name' : 'tree'];
  return { ...error, tag: 'document', place: { ...error.place, path: keys.join('.'), keys } };
}
