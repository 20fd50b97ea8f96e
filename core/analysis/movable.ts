/** Numbers of a document that people move: nothing else of its text changes. */
import { LumiscopeError } from '../errors.ts';
import { cutConstants } from './cutConstants.ts';
import { locate, parseDocument } from './yaml.ts';

/** A definition that is a number; or a constant of a cut, by its place among those of the cut. */
export type Movable = { definition: string } | { cut: string; at: number };

/** The text with another number in one place. @throws LumiscopeError 'document' where there is no such number */
export function withNumber(text: string, what: Movable, value: number): string {
  const { document } = parseDocument(text);
  const { keys, span } = placeOf(what, document) ?? {};
  const range = keys && locate(text, keys, span)?.span;
  if (!range) throw new LumiscopeError('document', 'the number to move is not in the text any more');
  return text.slice(0, range[0]) + String(value) + text.slice(range[1]);
}

function placeOf(
  what: Movable,
  document: ReturnType<typeof parseDocument>['document'],
): { keys: string[]; span: [number, number] } | undefined {
  if ('definition' in what) {
    const { name, expression } = document?.define.find((one) => one.name === what.definition) ?? {};
    return name !== undefined && expression !== undefined && Number.isFinite(Number(expression))
      ? { keys: ['define', name], span: [0, expression.length] }
      : undefined;
  }
  const cut = document?.select.find(({ name }) => name === what.cut);
  const constant = cut && cutConstants([{ ...cut, enabled: true }])[what.at];
  return constant && { keys: ['select', constant.cut], span: constant.span };
}
