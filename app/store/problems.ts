import { locate } from '../../core/analysis/locate.ts';
import type { PlainError } from '../../core/errors.ts';
import { treeError } from '../../workers/schedule/treeError.ts';
import type { FileState, Problem } from './state.ts';

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

/** Of the files of data set `at`: where the document says no tree, or a wrong one, of a file that has several. The same of all files is told once. */
export function treeProblems(text: string, files: readonly FileState[], at: number): Problem[] {
  const found = new Map<string, Problem>();
  for (const { error, address } of files) {
    if (!error?.place.trees || !address) continue;
    const problem = documentProblem(text, treeError(error, at, address));
    if (!found.has(String(problem.hint))) found.set(String(problem.hint), problem);
  }
  return [...found.values()];
}
