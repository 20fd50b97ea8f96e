import { afterEach, expect, test, vi } from 'vitest';
import type { DataSession } from '../../workers/session.ts';
import { createExplorer } from './explorer.ts';

const BASE = 'http://localhost/';

function explorer() {
  const session = { stats: () => Promise.reject(new Error('no workers')) } as unknown as DataSession;
  return createExplorer({ session, base: BASE });
}

const documentOf = (title: string): string => `lumiscope: 1\ntitle: ${title}\n`;

/** A network whose answers come when they are given. */
function slowNetwork() {
  const answers = new Map<string, (text: string) => void>();
  vi.stubGlobal(
    'fetch',
    (url: string) => new Promise<Response>((resolve) => answers.set(url, (text) => resolve(new Response(text)))),
  );
  return async (name: string) => {
    answers.get(BASE + name)?.(documentOf(name));
    await new Promise((resolve) => setTimeout(resolve, 20));
  };
}

/** Storage of a browser, which Node has not. */
function storage() {
  const held = new Map<string, string>();
  const local = {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => held.set(key, value),
  };
  vi.stubGlobal('localStorage', local);
}

afterEach(() => vi.unstubAllGlobals());

test('the document that was asked for last is opened, however late another one comes', async () => {
  const answer = slowNetwork();
  const { store, actions } = explorer();
  actions.openAddress('slow.yaml');
  actions.openAddress('quick.yaml');
  await answer('quick.yaml');
  await answer('slow.yaml');
  expect(store.getState().text).toBe(documentOf('quick.yaml'));
});

test('a document that comes late replaces nothing that was opened since', async () => {
  const answer = slowNetwork();
  const { store, actions } = explorer();
  actions.openAddress('slow.yaml');
  actions.openText(documentOf('mine'));
  await answer('slow.yaml');
  expect(store.getState().text).toBe(documentOf('mine'));
});

test('a file that cannot be read says so', async () => {
  const { store, actions } = explorer();
  const file = new File(['{'], 'folder.json');
  file.slice = () => ({ text: () => Promise.reject(new Error('a folder is no file')) }) as unknown as Blob;
  actions.giveFiles([file]);
  await vi.waitFor(() => expect(store.getState().arrival?.error?.message).toContain('a folder is no file'));
});

test('what was typed right before the page is left is kept', () => {
  storage();
  const { store, actions } = explorer();
  actions.openText(documentOf('mine'));
  const typed = `${documentOf('mine')}descr`;
  actions.setText(typed);
  actions.leave();
  const back = explorer();
  back.actions.openHash(back.store.getState().recents[0]?.link ?? '', true);
  expect(back.store.getState().text).toBe(typed);
  expect(back.store.getState().recents).toHaveLength(1);
  expect(store.getState().opened).toBe(false);
});
