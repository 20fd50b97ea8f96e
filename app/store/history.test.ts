import { describe, expect, test } from 'vitest';
import type { DataSession } from '../../workers/session.ts';
import { createExplorer } from './explorer.ts';
import { createHistory } from './history.ts';
import { textChange } from './textChange.ts';

const TEXT = 'lumiscope: 1\nselect:\n  one: x > 1 # first\n  two: y > 1\n';

/** An explorer without data: nothing is asked of the session but figures. */
function explorer() {
  const session = { stats: () => Promise.reject(new Error('no workers')) } as unknown as DataSession;
  const { store, actions } = createExplorer({ session, base: 'http://localhost/' });
  actions.openText(TEXT);
  return { actions, text: () => store.getState().text, history: () => store.getState().history };
}

describe('the history of a text', () => {
  const typed = (at: number) => ({ kind: 'typed', at }) as const;
  const typing = (...texts: [string, number][]) => {
    const history = createHistory();
    history.reset('');
    for (const [text, at] of texts) history.record(text, typed(at));
    return history;
  };

  test('joins keys typed one after another', () => {
    const history = typing(['a', 0], ['ab', 100], ['abc', 200]);
    expect(history.undo()).toBe('');
    expect(history.undo()).toBeUndefined();
    expect(history.redo()).toBe('abc');
  });

  test('begins a step after a pause, at another place, and between typing and removing', () => {
    expect(typing(['a', 0], ['ab', 501]).undo()).toBe('a');
    expect(typing(['abc', 0], ['abcd', 10], ['xabcd', 20]).undo()).toBe('abcd');
    expect(typing(['abc', 0], ['ab', 10], ['a', 20]).undo()).toBe('abc');
  });

  test('joins steps of one name only where they follow one another', () => {
    const history = createHistory();
    history.reset('0');
    const step = (text: string, name?: string) => history.record(text, { kind: 'step', name });
    step('1', 'slider');
    step('2', 'slider');
    step('3');
    step('4');
    step('5', 'slider');
    expect([history.undo(), history.undo(), history.undo(), history.undo()]).toEqual(['4', '3', '2', '0']);
  });

  test('forgets what was undone once something else is done', () => {
    const history = typing(['a', 0], ['b', 1000]);
    history.undo();
    history.record('c', typed(2000));
    expect(history.canRedo).toBe(false);
    expect(history.undo()).toBe('a');
  });

  test('takes the page’s own doing for no step', () => {
    const history = typing(['a', 0]);
    history.record('a plots', { kind: 'amendment' });
    expect(history.undo()).toBe('');
    expect(history.redo()).toBe('a plots');
  });

  test('keeps the latest steps of a large text', () => {
    const history = createHistory();
    history.reset('');
    for (let i = 0; i < 60; i++) history.record(String(i).repeat(500_000), { kind: 'step' });
    let steps = 0;
    while (history.undo() !== undefined) steps++;
    expect(steps).toBeGreaterThan(10);
    expect(steps).toBeLessThan(41);
  });
});

describe('undo', () => {
  test('goes back over typing, switches and edits alike, and forward again', () => {
    const { actions, text } = explorer();
    const versions = [text()];
    const took = (act: () => void) => {
      act();
      versions.push(text());
    };
    took(() => actions.setText(`${TEXT}weight: w\n`));
    took(() => actions.edit([{ kind: 'setCutEnabled', name: 'one', enabled: false }]));
    took(() => actions.edit([{ kind: 'addDefinition', name: 'd', expression: '1' }]));
    expect(new Set(versions).size).toBe(4);
    const back = versions.slice(0, -1).reverse();
    for (const version of back) {
      actions.undo();
      expect(text()).toBe(version);
    }
    actions.undo();
    expect(text()).toBe(TEXT);
    for (const version of versions.slice(1)) {
      actions.redo();
      expect(text()).toBe(version);
    }
  });

  test('of a drag is one step', () => {
    const { actions, text } = explorer();
    for (const n of [2, 3, 4]) actions.edit([{ kind: 'setCut', name: 'two', expression: `y > ${n}` }], 'drag 1');
    actions.edit([{ kind: 'setCut', name: 'two', expression: 'y > 5' }], 'drag 2');
    actions.undo();
    expect(text()).toContain('y > 4');
    actions.undo();
    expect(text()).toBe(TEXT);
  });

  test('says where it changed the text', () => {
    const { actions, text, history } = explorer();
    actions.setText(TEXT.replace('x > 1', 'x > 1000'));
    expect(history()).toMatchObject({ canUndo: true, canRedo: false });
    actions.undo();
    const { restored } = history();
    expect(text().slice(0, restored?.[1])).toMatch(/x > 1$/);
    expect(history()).toMatchObject({ canUndo: false, canRedo: true });
  });

  test('of another document ends at its opening', () => {
    const { actions, text, history } = explorer();
    actions.setText(`${TEXT}weight: w\n`);
    actions.openText('lumiscope: 1\r\ntitle: other\r\n');
    expect(history()).toEqual({ canUndo: false, canRedo: false });
    actions.undo();
    expect(text()).toBe('lumiscope: 1\ntitle: other\n');
    actions.leave();
    expect(history().canUndo).toBe(false);
  });
});

test('a change of a text is the smallest replacement', () => {
  expect(textChange('abcd', 'abXcd')).toEqual({ from: 2, to: 2, insert: 'X' });
  expect(textChange('aaa', 'aa')).toEqual({ from: 2, to: 3, insert: '' });
  expect(textChange('abc', 'abc')).toBeUndefined();
});
