import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap } from '@codemirror/commands';
import { bracketMatching, LRLanguage, syntaxHighlighting } from '@codemirror/language';
import { Annotation, EditorState, type Extension } from '@codemirror/state';
import { EditorView, keymap, placeholder as placeholderOf } from '@codemirror/view';
import { parser } from '@lezer/python';
import { useEffect, useId, useRef } from 'react';
import { completeAt } from '../../core/analysis/assist.ts';
import { BEGUN, toResult } from '../editor/complete.ts';
import { editorTheme, highlight } from '../editor/theme.ts';
import { useContextual } from '../store/context.tsx';
import { textChange } from '../store/textChange.ts';
import { useProblem } from './context.ts';
import styles from './Form.module.css';
import { useDraft } from './useDraft.ts';

const python = LRLanguage.define({ parser });
const fromDocument = Annotation.define<boolean>();

/** An expression on a line, with the completion of the editor; what is wrong with it stands below. */
export function ExpressionField({
  label,
  quiet,
  keys,
  value,
  placeholder,
  onText,
}: {
  label: string;
  quiet?: boolean;
  /** Where in the document it stands: what it may use, and whose problems are its own. */
  keys: readonly (string | number)[];
  value: string | undefined;
  placeholder?: string;
  onText: (text: string, step: string) => string | undefined;
}) {
  const explorer = useContextual();
  const id = useId();
  const parent = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView>(undefined);
  // Blanks at the ends mean nothing, but would need quotes in the text, which stay.
  const draft = useDraft(value ?? '', (text, step) => onText(text.trim(), step));
  const problem = useProblem(keys);
  const message = draft.message ?? problem;
  /** The editor outlives renderings: it asks for what is true now. */
  const now = useRef({ draft, keys, explorer });
  now.current = { draft, keys, explorer };

  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; what changes is in `now`
  useEffect(() => {
    const view = new EditorView({
      parent: parent.current!,
      state: EditorState.create({
        doc: draft.shown,
        extensions: [
          extensions(label, `${id}-message`, placeholder),
          autocompletion({
            icons: false,
            override: [
              ({ state, pos, explicit }) => {
                const text = state.doc.toString();
                const before = text.slice(0, pos);
                if (!explicit && !BEGUN.test(before)) return null;
                const { keys: at, explorer: from } = now.current;
                return toResult(completeAt(from.store.getState(), at, before, text.slice(pos)), pos);
              },
            ],
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged && !update.transactions.some((t) => t.annotation(fromDocument)))
              now.current.draft.type(update.state.doc.toString());
          }),
          EditorView.domEventHandlers({
            focus: () => now.current.draft.begin(),
            blur: () => now.current.draft.end(),
          }),
        ],
      }),
    });
    editor.current = view;
    return () => view.destroy();
  }, [label, id, placeholder]);

  useEffect(() => {
    const view = editor.current!;
    const changes = textChange(view.state.doc.toString(), draft.shown);
    if (changes) view.dispatch({ changes, annotations: fromDocument.of(true) });
  }, [draft.shown]);

  return (
    <div className={styles.expression} data-wrong={message ? true : undefined}>
      {!quiet && <span className={styles.label}>{label}</span>}
      <div ref={parent} className={styles.code} data-part-of-document />
      <p id={`${id}-message`} className={styles.message}>
        {message}
      </p>
    </div>
  );
}

function extensions(label: string, message: string, placeholder: string | undefined): Extension[] {
  return [
    bracketMatching(),
    closeBrackets(),
    python,
    syntaxHighlighting(highlight),
    editorTheme,
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label, 'aria-describedby': message, spellcheck: 'false' }),
    placeholder ? placeholderOf(placeholder) : [],
    keymap.of([
      ...closeBracketsKeymap,
      ...completionKeymap,
      // An expression is one line; Enter means nothing, and undo is the page's.
      { key: 'Enter', run: (view) => acceptCompletion(view) || true },
      ...defaultKeymap.filter(({ key }) => key !== 'Enter' && key !== 'Mod-Enter'),
    ]),
  ];
}
