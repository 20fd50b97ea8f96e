/** What the parts of the form share: the document that they show, and the one way to change it. */
import { createContext, useContext, useMemo } from 'react';
import type { AnalysisDocument, HistogramSpec } from '../../core/analysis/document.ts';
import { contextAt } from '../../core/analysis/scope.ts';
import { type DocumentEdit, editDocument, parseDocument } from '../../core/analysis/yaml.ts';
import { toPlain } from '../../core/errors.ts';
import type { Context } from '../../core/expr/context.ts';
import type { Schema } from '../../core/schema/schema.ts';
import { sentence } from '../sentence.ts';
import { useExplorer } from '../store/context.tsx';
import type { Explorer } from '../store/explorer.ts';

/** Changes the document, if it is a document afterwards. @returns what is wrong with the change */
export type Change = (edits: DocumentEdit[], step?: string) => string | undefined;

/** Changes parts of a histogram; undefined removes one. */
export type SetHistogram = (part: Partial<HistogramSpec>, step?: string) => string | undefined;

export interface FormState {
  document: AnalysisDocument;
  change: Change;
}

const Shared = createContext<FormState | undefined>(undefined);

export const FormProvider = Shared.Provider;

export function useForm(): FormState {
  const state = useContext(Shared);
  if (!state) throw new Error('no form above this component');
  return state;
}

/**
 * Changes of a form never make the text wrong: what is refused stays in its field with the reason. `step` is set while somebody
 * types: the run waits for a pause.
 */
export function createChange({ store, actions }: Explorer): Change {
  return (edits, step) => {
    try {
      const [error] = parseDocument(editDocument(store.getState().text, edits)).errors;
      const refused = error ?? actions.edit(edits, step, step !== undefined);
      return refused && sentence([refused.message, refused.hint].filter(Boolean).join('. '));
    } catch (error) {
      return sentence(toPlain(error).message);
    }
  };
}

/** What expressions may use after all definitions; undefined where there are no data yet. */
export function useExpressionContext(): { context: Context; schema: Schema } | undefined {
  const { document } = useForm();
  const schema = useExplorer((s) => s.schema);
  return useMemo(() => schema && { context: contextAt(document, schema, []), schema }, [document, schema]);
}

/** What is wrong with the value at some keys of the document, by the checker. */
export function useProblem(keys: readonly (string | number)[]): string | undefined {
  const problem = useExplorer((s) =>
    s.problems.find((p) => p.keys.length === keys.length && keys.every((key, i) => key === p.keys[i])),
  );
  return problem && sentence([problem.message, problem.hint].filter(Boolean).join('. '));
}

/** A name that is not taken: `cut 2`. */
export function freshName(stem: string, taken: readonly string[], separator = ' '): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? stem : `${stem}${separator}${n}`;
    if (!taken.includes(name)) return name;
  }
}
