/** Patterns of names: `*` is any run of characters but `/`, `**` any run at all, `?` one character in a name that has a `*`. */

/** Whether a name is a pattern. */
export const isPattern = (name: string): boolean => name.includes('*');

/** What every match starts with: all before the first special character. */
export function prefixOf(pattern: string): string {
  return /^[^*?]*/.exec(pattern)![0];
}

/** Tells which names a pattern matches, from start to end; `**` and the slash after it also stand for no folder at all. */
export function matcher(pattern: string): (name: string) => boolean {
  const source = pattern.replace(/\*\*\/|\*+|\?|[\\^$.+()[\]{}|]/g, (part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    return part.startsWith('*') ? '.*' : `\\${part}`;
  });
  const whole = new RegExp(`^${source}$`, 'su');
  return (name) => whole.test(name);
}
