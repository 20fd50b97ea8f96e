import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Remote } from 'comlink';
import { describe, expect, test } from 'vitest';
import { LumiscopeError } from '../../core/errors.ts';
import type { PartialResult } from '../engine/engine.ts';
import type { Outcome } from '../session.ts';
import { WorkerPool } from './pool.ts';
import { runTasks, type Task } from './scheduler.ts';
import type { ChunkTask, WorkerApi } from './workerApi.ts';

const RESULT: PartialResult = { events: 1, cutflow: new Float64Array(3), missingWeight: 0, histograms: [] };
const never = () => new Promise<never>(() => {});

/** A pool of workers that do nothing, but for what `make` says of the worker of each start. */
function poolOf(size: number, make: (start: number) => Partial<WorkerApi> = () => ({})) {
  const started: { ended: boolean; crash(reason: string): void }[] = [];
  const spawn = () => {
    const thread = { ended: false, crash: (_: string) => {} };
    const crashed = new Promise<string>((resolve) => {
      thread.crash = resolve;
    });
    const api = {
      configure: async () => {},
      begin: async () => {},
      end: async () => {},
      holdings: async () => [],
      runChunk: async (): Promise<Outcome<PartialResult>> => ({ ok: true, value: RESULT }),
      ...make(started.length),
    } as unknown as Remote<WorkerApi>;
    started.push(thread);
    return { api, crashed, terminate: () => Object.assign(thread, { ended: true }) };
  };
  return { pool: new WorkerPool(spawn, size, 1e9), started };
}

const FILE = {
  id: 0,
  name: 'a',
  metadata: [],
  pinned: { address: { kind: 'path' as const, path: 'a' }, size: 1, etag: 'v' },
};
const tasks = (count: number): Task[] =>
  Array.from({ length: count }, (_, chunk) => ({ file: FILE, chunk, program: '0', columns: ['x'] }));
const setup = { run: 0, engine: 'wasm' as const, programs: new Map() };

function run(
  pool: WorkerPool,
  count: number,
  options: { signal?: AbortSignal; workers?: number; window?: number; lost?: () => number } = {},
) {
  let merged = 0;
  return runTasks(pool, setup, tasks(count), { workers: 9, window: 9, merged: () => ++merged, ...options });
}

describe('the scheduler', () => {
  test('takes no more workers than it may', async () => {
    const { pool, started } = poolOf(4);
    await run(pool, 12, { workers: 2 });
    expect(started).toHaveLength(2);
  });

  test('gives the chunks of a worker that died while it had nothing to do to the others', async () => {
    const held = (start: number): Partial<WorkerApi> =>
      start === 0 ? { holdings: (() => Promise.resolve([{ file: 0, chunk: 1, column: 'x' }])) as never } : {};
    const { pool, started } = poolOf(2, (start) => ({
      ...held(start),
      runChunk: (async ({ chunk }: ChunkTask) => {
        if (chunk === 0) started[0]!.crash('by itself');
        return { ok: true, value: RESULT };
      }) as never,
    }));
    pool.worker(0);
    pool.worker(1);
    await new Promise((resolve) => setTimeout(resolve));
    // One place at a time: chunk 1 waits for its worker while another one runs chunk 0.
    await run(pool, 3, { window: 1 });
    expect(started).toHaveLength(3);
  });

  test('replaces a worker that does not hear that its run was cancelled', async () => {
    const { pool, started } = poolOf(1, (start) => (start === 0 ? { runChunk: never, end: never as never } : {}));
    const abort = new AbortController();
    const cancelled = run(pool, 2, { signal: abort.signal });
    await new Promise((resolve) => setTimeout(resolve, 10));
    abort.abort();
    await expect(cancelled).rejects.toMatchObject({ tag: 'cancelled' });
    expect(started[0]!.ended).toBe(false);
    const next = run(pool, 2);
    await next;
    expect(started.map(({ ended }) => ended)).toEqual([true, false]);
  });

  test('tells why a run could not be begun', async () => {
    const { pool } = poolOf(1, () => ({
      begin: (() => Promise.reject(new Error('#<Program> could not be cloned'))) as never,
      runChunk: async () => ({ ok: false, error: { tag: 'cancelled', message: 'cancelled', place: {} } }),
    }));
    await expect(run(pool, 1)).rejects.toThrow('#<Program> could not be cloned');
  });

  test('ends where what is lost brings the merge to its limit', async () => {
    const { pool } = poolOf(1, () => ({
      runChunk: async () => ({ ok: false, error: { tag: 'source', message: 'gone', place: {} } }),
    }));
    const lost = () => {
      throw new LumiscopeError('limit', 'too many tiles');
    };
    await expect(run(pool, 1, { lost })).rejects.toThrow('too many tiles');
  });

  test('fails where no worker can be started', async () => {
    const pool = new WorkerPool(
      () => {
        throw new Error('no more threads');
      },
      1,
      1e9,
    );
    await expect(run(pool, 1)).rejects.toThrow('no more threads');
  });
});

describe('a worker of the pool', () => {
  test('ends the calls that are under way when it is ended, and starts no more', async () => {
    const { pool, started } = poolOf(1, () => ({ state: never as never }));
    const call = pool.worker(0).ask((api) => api.state());
    pool.close();
    await expect(call).rejects.toMatchObject({ tag: 'cancelled' });
    expect(() => pool.worker(0)).toThrow('cancelled');
    expect(started.map(({ ended }) => ended)).toEqual([true]);
  });

  test('holds on to no answer', async () => {
    setFlagsFromString('--expose_gc');
    const collect = runInNewContext('gc') as () => void;
    const { pool } = poolOf(1, () => ({ state: (async () => ({ large: new Float64Array(1e5) })) as never }));
    const answer = new WeakRef(await pool.worker(0).ask((api) => api.state()));
    for (let turn = 0; turn < 50 && answer.deref(); turn++) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      collect();
    }
    expect(answer.deref()).toBeUndefined();
  });
});
