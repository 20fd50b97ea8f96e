import { expect, test, vi } from 'vitest';
import { parseDocument } from '../core/analysis/yaml.ts';
import { createSession } from './createSession.ts';
import { createEngine } from './engine/createEngine.ts';
import { FakeFiles } from './testing/fakeFiles.ts';
import { FakeGpu } from './testing/fakeGpu.ts';
import { localThreads } from './testing/localThreads.ts';

vi.mock('./schedule/gpuSide.ts', () => {
  throw new Error('no network');
});

test('without the part that drives the GPU, WebAssembly runs what was asked of it', async () => {
  const files = new FakeFiles({ a: {} });
  const { openSource, openEventFile } = files;
  const { spawn } = localThreads({ openSource, openEventFile, createEngine });
  const session = createSession(spawn, { workers: 1, spawnGpu: new FakeGpu().spawn });
  const { document } = parseDocument(
    'lumiscope: 1\ndatasets: [{ name: d, files: [a] }]\nhistograms: { x: { axes: [{ value: x, bins: 9, range: [0, 1] }] } }',
  );
  for (const engine of ['gpu', 'auto'] as const) {
    const result = await session.run(document!, [[files.address('a')]], { engine });
    expect(result).toMatchObject({ engine: 'wasm', eventsRead: 100 });
    if (engine === 'gpu') expect(result.engineNote).toContain('can not be loaded');
  }
  expect((await session.stats()).gpu).toBeUndefined();
  session.close();
});
