/**
 * Numbers of cuts that are dragged: the cut without the number is indexed as for a brush on what the number is compared with, and while the index
 * answers nothing runs and the text waits for the release. Without an index the document follows at the pace of the runs.
 */
import type { StoreApi } from 'zustand/vanilla';
import { HIDDEN, passing, withHidden } from '../../core/analysis/cutBrush.ts';
import type { CutConstant } from '../../core/analysis/cutConstants.ts';
import type { AnalysisDocument } from '../../core/analysis/document.ts';
import { isSame, type Movable, withNumber } from '../../core/analysis/movable.ts';
import type { Brushing } from './brushing.ts';
import type { Explorer } from './explorer.ts';
import { createSlide, type Slide } from './slide.ts';
import type { ExplorerState } from './state.ts';

/** Moves numbers of cuts. */
export interface CutSlide extends Slide {
  /** The pointer or the focus comes to a number, which may move to these: an index is built if nothing else runs. */
  enter(constant: CutConstant, stops: readonly number[]): void;
}

interface Followed {
  what: Movable;
  op: CutConstant['op'];
  brushing: Brushing;
}

/** A slide of the explorer's document. */
export function createCutSlide(explorer: Explorer): CutSlide {
  const { store } = explorer;
  const slide = createSlide(explorer, withNumber);
  let followed: Followed | undefined;
  let wanted: string | undefined;
  /** What the index answers for, and the text does not say yet. */
  let pending: [what: Movable, value: number] | undefined;
  /** Released: plots show the index's numbers until the result has come. */
  let settles = false;

  function leave(): void {
    followed?.brushing.stop();
    followed = undefined;
    pending = undefined;
    settles = false;
  }

  /** Has the plots show what is left. @returns whether an index can tell */
  function answer(what: Movable, value: number): boolean {
    if (!followed || !isSame(followed.what, what)) return false;
    const range = passing(followed.op, value);
    const { index } = followed.brushing.state.getState();
    if (!range || (index !== 'coarse' && index !== 'fine')) return false;
    followed.brushing.move({ histogram: HIDDEN, ranges: [{ axis: 0, from: range[0], to: range[1] }] });
    return true;
  }

  const unsubscribe = store.subscribe(({ phase, version, resultVersion }, before) => {
    if (!settles || phase === before.phase) return;
    const isOver = phase === 'done' ? version === resultVersion : /wrong|failed|cancelled|waiting|ready/.test(phase);
    if (!isOver) return;
    settles = false;
    followed?.brushing.cancel();
  });

  return {
    async enter(constant, stops) {
      const { cut, at, op } = constant;
      const key = JSON.stringify([cut, at, stops]);
      if (key === wanted && followed) return followed.brushing.enter(HIDDEN, [0]);
      const { document } = store.getState();
      if (pending || settles || !document || !withHidden(document, constant, stops)) return;
      wanted = key;
      // Without it, runs follow.
      const module = await import('./brushing.ts').catch(() => undefined);
      if (!module || wanted !== key || pending || settles) return;
      leave();
      const brushing = module.createBrushing({
        ...explorer,
        store: withDocument(store, (document) => withHidden(document, constant, stops) ?? document),
      });
      followed = { what: { cut, at }, op, brushing };
      brushing.enter(HIDDEN, [0]);
    },
    move(what, value) {
      settles = false;
      pending = answer(what, value) ? [what, value] : undefined;
      if (!pending) slide.move(what, value);
    },
    release() {
      if (pending) {
        const { version } = store.getState();
        slide.move(...pending);
        pending = undefined;
        settles = store.getState().version !== version;
        if (!settles) followed?.brushing.cancel();
      }
      slide.release();
    },
    stop() {
      wanted = undefined;
      leave();
      unsubscribe();
      slide.stop();
    },
  };
}

/** The store as it is, with another document in place of its own: the same object as long as it says the same. */
function withDocument(
  store: StoreApi<ExplorerState>,
  change: (document: AnalysisDocument) => AnalysisDocument,
): StoreApi<ExplorerState> {
  let last: { of: AnalysisDocument; document: AnalysisDocument; text: string } | undefined;
  const changed = (of: AnalysisDocument): AnalysisDocument => {
    if (last?.of === of) return last.document;
    const document = change(of);
    const text = JSON.stringify(document);
    last = { of, document: last?.text === text ? last.document : document, text };
    return last.document;
  };
  const seen = (state: ExplorerState): ExplorerState =>
    state.document ? { ...state, document: changed(state.document) } : state;
  return {
    ...store,
    getState: () => seen(store.getState()),
    subscribe(listener) {
      let before = seen(store.getState());
      return store.subscribe((now) => {
        const next = seen(now);
        listener(next, before);
        before = next;
      });
    },
  };
}
