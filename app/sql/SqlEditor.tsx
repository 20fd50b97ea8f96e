import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from '@codemirror/commands';
import { PostgreSQL, type SQLNamespace, sql } from '@codemirror/lang-sql';
import { bracketMatching, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { searchKeymap } from '@codemirror/search';
import { Annotation, Compartment, EditorState, type Extension, Prec, type StateCommand } from '@codemirror/state';
import { type Command, drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import type { PlainError } from '../../core/errors.ts';
import type { SqlTable } from '../../workers/sql/sqlDatabase.ts';
import { editorTheme, highlight } from '../editor/theme.ts';

const fromOutside = Annotation.define<boolean>();

interface Props {
  text: string;
  tables: readonly SqlTable[];
  error: PlainError | undefined;
  onText(text: string): void;
  onRun(): void;
  className: string | undefined;
}

/** The text of a question: names of tables and columns are completed, and an error stands at its place. */
export default function SqlEditor({ text, tables, error, onText, onRun, className }: Props) {
  const parent = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const language = useRef(new Compartment()).current;
  const told = useRef({ onText, onRun });
  told.current = { onText, onRun };

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once, and follows below
  useEffect(() => {
    const made = new EditorView({
      parent: parent.current!,
      state: EditorState.create({
        doc: text,
        extensions: [
          language.of(sqlOf(tables)),
          extensions(
            () => told.current.onRun(),
            (now) => told.current.onText(now),
          ),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, []);

  useEffect(() => {
    const { current } = view;
    if (!current || current.state.doc.toString() === text) return;
    const changes = { from: 0, to: current.state.doc.length, insert: text };
    current.dispatch({ changes, annotations: fromOutside.of(true) });
  }, [text]);

  useEffect(() => {
    view.current?.dispatch({ effects: language.reconfigure(sqlOf(tables)) });
  }, [tables, language]);

  useEffect(() => {
    const { current } = view;
    if (!current) return;
    const { length } = current.state.doc;
    const [from, to] = (error?.place.span ?? [0, 0]).map((at) => Math.min(at, length)) as [number, number];
    const diagnostics = error?.place.span ? [{ from, to, severity: 'error' as const, message: error.message }] : [];
    current.dispatch(setDiagnostics(current.state, diagnostics));
  }, [error]);

  return <div ref={parent} className={className} />;
}

function extensions(run: () => void, typed: (text: string) => void): Extension {
  const runNow = () => {
    run();
    return true;
  };
  return [
    lineNumbers(),
    lintGutter(),
    drawSelection(),
    highlightActiveLine(),
    bracketMatching(),
    closeBrackets(),
    history(),
    indentUnit.of('  '),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': 'Question in SQL', spellcheck: 'false', tabindex: '0' }),
    syntaxHighlighting(highlight),
    autocompletion({ icons: false }),
    editorTheme,
    // The page around it runs analyses by the same key.
    Prec.high(keymap.of([{ key: 'Mod-Enter', run: runNow, stopPropagation: true }])),
    keymap.of([
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...searchKeymap,
      ...historyKeymap.map((binding) => ({ ...binding, stopPropagation: true })),
      // Tab indents what is selected, and else moves on: nobody is trapped in the editor.
      { key: 'Tab', run: ifSelected(indentMore), shift: ifSelected(indentLess) },
      ...defaultKeymap,
    ]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && !update.transactions.some((t) => t.annotation(fromOutside)))
        typed(update.state.doc.toString());
    }),
  ];
}

function ifSelected(command: StateCommand): Command {
  return (view) => !view.state.selection.main.empty && command(view);
}

function sqlOf(tables: readonly SqlTable[]): Extension {
  const schema: SQLNamespace = Object.fromEntries(
    tables.map(({ name, columns }) => [
      name,
      columns.map((column) => ({
        label: column.name,
        type: 'property',
        detail: column.type + '[]'.repeat(column.depth),
      })),
    ]),
  );
  return sql({ dialect: PostgreSQL, schema, upperCaseKeywords: true });
}
