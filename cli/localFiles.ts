import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LumiscopeError } from '../core/errors.ts';
import { matcher, prefixOf } from '../workers/io/glob.ts';
import { MOST_FILES } from '../workers/io/locate.ts';

/**
 * Paths that match a pattern, sorted. @param folder what a relative one starts from
 * @throws LumiscopeError `source` where none does; `limit`
 */
export async function matchingPaths(pattern: string, folder: string): Promise<string[]> {
  const whole = resolve(folder, pattern);
  const matches = matcher(whole);
  const deep = whole.includes('**');
  const levels = whole.split('/').length;
  const found: string[] = [];
  const walk = async (at: string): Promise<void> => {
    const entries = await readdir(at, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = join(at, entry.name);
      // A link to a folder may lead back above it.
      if (entry.isDirectory() && (deep || path.split('/').length < levels)) await walk(path);
      else if (!entry.isDirectory() && matches(path)) found.push(path);
      if (found.length > MOST_FILES)
        throw new LumiscopeError('limit', `${pattern}: more than ${MOST_FILES} files match`, {
          hint: 'write a longer beginning before the *',
          place: { file: pattern },
        });
    }
  };
  await walk(prefixOf(whole).replace(/[^/]*$/, '') || '/');
  if (found.length > 0) return found.sort();
  throw new LumiscopeError('source', `${pattern}: no file matches`, {
    hint: 'check the pattern: * is any run of characters but /, ** any run at all',
    place: { file: pattern },
  });
}
