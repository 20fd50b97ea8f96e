import { expect, test, vi } from 'vitest';
import type { DataSession } from '../../workers/session.ts';
import { createExplorer } from './explorer.ts';

vi.mock('../../workers/io/locate.ts', () => {
  throw new Error('no network');
});

test('a part of the app that can not be loaded is told, instead of a page that waits for ever', async () => {
  const session = { stats: () => Promise.reject(new Error('no workers')) } as unknown as DataSession;
  const { store, actions } = createExplorer({ session, base: 'http://localhost/' });
  actions.openText('lumiscope: 1\ndatasets: [{ name: d, files: ["s3://bucket/a.root"] }]\n');
  await vi.waitFor(() => expect(store.getState().phase).toBe('failed'));
  expect(store.getState().error?.message).toBeTruthy();
});
