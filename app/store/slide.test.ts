import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Actions } from './explorer.ts';
import { createSlide } from './slide.ts';
import type { ExplorerState, Phase } from './state.ts';

/** A store of which only the phase counts, and the edits that were made, each with the step it belongs to. */
function setting() {
  const store = createStore<ExplorerState>()(() => ({ phase: 'done' }) as unknown as ExplorerState);
  const made: { values: string[]; step: string | undefined }[] = [];
  const edit: Actions['edit'] = (edits, step) => {
    made.push({ values: edits.map((e) => (e.kind === 'setDefinition' ? `${e.name}=${e.expression}` : '?')), step });
    store.setState({ phase: 'running' });
    return undefined;
  };
  const phase = (phase: Phase) => store.setState({ phase });
  return { slide: createSlide({ store, actions: { edit } as Actions }), made, phase };
}

describe('moving a slider', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('changes the document at once while nothing runs', () => {
    const { slide, made } = setting();
    slide.move('ptmin', 25);
    expect(made.map((m) => m.values)).toEqual([['ptmin=25']]);
  });

  it('waits for the end of a run, and takes the latest value then', () => {
    const { slide, made, phase } = setting();
    slide.move('ptmin', 1);
    for (const value of [2, 3, 4]) slide.move('ptmin', value);
    expect(made).toHaveLength(1);
    phase('done');
    expect(made.map((m) => m.values)).toEqual([['ptmin=1'], ['ptmin=4']]);
  });

  it('gives up a run that takes long', () => {
    const { slide, made } = setting();
    slide.move('ptmin', 1);
    slide.move('ptmin', 2);
    vi.advanceTimersByTime(399);
    expect(made).toHaveLength(1);
    vi.advanceTimersByTime(2);
    expect(made.at(-1)?.values).toEqual(['ptmin=2']);
  });

  it('is one step of the history until it is let go', () => {
    const { slide, made, phase } = setting();
    slide.move('ptmin', 1);
    slide.move('ptmin', 2);
    slide.release();
    phase('done');
    slide.move('ptmin', 3);
    phase('done');
    const [first, second, third] = made.map((m) => m.step);
    expect(first).toBeDefined();
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('moves several at once', () => {
    const { slide, made, phase } = setting();
    slide.move('a', 1);
    slide.move('a', 2);
    slide.move('b', 3);
    phase('done');
    expect(made.at(-1)?.values).toEqual(['a=2', 'b=3']);
  });

  it('does nothing after it was stopped', () => {
    const { slide, made, phase } = setting();
    slide.move('a', 1);
    slide.move('a', 2);
    slide.stop();
    phase('done');
    vi.advanceTimersByTime(1000);
    expect(made).toHaveLength(1);
  });
});
