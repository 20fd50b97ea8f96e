import { describe, expect, it } from 'vitest';
import { type CatalogueThreadHandle, CatalogueThreads } from './threads.ts';

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
    const seen: unknown[] = [];
    await pool.all('open', Array.from({ length: 40 }, (_, k) => k) as never, {
      onResult: (value) => seen.push(value),
      ...(atOnce !== undefined && { atOnce }),
    });
    expect(threads.map(({ most }) => most)).toEqual([expected, expected]);
    expect(seen).toEqual(Array.from({ length: 40 }, (_, k) => k));
  });
});
