import { stat } from 'node:fs/promises';
import { LumiscopeError } from '../../core/errors.ts';

/** Code of this program's own: a device, or a symbolic link that leads nowhere. */
export const NO_FILE = 'LUMISCOPE_NO_FILE';

const HINTS: Record<string, [message: string, hint: string]> = {
  ENOSPC: ['the disk is full', 'free some space there, or use a folder on another disk'],
  EDQUOT: ['the quota of this disk is used up', 'free some space there, or use a folder on another disk'],
  EACCES: ['this program may not write or read there', 'give its user the right to read and write the folder'],
  EPERM: ['this program may not do that there', 'give its user the right to read and write the folder'],
  EROFS: ['the disk is read-only', 'mount it for writing, or use another folder'],
  ENOTSUP: ['this file system has no hard links', 'use a folder on a local disk, or a bucket'],
  ENOSYS: ['this file system has no hard links', 'use a folder on a local disk, or a bucket'],
  ENOENT: ['no folder can be made there', 'use another folder'],
  ENOTDIR: ['a part of the path is a file', 'use another folder'],
  EEXIST: ['a part of the path is a file', 'use another folder'],
  [NO_FILE]: ['something that is no file is in its place', 'remove it, or use another folder'],
  EISDIR: ['a folder is in its place', 'use another folder'],
  ENAMETOOLONG: ['the name is too long for this disk', 'use shorter names'],
  EMFILE: ['too many files are open', 'raise the limit (ulimit -n)'],
  EIO: ['the disk can not be read or written', 'check the disk'],
};

/** What a file system says, in words. Errors that are none of a file system are passed on. */
export function folderError(path: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof LumiscopeError || !code) return error;
  const [what, hint] = HINTS[code] ?? [message, 'check the folder'];
  return new LumiscopeError('source', `${path}: ${what}`, { hint, place: { file: path }, cause: error });
}

/** Whether a folder that was there is gone. */
export function goneError(folder: string): LumiscopeError {
  return new LumiscopeError('source', `${folder}: the folder is gone`, {
    hint: 'mount its disk again, or restore it: nothing is written in its place',
    place: { file: folder, gone: true },
  });
}

/** Whether an error says that there is no space left in the store. */
export function isFull(error: unknown): boolean {
  for (let at = error as { code?: string; cause?: unknown } | undefined; at; at = at.cause as typeof at)
    if (at.code === 'ENOSPC' || at.code === 'EDQUOT') return true;
  return false;
}

/** `undefined` where there is no such file. */
export async function ifThere<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** @throws what a file system says where it can't be known */
export async function isFolder(path: string): Promise<boolean> {
  return (await ifThere(stat(path)))?.isDirectory() ?? false;
}
