import { describe, expect, it, vi } from 'vitest';
import { type CatalogueThreadHandle, CatalogueThreads } from './threads.ts';

/** One thread whose tasks end when they are told to, by their number. */
function heldThreads(cache?: { folder: string }) {
  const ends: (() => void)[] = [];
  const crashes: ((reason: string) => void)[] = [];
  const spawn = (): CatalogueThreadHandle => {
    const api = {
      run: () =>
        new Promise((resolve) =>
          ends.push(() => resolve({ ok: true, value: { value: ends.length, read: { bytes: 0, requests: 0 } } })),
        ),
      async configure() {},
      async share() {},
      async cancel() {},
      flush: () => Promise.reject(new Error('the disk is full')),
    };
    const crashed = new Promise<string>((resolve) => crashes.push(resolve));
    return { api: api as never, crashed, terminate: () => ended.push(true) };
  };
  const ended: boolean[] = [];
  const pool = new CatalogueThreads(spawn, 1, cache);
  return { ends, crashes, ended, pool, run: (signal?: AbortSignal) => pool.run('open', { folder: '/' }, signal) };
}

const outcome = (promise: Promise<unknown>) =>
  Promise.race([
    promise.then(
      () => 'done',
      (error: { tag: string }) => error.tag,
    ),
    new Promise((resolve) => setTimeout(resolve, 100, 'waits')),
  ]);

/** Threads whose tasks wait until all that are to run at once have come; `most`: how many of them one had. */
function waitingThreads(size: number, together: number) {
  const threads: { most: number }[] = [];
  let running = 0;
  let go: () => void;
  const full = new Promise<void>((resolve) => {
    go = resolve;
  });
  const spawn = (): CatalogueThreadHandle => {
    const thread = { most: 0 };
    threads.push(thread);
    let own = 0;
    const api = {
      async run(_id: number, _kind: string, input: number) {
        thread.most = Math.max(thread.most, ++own);
        if (++running === together) go();
        await Promise.race([full, new Promise((resolve) => setTimeout(resolve, 200))]);
        own--;
        return { ok: true, value: { value: input, read: { bytes: 0, requests: 0 } } };
      },
      async configure() {},
      async share() {},
    };
    return { api: api as never, crashed: new Promise(() => {}), terminate: () => {} };
  };
  return { threads, pool: new CatalogueThreads(spawn, size) };
}

describe('threads of a catalogue', () => {
  it.each([
    [undefined, 2],
    [8, 8],
  ])('have two tasks at once, or as many as are asked for: %s', async (atOnce, expected) => {
    const { threads, pool } = waitingThreads(2, 2 * expected);
    const warned = vi.spyOn(process, 'emitWarning');
    const seen: unknown[] = [];
    await pool.all('open', Array.from({ length: 40 }, (_, k) => k) as never, {
      onResult: (value) => seen.push(value),
      ...(atOnce !== undefined && { atOnce }),
    });
    expect(threads.map(({ most }) => most)).toEqual([expected, expected]);
    expect(seen).toEqual(Array.from({ length: 40 }, (_, k) => k));
    expect(warned).not.toHaveBeenCalled();
  });

  it('hear a cancel while they wait for others', async () => {
    const { ends, run } = heldThreads();
    const busy = [run(), run()];
    const abort = new AbortController();
    const waiting = run(abort.signal);
    abort.abort();
    expect(await outcome(waiting)).toBe('cancelled');
    while (ends.length > 0) ends.pop()!();
    await Promise.all(busy);
  });

  it('go on with those that wait when others in front of them were cancelled', async () => {
    const { ends, run } = heldThreads();
    const busy = [run(), run()];
    const abort = new AbortController();
    const gone = [run(abort.signal), run(abort.signal)].map(outcome);
    const last = run();
    await Promise.resolve();
    for (const end of ends.splice(0)) end();
    abort.abort();
    await Promise.all([...busy, ...gone]);
    await new Promise((resolve) => setTimeout(resolve));
    for (const end of ends.splice(0)) end();
    expect(await outcome(last)).toBe('done');
  });

  it('that are closed end what they were doing', async () => {
    const { pool, run } = heldThreads();
    const calls = [run(), run(), run()];
    await Promise.resolve();
    pool.close();
    expect(await Promise.all(calls.map(outcome))).toEqual(['cancelled', 'cancelled', 'cancelled']);
  });

  it('that can not keep what they fetched end all the same', async () => {
    const { ended, pool, run } = heldThreads({ folder: '/' });
    const call = outcome(run());
    await Promise.resolve();
    pool.close();
    await call;
    // An error that nobody takes fails the run of tests.
    await new Promise((resolve) => setTimeout(resolve));
    expect(ended).toEqual([true]);
  });

  it('are replaced when they die, and those that wait go on', async () => {
    const { ends, crashes, run } = heldThreads();
    const calls = [run(), run()].map(outcome);
    const waiting = run();
    await Promise.resolve();
    ends.length = 0;
    crashes[0]!('out of memory');
    expect(await Promise.all(calls)).toEqual(['limit', 'limit']);
    await new Promise((resolve) => setTimeout(resolve));
    for (const end of ends.splice(0)) end();
    expect(await outcome(waiting)).toBe('done');
  });
});
