import { LumiscopeError } from '../../core/errors.ts';

/** Names that stores keep to themselves begin so: what is being written, earlier versions, trials. They are never listed. */
export const OWN = '.lumiscope-';

/**
 * A path that is one in every store: names joined by `/`.
 * @throws LumiscopeError `source` for `..`, empty names, backslashes, control characters, names that stores keep to themselves
 */
export function checkedPath(path: string): string {
  const names = path.split('/');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  const isWrong = (name: string) => /^\.{0,2}$|[\\\u0000-\u001f\u007f]/.test(name) || name.startsWith(OWN);
  if (names.some(isWrong))
    throw new LumiscopeError('source', `${JSON.stringify(path)} is no path of an object`, {
      hint: 'use names with / between them: no empty ones, no . or .., no backslashes',
    });
  return path;
}

/** As `checkedPath`, of what paths begin with: its last name may be empty, or a part of one. */
export function checkedPrefix(prefix: string): string {
  const end = prefix.lastIndexOf('/');
  if (end >= 0) checkedPath(prefix.slice(0, end));
  if (prefix.slice(end + 1).includes('\\')) checkedPath(prefix);
  return prefix;
}

/** Whether a path is one of those that stores keep to themselves. */
export function isOwn(path: string): boolean {
  return path.split('/').some((name) => name.startsWith(OWN));
}

/** Left-overs of programs that were killed are removed when they are this old [ms]: nothing takes as long to write. */
export const LEFT_OVER_MS = 3_600_000;

/** The order of listings: that of the paths' bytes in UTF-8. */
export function comparePaths(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
