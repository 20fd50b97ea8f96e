import { expect, test, vi } from 'vitest';
import type { DataSession, RunOptions, RunResult } from '../../workers/session.ts';
import { createExplorer } from './explorer.ts';

const TEXT = 'lumiscope: 1\ndatasets: [{ name: d, files: [http://localhost/a.parquet] }]\n';

/** An explorer of a session whose GPU makes whatever is not asked of WebAssembly; the engines that runs asked for are in `asked`. */
function open(hash?: string) {
  const asked: RunOptions['engine'][] = [];
  /** While it is set, what the GPU runs does not end. */
  const gpu = { hangs: false };
  const address = { kind: 'url', url: 'http://localhost/a.parquet' };
  const summary = { file: { address }, columns: [], chunks: [], events: 0, metadata: {}, unsupported: [] };
  const session = {
    stats: async () => ({ workers: 1, memoryBytes: 0, memoryBudget: 0, failed: new Map() }),
    open: async () => summary,
    plan: async () => ({ columns: [], bytes: 0, totalBytes: 0, events: 0, chunks: 0, skippedChunks: 0 }),
    run: async (_document: unknown, _files: unknown, { engine, signal }: RunOptions) => {
      asked.push(engine);
      if (gpu.hangs && engine !== 'wasm') await new Promise((_, reject) => signal!.addEventListener('abort', reject));
      const made = engine === 'wasm' ? 'wasm' : 'gpu';
      return { engine: made, complete: true, cutflow: [], histograms: [], eventsRead: 0 } as unknown as RunResult;
    },
  } as unknown as DataSession;
  const explorer = createExplorer({ session, base: 'http://localhost/' });
  if (hash === undefined) explorer.actions.openText(TEXT);
  else explorer.actions.openHash(hash);
  const done = () => vi.waitFor(() => expect(explorer.store.getState().phase).toBe('done'));
  return { ...explorer, asked, gpu, done };
}

test('what leaves the page was made by WebAssembly: a result of the GPU is made again, once', async () => {
  const { store, actions, asked, done } = open();
  await done();
  expect(store.getState().result?.engine).toBe('gpu');
  const [{ result }] = await Promise.all([actions.exact(), actions.exact()]);
  expect(result?.engine).toBe('wasm');
  expect(store.getState()).toMatchObject({ phase: 'done', result: { engine: 'wasm' } });
  await actions.exact();
  expect(asked).toEqual(['auto', 'wasm']);
});

test('a result that is still shown after a newer run was cancelled is made again too, and the newer one stays cancelled', async () => {
  const { store, actions, asked, gpu, done } = open();
  await done();
  gpu.hangs = true;
  actions.setText(`${TEXT}select: { some: 'True' }\n`);
  await vi.waitFor(() => expect(store.getState().phase).toBe('running'));
  actions.cancel();
  const { result } = await actions.exact();
  expect(asked).toEqual(['auto', 'auto', 'wasm']);
  expect(result?.engine).toBe('wasm');
  expect(store.getState().phase).toBe('cancelled');
});

test('another engine runs the document again, and stays with the browser but not with the link', async () => {
  const { store, actions, asked, done } = open();
  await done();
  actions.setEngine('wasm');
  await vi.waitFor(() => expect(asked).toEqual(['auto', 'wasm']));
  expect(store.getState().link).not.toContain('engine');
});

test('a link that asks for an engine keeps it, until another is chosen', async () => {
  const { store, done } = open();
  await done();
  const other = open(`${store.getState().link}&engine=gpu`);
  await other.done();
  expect(other.asked).toEqual(['gpu']);
  expect(other.store.getState().link).toMatch(/&engine=gpu$/);
  other.actions.setEngine('auto');
  expect(other.store.getState().link).not.toContain('engine');
});
