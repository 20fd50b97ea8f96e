import type { Remote } from 'comlink';
import { expect, test } from 'vitest';
import type { DatasetJob } from './jobs.ts';
import { pinFiles } from './pinning.ts';
import { WorkerPool } from './pool.ts';
import type { WorkerApi } from './workerApi.ts';

const JOB = {
  files: [{ id: 0, summary: { file: { address: { kind: 'url', url: 'https://x.example/a' }, size: 1, etag: 'v' } } }],
  tasks: [],
} as unknown as DatasetJob;

test('what is cancelled before it has begun fetches nothing', async () => {
  const abort = new AbortController();
  const asked: string[] = [];
  const api = {
    configure: async () => {},
    flushCache: async () => {},
    begin: async () => abort.abort(),
    keep: async () => asked.push('keep'),
    end: async () => asked.push('end'),
  } as unknown as Remote<WorkerApi>;
  const pool = new WorkerPool(() => ({ api, crashed: new Promise(() => {}), terminate: () => {} }), 1, 1e9);
  await expect(pinFiles(pool, 0, [JOB], abort.signal)).rejects.toMatchObject({ tag: 'cancelled' });
  expect(asked).not.toContain('keep');
});
