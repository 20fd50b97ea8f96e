/** Patterns of names: `*` is any run of characters but `/`, `**` any run at all, `?` one character in a name that has a `*`. */

/** Whether a name is a pattern. */
export const isPattern = (name: string): boolean => name.includes('*');

/** What every match starts with: all before the first special character. */
export function prefixOf(pattern: string): string {
  return /^[^*?]*/.exec(pattern)![0];
}

/** Tells which names a pattern matches, from start to end; `**` and the slash after it also stand for no folder at all. */
export function matcher(pattern: string): (name: string) => boolean {
  const steps = pattern.match(/\*\*\/|\*+|\?|./gsu) ?? [];
  // Each state is a step that comes next. All are followed at once: a regular expression would try them one after the other, for ever.
  const enter = (states: Set<number>, at: number) => {
    states.add(at);
    if (steps[at]?.startsWith('*')) enter(states, at + 1);
  };
  const begin = new Set<number>();
  enter(begin, 0);
  return (name) => {
    let states = begin;
    for (const character of name) {
      const next = new Set<number>();
      for (const at of states) {
        const step = steps[at];
        if (step === '**/') {
          next.add(at);
          if (character === '/') enter(next, at + 1);
        } else if (step === '*' ? character !== '/' : step?.startsWith('*')) enter(next, at);
        else if (step === character || (step === '?' && character !== '/')) enter(next, at + 1);
      }
      states = next;
    }
    return states.has(steps.length);
  };
}
