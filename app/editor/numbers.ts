/** Numbers of cuts, and definitions that are numbers, moved in the editor: by a slider under them, or with Alt and the arrow keys. */
import { type Extension, Prec, StateEffect, StateField } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  keymap,
  showTooltip,
  type Tooltip,
  ViewPlugin,
  type ViewUpdate,
  WidgetType,
} from '@codemirror/view';
import { isSame, type Movable, type MovableNumber, movableNumbers, withNumber } from '../../core/analysis/movable.ts';
import { sliderStep, snapped } from '../../core/analysis/slider.ts';
import { SIGNS } from '../components/cutWords.ts';
import type { Explorer } from '../store/explorer.ts';
import { scaleOf } from '../store/quantities.ts';
import { createSlide, type Slide } from '../store/slide.ts';
import styles from './numbers.module.css';

type Surroundings = Pick<Explorer, 'actions' | 'store'>;

/** Milliseconds without a key after which the next one is another step to undo. */
const PAUSE = 500;
/** Milliseconds until the handles follow the cursor. */
const CALM = 120;

const opened = StateEffect.define<Tooltip | null>();
const marked = StateEffect.define<DecorationSet>();

/** A handle behind each number on the line of the cursor; Alt+Up and Alt+Down move the number at the cursor. */
export function movingNumbers(surroundings: Surroundings): Extension {
  const plugin = ViewPlugin.define((view) => new Numbers(view, surroundings));
  const step = (direction: 1 | -1) => (view: EditorView) => view.plugin(plugin)?.step(direction) ?? false;
  return [
    plugin,
    slider,
    handles,
    Prec.high(
      keymap.of([
        { key: 'Alt-ArrowUp', run: step(1) },
        { key: 'Alt-ArrowDown', run: step(-1) },
      ]),
    ),
  ];
}

const slider = StateField.define<Tooltip | null>({
  create: () => null,
  update(open, { effects, changes }) {
    for (const effect of effects) if (effect.is(opened)) return effect.value;
    return open && !changes.empty ? { ...open, pos: changes.mapPos(open.pos, -1) } : open;
  },
  provide: (self) => showTooltip.from(self),
});

const handles = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, { effects, changes }) {
    for (const effect of effects) if (effect.is(marked)) return effect.value;
    return set.map(changes);
  },
  provide: (self) => EditorView.decorations.from(self),
});

/** What moves the numbers of one editor. */
class Numbers {
  readonly #view: EditorView;
  readonly #surroundings: Surroundings;
  readonly #slide: Slide;
  /** Where keys have put a number, until the text has followed. */
  #held: { what: Movable; value: number } | undefined;
  #release: ReturnType<typeof setTimeout> | undefined;
  #look: ReturnType<typeof setTimeout> | undefined;
  #known: { text: string; numbers: MovableNumber[] } = { text: '', numbers: [] };

  constructor(view: EditorView, surroundings: Surroundings) {
    this.#view = view;
    this.#surroundings = surroundings;
    this.#slide = createSlide(surroundings, withNumber);
  }

