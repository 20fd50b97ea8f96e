import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LeaseOptions, takeLease } from './lease.ts';
import type { ObjectStore } from './objectStore.ts';
import { memoryObjects } from './testing/memoryObjects.ts';

const TTL = 3000;
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** A process: its view of the store ends when it is killed. Its clock is off, and so are those of others. */
function process(contents: Map<string, Uint8Array>, holder: string, offset = 0) {
  const store = memoryObjects(contents, { now: () => 1e9 * Math.random() });
  let isDead = false;
  let isAway = false;
  const guarded: ObjectStore = {
    ...store,
    write: async (...args) => {
      if (isDead) return new Promise<never>(() => {});
      if (isAway) throw new Error('the store is away');
      return store.write(...args);
    },
  };
  const options: LeaseOptions = { holder, ttlMs: TTL, now: () => performance.now() + offset };
  return {
    take: (more: Partial<LeaseOptions> = {}) => takeLease(guarded, 'lease.json', { ...options, ...more }),
    kill: () => {
      isDead = true;
    },
    cutOff: (away: boolean) => {
      isAway = away;
    },
  };
}

describe('a lease', () => {
  it('is held by one, who renews it by itself', async () => {
    const contents = new Map<string, Uint8Array>();
    const [one, other] = [process(contents, 'one'), process(contents, 'other', 1e12)];
    const lease = (await one.take())!;
    expect([lease.holder, lease.term]).toEqual(['one', 1]);
    for (let k = 0; k < 40; k++) {
      expect(await other.take()).toBeUndefined();
      await pass(500);
    }
    expect(lease.lost.aborted).toBe(false);
    await lease.release();
    expect((await other.take())?.term).toBe(2);
    expect(lease.lost.aborted).toBe(false);
  });

  it('of a dead holder is taken over after its lifetime, and never before', async () => {
    for (const offset of [-1e12, 0, 1e12]) {
      const contents = new Map<string, Uint8Array>();
      const [one, other] = [process(contents, 'one'), process(contents, 'other', offset)];
      await one.take();
      await pass(10_000);
      one.kill();
      await pass(1000);
      expect(await other.take()).toBeUndefined();
      await pass(TTL - 1);
      expect(await other.take()).toBeUndefined();
      await pass(1);
      expect(await other.take()).toMatchObject({ holder: 'other', term: 2 });
    }
  });

  it('that waits with another lifetime counts that of the holder', async () => {
    const contents = new Map<string, Uint8Array>();
    const [one, other] = [process(contents, 'one'), process(contents, 'other')];
    await one.take();
    one.kill();
    const hasty = { ttlMs: 10 };
    expect(await other.take(hasty)).toBeUndefined();
    await pass(TTL - 1);
    expect(await other.take(hasty)).toBeUndefined();
    await pass(1);
    expect(await other.take(hasty)).toBeDefined();
  });

  it('that is free is taken by exactly one of many', async () => {
    const contents = new Map<string, Uint8Array>();
    const many = Array.from({ length: 6 }, (_, k) => process(contents, `taker ${k}`, k * 1e6));
    const race = async () => {
      const taken = (await Promise.all(many.map((one) => one.take()))).filter((lease) => lease !== undefined);
      expect(taken).toHaveLength(1);
      return taken[0]!;
    };
    const first = await race();
    const [dead] = many.splice(Number(first.holder.at(-1)), 1);
    dead!.kill();
    for (const one of many) expect(await one.take()).toBeUndefined();
    await pass(TTL);
    expect((await race()).term).toBe(2);
  });

  it('is lost before anyone else can have it, when it can not be renewed', async () => {
    const contents = new Map<string, Uint8Array>();
    const [one, other] = [process(contents, 'one'), process(contents, 'other')];
    const lease = (await one.take())!;
    await pass(TTL);
    one.cutOff(true);
    let lostAt = 0;
    lease.lost.addEventListener('abort', () => {
      lostAt = performance.now();
    });
    let takenAt = 0;
    while (!takenAt) {
      if (await other.take()) takenAt = performance.now();
      await pass(100);
    }
    expect(lostAt).toBeGreaterThan(0);
    expect(lostAt).toBeLessThanOrEqual(takenAt);
    one.cutOff(false);
    await lease.release();
    expect(new TextDecoder().decode(contents.get('lease.json'))).toContain('"holder":"other"');
  });

  it('outlasts trouble of the store that is shorter', async () => {
    const contents = new Map<string, Uint8Array>();
    const one = process(contents, 'one');
    const lease = (await one.take())!;
    for (let k = 0; k < 5; k++) {
      one.cutOff(true);
      await pass(TTL / 2);
      one.cutOff(false);
      await pass(TTL / 2);
    }
    expect(lease.lost.aborted).toBe(false);
  });

  it('is lost where another one holds it', async () => {
    const contents = new Map<string, Uint8Array>();
    const one = process(contents, 'one');
    const lease = (await one.take())!;
    const theirs = '{"holder":"other","term":2,"beat":0,"ttlMs":3000,"isFree":false}';
    contents.set('lease.json', new TextEncoder().encode(theirs));
    await pass(TTL / 2);
    expect(lease.lost.aborted).toBe(true);
    await lease.release();
    expect(new TextDecoder().decode(contents.get('lease.json'))).toBe(theirs);
  });

  it('that can not be read is free after the lifetime', async () => {
    const contents = new Map([['lease.json', Uint8Array.of(1, 2)]]);
    const one = process(contents, 'one');
    expect(await one.take()).toBeUndefined();
    await pass(TTL);
    expect(await one.take()).toBeDefined();
  });
});
