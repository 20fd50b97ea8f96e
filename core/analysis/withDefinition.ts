import { LumiscopeError } from '../errors.ts';
import { locate, parseDocument } from './yaml.ts';

/**
 * The text with another number as a definition; nothing else of it changes. A part of its own, since sliders of definitions are there before the
 * first plot. @throws LumiscopeError 'document' where there is no such definition
 */
export function withDefinition(text: string, name: string, value: number): string {
  const found = parseDocument(text).document?.define.find((one) => one.name === name);
  const span = found && locate(text, ['define', name], [0, found.expression.length])?.span;
  if (!span) throw new LumiscopeError('document', `there is no ${name} in the document`);
  return text.slice(0, span[0]) + String(value) + text.slice(span[1]);
}
