/** Renaming in the editor: a field under the name at the cursor. */
import { type Extension, StateEffect, StateField } from '@codemirror/state';
import { type EditorView, keymap, showTooltip, type Tooltip } from '@codemirror/view';
import { type Nameable, nameableAt } from '../../core/analysis/rename.ts';
import type { DocumentEdit } from '../../core/analysis/yaml.ts';
import { sentence } from '../sentence.ts';
import type { Explorer } from '../store/explorer.ts';
import styles from './rename.module.css';

const asked = StateEffect.define<Tooltip | null>();

/** F2 asks for another name of what stands at the cursor. */
export function renaming(explorer: Pick<Explorer, 'actions' | 'store'>): Extension {
  const field = StateField.define<Tooltip | null>({
    create: () => null,
    update(open, { effects, docChanged }) {
      for (const effect of effects) if (effect.is(asked)) return effect.value;
      return docChanged ? null : open;
    },
    provide: (self) => showTooltip.from(self),
  });
  return [field, keymap.of([{ key: 'F2', run: (view) => askRename(view, explorer) }])];
}

/** Asks for another name of what stands at the cursor; says so where nothing there has a name. */
export function askRename(view: EditorView, { actions, store }: Pick<Explorer, 'actions' | 'store'>): boolean {
  const { head } = view.state.selection.main;
  const definitions = store.getState().document?.define.map(({ name }) => name) ?? [];
  const found = nameableAt(view.state.doc.toString(), head, definitions);
  const close = () => {
    view.dispatch({ effects: asked.of(null) });
    view.focus();
  };
  const rename = (to: string) => {
    const error = found && actions.edit([renameEdit(found, to)]);
    if (!error) close();
    return error && sentence([error.message, error.hint].filter(Boolean).join('. '));
  };
  const dom = found ? renameForm(found, rename, close) : notice();
  view.dispatch({
    effects: asked.of({
      pos: found?.span[0] ?? head,
      arrow: false,
      create: () => ({ dom, mount: () => focusOn(dom) }),
    }),
  });
  // By then there may be another field in its place, or no editor.
  if (!found) setTimeout(() => dom.isConnected && view.dispatch({ effects: asked.of(null) }), 3000);
  return true;
}

const renameEdit = ({ kind, name }: Nameable, to: string): DocumentEdit =>
  ({
    definition: { kind: 'renameDefinition' as const, name, to },
    cut: { kind: 'renameCut' as const, name, to },
    histogram: { kind: 'renameHistogram' as const, name, to },
  })[kind];

function focusOn(dom: HTMLElement): void {
  const input = dom.querySelector('input');
  input?.focus();
  input?.select();
}

function renameForm({ kind, name }: Nameable, rename: (to: string) => string | undefined, close: () => void) {
  const form = document.createElement('form');
  form.className = styles.form!;
  const input = document.createElement('input');
  input.value = name;
  input.spellcheck = false;
  input.setAttribute('aria-label', `New name of the ${kind} ${name}`);
  const message = document.createElement('p');
  message.setAttribute('role', 'alert');
  form.append(input, message);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    message.textContent = rename(input.value.trim()) ?? '';
  });
  form.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Escape') close();
  });
  form.addEventListener('focusout', () => {
    // Not at once: the editor takes the field away in the middle of an update, which can't be followed by another.
    setTimeout(() => form.isConnected && !form.contains(document.activeElement) && close());
  });
  return form;
}

function notice(): HTMLElement {
  const box = document.createElement('div');
  box.className = styles.notice!;
  box.setAttribute('role', 'alert');
  box.textContent = 'Put the cursor on the name of a definition, a cut or a histogram';
  return box;
}
