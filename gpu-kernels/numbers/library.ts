/** The WGSL text of the functions that a module calls, with all that these need. */
import { ARITHMETIC } from './arithmetic.ts';
import { COMPARISONS } from './comparisons.ts';
import { CONVERSIONS } from './conversions.ts';
import { EXPONENTIALS } from './exponentials.ts';
import { INTEGERS } from './integers.ts';
import { PRIMITIVES } from './primitives.ts';
import { ROUNDING } from './rounding.ts';
import { SERIES } from './series.ts';
import { TRIGONOMETRY } from './trigonometry.ts';

interface Declaration {
  name: string;
  text: string;
  /** Other declarations whose names its text has. */
  needs: string[];
}

const SOURCES = [
  PRIMITIVES,
  CONVERSIONS,
  ARITHMETIC,
  COMPARISONS,
  ROUNDING,
  INTEGERS,
  SERIES,
  TRIGONOMETRY,
  EXPONENTIALS,
];

/** One declaration begins at the start of a line; `struct` and `var` are there always. */
const DECLARATION = /^(?=(?:fn|const|struct|var)\b)/m;
const NAME = /^(?:fn|const|struct|var(?:<private>)?)\s+(\w+)/;

function parse(sources: readonly string[]): Map<string, Declaration> {
  const texts = sources.flatMap((source) => source.split(DECLARATION).map((text) => text.trim()));
  const found = new Map<string, Declaration>();
  for (const text of texts) {
    const name = NAME.exec(text)?.[1];
    if (name) found.set(name, { name, text, needs: [] });
  }
  for (const one of found.values())
    one.needs = [...new Set(one.text.match(/\b[a-zA-Z_]\w*/g))].filter((word) => word !== one.name && found.has(word));
  return found;
}

const DECLARATIONS = parse(SOURCES);
const ALWAYS = ['Num', 'doubt', 'zero'];

/**
 * `struct Num`, the private variables `doubt` and `zero`, and the functions called `names` with what they need, in one order whatever the
 * order of `names`: equal sets give equal texts. `main` has to set `zero` to a word that is 0 at run time before any of them is called.
 *
 * @throws TypeError where there is no such function
 */
export function library(names: Iterable<string>): string {
  const wanted = new Set<string>();
  const want = (name: string): void => {
    if (wanted.has(name)) return;
    const declaration = DECLARATIONS.get(name);
    if (!declaration) throw new TypeError(`the number library has no ${name}`);
    wanted.add(name);
    declaration.needs.forEach(want);
  };
  for (const name of [...ALWAYS, ...names]) want(name);
  return [...DECLARATIONS.values()]
    .filter((one) => wanted.has(one.name))
    .map((one) => one.text)
    .join('\n\n');
}
