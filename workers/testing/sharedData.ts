import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Path of a real file to test with, beside the project in `../shared/data`; undefined where it is missing, and then a
 * test is skipped: `test.skipIf(!path)`.
 */
export function sharedData(name: string): string | undefined {
  const path = fileURLToPath(new URL(`../../../shared/data/${name}`, import.meta.url));
  return existsSync(path) ? path : undefined;
}
