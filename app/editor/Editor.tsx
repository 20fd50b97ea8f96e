import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentLess, insertTab } from '@codemirror/commands';
import { bracketMatching, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Annotation, EditorState, type Extension, Prec, type StateCommand } from '@codemirror/state';
import { type Command, drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { useActions, useContextual } from '../store/context.tsx';
import type { Explorer } from '../store/explorer.ts';
import type { ExplorerState } from '../store/state.ts';
import { completeExpression } from './complete.ts';
import styles from './Editor.module.css';
import { documentLanguage } from './language.ts';
import { editorTheme, highlight } from './theme.ts';

/** Marks changes that come from the store, so that they don't go back there. */
const fromStore = Annotation.define<boolean>();

/** The text of the document. The store's text is the truth; the editor shows it and tells of what is typed. */
export default function Editor() {
  const explorer = useContextual();
  const { setText, run } = useActions();
  const parent = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { store } = explorer;
    const view = new EditorView({
      parent: parent.current!,
      state: EditorState.create({ doc: store.getState().text, extensions: extensions(explorer, setText, run) }),
    });
    showProblems(view, store.getState());
    const unsubscribe = store.subscribe((state, before) => follow(view, state, before));
    return () => {
      unsubscribe();
      view.destroy();
    };
  }, [explorer, setText, run]);
  return <div ref={parent} className={styles.editor} />;
}

function extensions(explorer: Explorer, setText: (text: string) => void, run: () => void): Extension[] {
  const runNow = () => {
    run();
    return true;
  };
  return [
    lineNumbers(),
    lintGutter(),
    history(),
    drawSelection(),
    highlightActiveLine(),
    bracketMatching(),
    closeBrackets(),
    search({ top: true }),
    highlightSelectionMatches(),
    indentUnit.of('  '),
    EditorState.tabSize.of(2),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': 'Text of the analysis', spellcheck: 'false', tabindex: '0' }),
    documentLanguage,
    syntaxHighlighting(highlight),
    autocompletion({ override: [completeExpression(() => explorer.store.getState())], icons: false }),
    editorTheme,
    Prec.high(keymap.of([{ key: 'Mod-Enter', run: runNow }])),
    keymap.of([
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...lintKeymap,
      // Tab indents what is selected, and else moves on: nobody is trapped in the editor.
      { key: 'Tab', run: ifSelected(insertTab), shift: ifSelected(indentLess) },
      ...defaultKeymap,
    ]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && !update.transactions.some((t) => t.annotation(fromStore)))
        setText(update.state.doc.toString());
    }),
  ];
}

/** A command that leaves the key to the browser where nothing is selected. */
function ifSelected(command: StateCommand): Command {
  return (view) => !view.state.selection.main.empty && command(view);
}

/** Brings what changed in the store into the editor. */
function follow(view: EditorView, state: ExplorerState, before: ExplorerState): void {
  if (state.text !== before.text) {
    const old = view.state.doc.toString();
    if (old !== state.text)
      view.dispatch({ changes: smallestChange(old, state.text), annotations: fromStore.of(true) });
  }
  if (state.problems !== before.problems) showProblems(view, state);
  if (state.wish && state.wish !== before.wish) {
    const length = view.state.doc.length;
    const [anchor, head] = state.wish.span.map((at) => Math.min(at, length)) as [number, number];
    view.dispatch({ selection: { anchor, head }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
    view.focus();
  }
}

/** One replacement that leaves alike beginnings and ends alone, so that cursor and history stay meaningful. */
function smallestChange(from: string, to: string): { from: number; to: number; insert: string } {
  let start = 0;
  const most = Math.min(from.length, to.length);
  while (start < most && from[start] === to[start]) start++;
  let end = 0;
  while (end < most - start && from[from.length - 1 - end] === to[to.length - 1 - end]) end++;
  return { from: start, to: from.length - end, insert: to.slice(start, to.length - end) };
}

function showProblems(view: EditorView, { problems }: ExplorerState): void {
  const length = view.state.doc.length;
  const diagnostics = problems.map(({ span, message, hint }) => {
    const from = Math.min(span[0], length);
    return {
      from,
      to: Math.max(from, Math.min(span[1], length)),
      severity: 'error' as const,
      message: hint ? `${message}\n${hint}` : message,
    };
  });
  view.dispatch(setDiagnostics(view.state, diagnostics));
}
