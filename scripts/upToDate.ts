import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Whether all outputs are there and none is older than the newest source; folders count with all that is in them. */
export function isUpToDate(outputs: string[], sources: string[]): boolean {
  const made = outputs.flatMap((path) => times(join(root, path)));
  if (made.length < outputs.length) return false;
  const newest = Math.max(...sources.flatMap((path) => times(join(root, path))));
  return Math.min(...made) >= newest;
}

/** Modification times of a file, or of the files of a folder; nothing where it is missing. */
function times(path: string): number[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return [];
  if (!stat.isDirectory()) return [stat.mtimeMs];
  return readdirSync(path).flatMap((name) => times(join(path, name)));
}
