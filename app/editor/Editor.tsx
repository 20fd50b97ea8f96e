import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, indentLess, insertTab } from '@codemirror/commands';
import {
  bracketMatching,
  type IndentContext,
  indentService,
  indentUnit,
  syntaxHighlighting,
} from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Annotation, EditorState, type Extension, Prec, type StateCommand } from '@codemirror/state';
import { type Command, drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { useContextual } from '../store/context.tsx';
import type { Actions, Explorer } from '../store/explorer.ts';
import type { ExplorerState } from '../store/state.ts';
import { textChange } from '../store/textChange.ts';
import { documentCompletion, documentHover } from './complete.ts';
import styles from './Editor.module.css';
import { documentLanguage } from './language.ts';
import { movingNumbers } from './numbers.ts';
import { askRename, renaming } from './rename.ts';
import { editorTheme, highlight } from './theme.ts';

/** Marks changes that come from the store, so that they don't go back there. */
const fromStore = Annotation.define<boolean>();

/** The text of the document. The store's text is the truth; the editor shows it and tells of what is typed. */
export default function Editor() {
  const explorer = useContextual();
  const parent = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { store } = explorer;
    const view = new EditorView({
      parent: parent.current!,
      state: EditorState.create({ doc: store.getState().text, extensions: extensions(explorer) }),
    });
    showProblems(view, store.getState());
    fulfil(view, explorer);
    const unsubscribe = store.subscribe((state, before) => follow(view, explorer, state, before));
    // The list of problems below comes and goes while somebody types: the cursor stays in sight.
    const sized = new ResizeObserver(() => {
      if (view.hasFocus) view.dispatch({ effects: EditorView.scrollIntoView(view.state.selection.main.head) });
    });
    sized.observe(parent.current!);
    return () => {
      sized.disconnect();
      unsubscribe();
      view.destroy();
    };
  }, [explorer]);
  return <div ref={parent} className={styles.editor} />;
}

function extensions({ actions, store }: Explorer): Extension[] {
  const runNow = () => {
    actions.run();
    return true;
  };
  return [
    lineNumbers(),
    lintGutter(),
    drawSelection(),
    highlightActiveLine(),
    bracketMatching(),
    closeBrackets(),
    search({ top: true }),
    highlightSelectionMatches(),
    indentUnit.of('  '),
    indentService.of(indentAfterKey),
    EditorState.tabSize.of(2),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': 'Text of the analysis', spellcheck: 'false', tabindex: '0' }),
    documentLanguage,
    syntaxHighlighting(highlight),
    autocompletion({ override: [documentCompletion(store.getState)], icons: false }),
    documentHover({ actions, store }),
    editorTheme,
    Prec.high(keymap.of([{ key: 'Mod-Enter', run: runNow }])),
    historyOf(actions),
    renaming({ actions, store }),
    movingNumbers({ actions, store }),
    keymap.of([{ key: 'Shift-Alt-f', run: () => actions.tidy() === undefined }]),
    keymap.of([
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...searchKeymap,
      ...lintKeymap,
      // Tab indents what is selected, and else moves on: nobody is trapped in the editor.
      { key: 'Tab', run: ifSelected(insertTab), shift: ifSelected(indentLess) },
      ...defaultKeymap,
    ]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && !update.transactions.some((t) => t.annotation(fromStore)))
        actions.setText(update.state.doc.toString());
    }),
  ];
}

/** Undo and redo by key, and from the browser's own menu, go through the document's one history. */
function historyOf({ undo, redo }: Actions): Extension {
  const done = (act: () => void) => () => {
    act();
    return true;
  };
  return [
    keymap.of([
      { key: 'Mod-z', run: done(undo), shift: done(redo), preventDefault: true },
      { key: 'Mod-y', run: done(redo), preventDefault: true },
    ]),
    EditorView.domEventHandlers({
      beforeinput(event) {
        const act = { historyUndo: undo, historyRedo: redo }[event.inputType];
        if (!act) return false;
        event.preventDefault();
        act();
        return true;
      },
    }),
  ];
}

/** Below a key without a value its mapping begins, one step further in. */
function indentAfterKey({ state }: IndentContext, pos: number): number | undefined {
  const { number, text } = state.doc.lineAt(pos);
  const before = text.trim() === '' && number > 1 ? state.doc.line(number - 1).text : text;
  const [, outer] = /^(\s*(?:- )*)[^\s#][^#]*:\s*(?:#.*)?$/.exec(before) ?? [];
  return outer === undefined ? undefined : outer.length + 2;
}

/** A command that leaves the key to the browser where nothing is selected. */
function ifSelected(command: StateCommand): Command {
  return (view) => !view.state.selection.main.empty && command(view);
}

/** Brings what changed in the store into the editor. */
function follow(view: EditorView, explorer: Explorer, state: ExplorerState, before: ExplorerState): void {
  if (state.text !== before.text) {
    const changes = textChange(view.state.doc.toString(), state.text);
    if (changes) view.dispatch({ changes, annotations: fromStore.of(true) });
  }
  const { restored } = state.history;
  if (restored && state.history !== before.history) show(view, [restored[1], restored[1]], 'nearest');
  if (state.problems !== before.problems) showProblems(view, state);
  if (state.wish !== before.wish) fulfil(view, explorer);
}

const fulfilled = new WeakSet<object>();

/** Goes where the person asked to go, once; also where the editor has come up for that. */
function fulfil(view: EditorView, explorer: Explorer): void {
  const { wish } = explorer.store.getState();
  if (!wish || fulfilled.has(wish)) return;
  fulfilled.add(wish);
  view.focus();
  if ('span' in wish) show(view, wish.span, 'center');
  else askRename(view, explorer);
}

/** Selects a place of the text and brings it into view. */
function show(view: EditorView, span: [number, number], y: 'center' | 'nearest'): void {
  const [anchor, head] = span.map((at) => Math.min(at, view.state.doc.length)) as [number, number];
  view.dispatch({ selection: { anchor, head }, effects: EditorView.scrollIntoView(anchor, { y, yMargin: 40 }) });
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
