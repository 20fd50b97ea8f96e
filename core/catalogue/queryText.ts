/** The text of a query while a person changes it: completion, and what facets tick. */
import { parseQuery, type Term } from './query.ts';
import { fieldOf, QUERY_FIELDS, type QueryField } from './queryFields.ts';

/** What can stand at the cursor. */
export interface Completions {
  /** `[from, to)` of the text that an option takes the place of. */
  from: number;
  to: number;
  options: { text: string; about: string }[];
}

const MOST_OPTIONS = 12;

/**
 * Names of fields, or values of the field whose value is being written.
 * @param valuesOf values of a text field, the most frequent first
 */
export function completeQuery(
  text: string,
  cursor: number,
  valuesOf: (field: string) => readonly string[],
): Completions | undefined {
  const [word = ''] = /[^\s"]*$/.exec(text.slice(0, cursor)) ?? [];
  const [, rest = ''] = /^([^\s",:]*)/.exec(text.slice(cursor)) ?? [];
  const [, minus = '', name, value] = /^(-?)(?:(\w+):)?(.*)$/s.exec(word)!;
  if (name === undefined) {
    const begin = value!.toLowerCase();
    if (begin === '') return undefined;
    const options = QUERY_FIELDS.filter(
      (field) => field.name.startsWith(begin) || field.aliases?.some((alias) => alias.startsWith(begin)),
    ).map((field) => ({ text: `${nameLike(field, begin)}:`, about: field.about }));
    const colon = text[cursor + rest.length] === ':' ? 1 : 0;
    return some({ from: cursor - word.length + minus.length, to: cursor + rest.length + colon, options });
  }
  const field = fieldOf(name);
  if (!field) return undefined;
  const [last = ''] = /[^,]*$/.exec(value!) ?? [];
  const values = field.kind === 'flag' ? ['yes', 'no'] : field.kind === 'text' ? valuesOf(field.name) : [];
  const options = values
    .filter((one) => one !== '' && one.toLowerCase().includes(last.toLowerCase()))
    .map((one) => ({ text: quoted(one), about: field.name }));
  return some({ from: cursor - last.length, to: cursor + rest.length, options });
}

/** The name or the alias that was begun. */
function nameLike({ name, aliases = [] }: QueryField, begin: string): string {
  return name.startsWith(begin) ? name : aliases.find((alias) => alias.startsWith(begin))!;
}

function some({ options, ...place }: Completions): Completions | undefined {
  return options.length > 0 ? { ...place, options: options.slice(0, MOST_OPTIONS) } : undefined;
}

/** What is ticked of a field: what a term asks of it, if a single one does, and asks it to hold. */
export function chosenOf(terms: readonly Term[], field: string): { term?: Term; values: readonly string[] } {
  const own = terms.filter((term) => term.field?.name === field && !term.negated);
  return own.length === 1 ? { term: own[0]!, values: own[0]!.alternatives } : { values: [] };
}

/** The text with other values ticked of a field, in the place of the term that asks for it. @throws LumiscopeError `expression` where the text is wrong */
export function withChosen(text: string, field: string, values: readonly string[]): string {
  const { term } = chosenOf(parseQuery(text), field);
  const written =
    values.length === 0 ? '' : `${field}:${values.map((value) => (value === '' ? 'none' : quoted(value))).join(',')}`;
  if (!term) return [text.trim(), written].filter(Boolean).join(' ');
  const [from, to] = term.span;
  return [text.slice(0, from).trim(), written, text.slice(to).trim()].filter(Boolean).join(' ');
}

/** A value as a query can hold it. */
function quoted(value: string): string {
  return /[\s,]|^none$/.test(value) ? `"${value.replaceAll('"', '')}"` : value;
}