  update({ docChanged, selectionSet }: ViewUpdate): void {
    if (!docChanged && !selectionSet) return;
    clearTimeout(this.#look);
    this.#look = setTimeout(() => this.#mark(), CALM);
  }

  destroy(): void {
    clearTimeout(this.#look);
    clearTimeout(this.#release);
    this.#slide.stop();
  }

  /** Moves the number at the cursor. @returns whether there is one */
  step(direction: 1 | -1): boolean {
    const { head } = this.#view.state.selection.main;
    const found = this.#numbers().find(({ span }) => span[0] <= head && head <= span[1]);
    if (!found) return false;
    const { what } = found;
    const from = this.#held && isSame(this.#held.what, what) ? this.#held.value : found.value;
    const value = Number((from + direction * sliderStep(this.#scale(found))).toPrecision(12));
    this.#held = { what, value };
    this.#slide.move(what, value);
    clearTimeout(this.#release);
    this.#release = setTimeout(() => {
      this.#held = undefined;
      this.#slide.release();
    }, PAUSE);
    return true;
  }

  /** Opens the slider of a number under it. */
  open(what: Movable): void {
    const number = this.#find(what);
    if (!number) return;
    const scale = this.#scale(number);
    const close = () => this.#view.dispatch({ effects: opened.of(null) });
    const form = sliderForm(wordsOf(number), number.value, scale, {
      move: (to) => this.#slide.move(what, to),
      release: () => this.#slide.release(),
      leave: close,
      close: () => {
        close();
        this.#view.focus();
      },
    });
    const tooltip: Tooltip = {
      pos: number.span[0],
      arrow: false,
      create: () => ({
        dom: form.dom,
        mount: () => form.focus(),
        update: ({ docChanged }) => {
          const now = docChanged ? this.#find(what) : undefined;
          if (now) form.show(now.value);
        },
      }),
    };
    this.#view.dispatch({ effects: opened.of(tooltip) });
  }

  #numbers(): MovableNumber[] {
    const text = this.#view.state.doc.toString();
    if (this.#known.text !== text) this.#known = { text, numbers: movableNumbers(text) };
    return this.#known.numbers;
  }

  #find(what: Movable): MovableNumber | undefined {
    return this.#numbers().find((one) => isSame(one.what, what));
  }

  #scale({ what, value, constant, slider }: MovableNumber): { range: [number, number]; step?: number } {
    const compared = constant?.compared ?? ('definition' in what ? what.definition : '');
    return (
      slider ?? scaleOf({ compared, value }, this.#surroundings.store.getState()) ?? { range: [0, 2 * value || 1] }
    );
  }

  /** Puts handles behind the numbers of the cursor's line. */
  #mark(): void {
    const { state } = this.#view;
    const line = state.doc.lineAt(state.selection.main.head);
    const here = this.#numbers().filter(({ span }) => span[0] >= line.from && span[1] <= line.to);
    const widgets = here.map((number) =>
      Decoration.widget({ widget: new Handle(number.what, wordsOf(number), this), side: 1 }).range(number.span[1]),
    );
    if (widgets.length > 0 || state.field(handles).size > 0)
      this.#view.dispatch({ effects: marked.of(Decoration.set(widgets)) });
  }
}

/** What a number is called: what is compared with it, or its definition. */
function wordsOf({ what, constant }: MovableNumber): string {
  if ('definition' in what) return what.definition;
  return constant ? `${what.cut}: ${constant.compared} ${SIGNS[constant.op]}` : what.cut;
}

/** The handle of a slider, behind its number. Keys need none: they move the number itself. */
class Handle extends WidgetType {
  readonly #what: Movable;
  readonly #words: string;
  readonly #numbers: Numbers;

  constructor(what: Movable, words: string, numbers: Numbers) {
    super();
    this.#what = what;
    this.#words = words;
    this.#numbers = numbers;
  }

  override eq(other: Handle): boolean {
    return isSame(this.#what, other.#what) && this.#words === other.#words;
  }

  override toDOM(): HTMLElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.tabIndex = -1;
    button.className = styles.handle!;
    button.title = 'Move this number (Alt+↑, Alt+↓)';
    button.setAttribute('aria-label', `Slider of ${this.#words}`);
    button.addEventListener('click', () => this.#numbers.open(this.#what));
    return button;
  }
}

interface SliderForm {
  dom: HTMLElement;
  focus(): void;
  show(value: number): void;
}

function sliderForm(
  words: string,
  value: number,
  scale: { range: [number, number]; step?: number },
  on: {
    move: (to: number) => void;
    release: () => void;
    /** The focus has gone elsewhere. */
    leave: () => void;
    close: () => void;
  },
): SliderForm {
  const dom = document.createElement('div');
  dom.className = styles.form!;
  const input = document.createElement('input');
  const output = document.createElement('output');
  let holds = false;
  const show = (to: number) => {
    input.value = String(to);
    output.value = String(to);
  };
  Object.assign(input, { type: 'range', min: Math.min(scale.range[0], value), max: Math.max(scale.range[1], value) });
  input.step = String(sliderStep(scale));
  input.setAttribute('aria-label', words);
  show(value);
  dom.append(input, output);
  input.addEventListener('input', () => {
    holds = true;
    const to = snapped(scale, Number(input.value));
    output.value = String(to);
    on.move(to);
  });
  input.addEventListener('change', () => {
    holds = false;
    on.release();
  });
  dom.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Escape') on.close();
  });
  dom.addEventListener('focusout', () => {
    // Not at once: the editor may be in the middle of an update, which can't be followed by another.
    setTimeout(() => dom.isConnected && !dom.contains(document.activeElement) && on.leave());
  });
  return { dom, focus: () => input.focus(), show: (to) => !holds && show(to) };
}
