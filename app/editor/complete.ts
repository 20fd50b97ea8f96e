/** Completion and hover of the editor, from what `core/` knows of documents and expressions. */
import type { CompletionResult, CompletionSource, Completion as Option } from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import { hoverTooltip, type Tooltip } from '@codemirror/view';
import { completeDocument, type Explained, explainDocument, type Known } from '../../core/analysis/assist.ts';
import type { Completion, Completions } from '../../core/expr/complete.ts';
import type { PieceRecord } from '../../workers/eventTable.ts';
import type { Explorer } from '../store/explorer.ts';
import styles from './complete.module.css';
import { exampleText } from './example.ts';

/** Which kinds come first, where names match equally. */
const BOOST: Record<Completion['kind'], number> = {
  variable: 3,
  definition: 2,
  key: 1,
  value: 1,
  field: 1,
  method: 0,
  collection: 1,
  group: 0,
  function: 0,
  column: -2,
};

/** Completes a document's text. */
export function documentCompletion(known: () => Known): CompletionSource {
  return ({ state, pos, explicit }) => {
    const before = state.sliceDoc(Math.max(0, pos - 200), pos);
    if (!explicit && !BEGUN.test(before)) return null;
    return toResult(completeDocument(state.doc.toString(), pos, known()), pos);
  };
}

/** A word that was begun, or a dot after something that may have fields. */
export const BEGUN = /[\p{L}_][\p{L}\p{N}_]*$|[\p{L}\p{N}_)\]]\.$/u;

/** What `core/` offers, as the editor takes it. */
export function toResult(found: Completions | undefined, pos: number): CompletionResult | null {
  if (!found) return null;
  return {
    from: pos - found.replaces,
    options: found.options.map(toOption),
    validFor: /^[\p{L}_][\p{L}\p{N}_]*$/u,
  };
}

/** In the order of the data: what belongs together, such as a four-vector's fields, stays together. */
function toOption({ label, kind, detail, doc, apply }: Completion, i: number): Option {
  return {
    label,
    type: kind,
    boost: BOOST[kind],
    sortText: String(i).padStart(6, '0'),
    ...(detail && { detail }),
    ...(doc && { info: () => paragraphs(doc) }),
    ...(apply && { apply }),
  };
}

function paragraphs(text: string): HTMLElement {
  const box = document.createElement('div');
  box.className = styles.info!;
  for (const line of text.split('\n')) box.append(element('p', line));
  return box;
}

function element(tag: string, text: string, className?: string): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** What stands under the pointer: its type, its unit, what it does, and what it is in the first event that passes. */
export function documentHover({ store, actions }: Pick<Explorer, 'store' | 'actions'>): Extension {
  return hoverTooltip(
    ({ state }, pos): Tooltip | null => {
      const found = explainDocument(state.doc.toString(), pos, store.getState());
      if (!found) return null;
      const [from, to] = found.span;
      const example = found.free ? actions.exampleValue(found.title) : undefined;
      return { pos: from, end: to, above: true, create: () => ({ dom: explanationBox(found, example) }) };
    },
    { hoverTime: 350, hideOnChange: true },
  );
}

/** An explanation on a card; the example comes in when it is known. */
function explanationBox(
  { title, type, unit, doc, expression }: Explained,
  example: Promise<PieceRecord | undefined> | undefined,
): HTMLElement {
  const box = document.createElement('div');
  box.className = styles.hover!;
  box.append(element('code', title.length > 120 ? `${title.slice(0, 119)}…` : title));
  if (type) box.append(element('p', unit ? `${type}, in ${unit}` : type, styles.type));
  if (doc) box.append(element('p', doc));
  if (expression) box.append(element('code', `= ${expression}`, styles.expression));
  example?.then(
    (found) => {
      if (found && !found.error) box.append(element('p', `e.g. ${exampleText(found.value)}`, styles.type));
    },
    () => undefined, // Without the data there is no example.
  );
  return box;
}
