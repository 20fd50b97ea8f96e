import { locate } from '../../core/analysis/locate.ts';
import type { PlainError } from '../../core/errors.ts';
import type { Problem } from './state.ts';

/** Whether an error is about a place of the document, so that it can be shown there. */
export function isInDocument(error: PlainError): boolean {
  return (
    error.place.keys !== undefined && (error.tag === 'document' || error.tag === 'expression' || error.tag === 'limit')
  );
}

/** An error of parsing: its place is one of the text already. */
export function textProblem(text: string, error: PlainError): Problem {
  const { line = 1, col = 1, span = [0, Math.min(1, text.length)], keys = [] } = error.place;
  return { message: error.message, hint: error.hint, span, line, col, keys };
}

/** An error of compiling or running: its place is keys of the document and a span in the expression there. */
export function documentProblem(text: string, error: PlainError): Problem {
  const keys = error.place.keys ?? [];
  const place = locate(text, keys, error.place.span) ?? {
    line: 1,
    col: 1,
    span: [0, Math.min(1, text.length)] as [number, number],
  };
  return { message: error.message, hint: error.hint, ...place, keys };
}
