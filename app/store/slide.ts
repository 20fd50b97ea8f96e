import type { Movable } from '../../core/analysis/movable.ts';
import type { Explorer } from './explorer.ts';
import type { Phase } from './state.ts';

/** Milliseconds after which a move does not wait for the run of the one before. */
const PATIENCE = 400;
/** Counts drags, so that each has a name of its own. */
let drags = 0;
const BUSY: ReadonlySet<Phase> = new Set(['opening', 'planning', 'running']);

/** Moves numbers of the document. */
export interface Slide {
  /** The latest of several moves counts. All moves up to a release are one step of the history. */
  move(what: Movable, value: number): void;
  release(): void;
  stop(): void;
}

/**
 * Moves sliders at the pace of the runs: a value that comes while a run is under way waits for its end, so that the
 * plots follow a drag instead of starting over with every pixel. A run that takes long is given up for the next value.
 * @param write the text with another number: that of cuts comes with what reads cuts, which sliders of definitions load without
 */
export function createSlide(
  { store, actions }: Pick<Explorer, 'store' | 'actions'>,
  write: (text: string, what: Movable, value: number) => string,
): Slide {
  const waiting = new Map<string, [what: Movable, value: number]>();
  /** Names the step that waiting moves belong to. */
  let step = `slide ${++drags}`;
  let released = false;
  let begun = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function pump(): void {
    clearTimeout(timer);
    if (waiting.size === 0) return;
    const left = BUSY.has(store.getState().phase) ? begun + PATIENCE - performance.now() : 0;
    if (left > 0) {
      timer = setTimeout(pump, left);
      return;
    }
    const moves = [...waiting.values()];
    waiting.clear();
    begun = performance.now();
    actions.rewrite((text) => moves.reduce((so, [what, value]) => write(so, what, value), text), step);
    if (released) step = `slide ${++drags}`;
    released = false;
  }

  const unsubscribe = store.subscribe((state, before) => {
    if (state.phase !== before.phase && !BUSY.has(state.phase)) pump();
  });
  return {
    move(what, value) {
      waiting.set(JSON.stringify(what), [what, value]);
      pump();
    },
    release() {
      if (waiting.size === 0) step = `slide ${++drags}`;
      else released = true;
    },
    stop() {
      clearTimeout(timer);
      unsubscribe();
    },
  };
}
