import { LumiscopeError } from '../errors.ts';
import type { Span } from './ast.ts';

/** An error in an expression, at a place of its text. */
export function expressionError(message: string, span: Span, hint?: string): LumiscopeError {
  return new LumiscopeError('expression', message, { hint, place: { span } });
}
