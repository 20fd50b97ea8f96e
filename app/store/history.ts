/**
 * The versions of a document's text, whoever changed it: typing, a switch, a form, a slider. One history for the whole page.
 * What belongs together is one step: keys typed one after another at one place, and changes that share a step's name.
 */
import { type TextChange, textChange } from './textChange.ts';

/** How a change joins the history. */
export type Origin =
  /** Typed: joins what was typed just before at the same place. */
  | { kind: 'typed'; at: number }
  /** A deed: joins the one right before it where both have the same name. `typing`: there may be more at once. */
  | { kind: 'step'; name?: string; typing?: boolean }
  /** The page's own doing, such as the plots that it suggests: no step, undone with nothing. */
  | { kind: 'amendment' };

export interface History {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Starts over with a text. */
  reset(text: string): void;
  record(text: string, origin: Origin): void;
  /** @returns the text before the last step, or undefined where there is none */
  undo(): string | undefined;
  redo(): string | undefined;
}

/** Milliseconds after which typing starts a new step, as editors have it. */
const TYPING_PAUSE = 500;
/** Steps, and characters of all of their texts together, that are kept. */
const MOST_STEPS = 500;
const MOST_CHARACTERS = 20_000_000;

/** A history of one text. */
export function createHistory(): History {
  let past: string[] = [];
  let future: string[] = [];
  let present = '';
  let last: { origin: Origin; change: TextChange } | undefined;

  function forgetOldest(): void {
    let characters = past.reduce((sum, text) => sum + text.length, 0);
    while (past.length > MOST_STEPS || (past.length > 1 && characters > MOST_CHARACTERS))
      characters -= past.shift()?.length ?? 0;
  }

  function go(from: string[], to: string[]): string | undefined {
    const text = from.pop();
    if (text === undefined) return undefined;
    to.push(present);
    present = text;
    last = undefined;
    return text;
  }

  return {
    get canUndo() {
      return past.length > 0;
    },
    get canRedo() {
      return future.length > 0;
    },
    reset(text) {
      past = [];
      future = [];
      present = text;
      last = undefined;
    },
    record(text, origin) {
      const change = textChange(present, text);
      if (!change) return;
      if (origin.kind !== 'amendment') {
        if (!last || !joins(last, origin, change)) past.push(present);
        last = { origin, change };
        future = [];
        forgetOldest();
      }
      present = text;
    },
    undo: () => go(past, future),
    redo: () => go(future, past),
  };
}

/** Whether a change belongs to the step of the one before. */
function joins(last: { origin: Origin; change: TextChange }, origin: Origin, change: TextChange): boolean {
  const before = last.origin;
  if (origin.kind === 'step' && before.kind === 'step') return origin.name !== undefined && origin.name === before.name;
  if (origin.kind !== 'typed' || before.kind !== 'typed' || origin.at - before.at > TYPING_PAUSE) return false;
  const { from, insert } = last.change;
  return change.from <= from + insert.length && change.to >= from && isRemoval(change) === isRemoval(last.change);
}

const isRemoval = ({ insert }: TextChange): boolean => insert === '';
