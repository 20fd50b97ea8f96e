import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { withNumber } from '../../core/analysis/movable.ts';
import type { Actions } from './explorer.ts';
import { createSlide } from './slide.ts';
import type { ExplorerState, Phase } from './state.ts';

const TEXT = `lumiscope: 1
define:
  ptmin: 0
  a: 0
  b: 0
select:
  met: MET.pt > 0
`;

/** A store of which only the phase counts, and what of the text was changed, each with the step it belongs to. */
function setting() {
  const store = createStore<ExplorerState>()(() => ({ phase: 'done' }) as unknown as ExplorerState);
  const made: { values: string[]; step: string | undefined }[] = [];
  let before = TEXT;
  const rewrite: Actions['rewrite'] = (make, step) => {
    const lines = make(before).split('\n');
    const changed = lines.filter((line, i) => line !== before.split('\n')[i]);
    made.push({ values: changed.map((line) => line.trim().replace(': ', '=')), step });
    before = lines.join('\n');
    store.setState({ phase: 'running' });
    return undefined;
  };
  const phase = (phase: Phase) => store.setState({ phase });
  const slide = createSlide({ store, actions: { rewrite } as Actions }, withNumber);
  const move = (definition: string, value: number) => slide.move({ definition }, value);
  return { slide, move, made, phase };
}

describe('moving a slider', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('changes the document at once while nothing runs', () => {
    const { move, made } = setting();
    move('ptmin', 25);
    expect(made.map((m) => m.values)).toEqual([['ptmin=25']]);
  });

  it('waits for the end of a run, and takes the latest value then', () => {
    const { move, made, phase } = setting();
    move('ptmin', 1);
    for (const value of [2, 3, 4]) move('ptmin', value);
    expect(made).toHaveLength(1);
    phase('done');
    expect(made.map((m) => m.values)).toEqual([['ptmin=1'], ['ptmin=4']]);
  });

  it('gives up a run that takes long', () => {
    const { move, made } = setting();
    move('ptmin', 1);
    move('ptmin', 2);
    vi.advanceTimersByTime(399);
    expect(made).toHaveLength(1);
    vi.advanceTimersByTime(2);
    expect(made.at(-1)?.values).toEqual(['ptmin=2']);
  });

  it('is one step of the history until it is let go', () => {
    const { slide, move, made, phase } = setting();
    move('ptmin', 1);
    move('ptmin', 2);
    slide.release();
    phase('done');
    move('ptmin', 3);
    phase('done');
    const [first, second, third] = made.map((m) => m.step);
    expect(first).toBeDefined();
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('moves several at once', () => {
    const { move, made, phase } = setting();
    move('a', 1);
    move('a', 2);
    move('b', 3);
    phase('done');
    expect(made.at(-1)?.values).toEqual(['a=2', 'b=3']);
  });

  it('moves a constant of a cut as well', () => {
    const { slide, made, phase } = setting();
    slide.move({ cut: 'met', at: 0 }, 20);
    slide.move({ cut: 'met', at: 0 }, 25);
    phase('done');
    expect(made.map((m) => m.values)).toEqual([['met=MET.pt > 20'], ['met=MET.pt > 25']]);
  });

  it('does nothing after it was stopped', () => {
    const { slide, move, made, phase } = setting();
    move('a', 1);
    move('a', 2);
    slide.stop();
    phase('done');
    vi.advanceTimersByTime(1000);
    expect(made).toHaveLength(1);
  });
});
