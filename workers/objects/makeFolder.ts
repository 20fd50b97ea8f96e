import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isFolder } from './folderErrors.ts';

/**
 * Makes a folder and those above it. Node's own way (`recursive`) never ends below a folder that takes none, such as `/proc`, and keeps a thread busy with that.
 * @throws NodeJS.ErrnoException
 */
export async function makeFolder(folder: string): Promise<void> {
  // Who removes empty folders may remove the one above in the meantime.
  for (let tries = 1; ; tries++) {
    try {
      await mkdir(folder);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        if (await isFolder(folder)) return;
        throw error;
      }
      if (dirname(folder) === folder || tries === 5) throw error;
      await makeFolder(dirname(folder));
    }
  }
}
