import { afterEach, describe, expect, it } from 'vitest';
import { anyOf, asBulk, hostOf, MOST_IN_FLIGHT, shareLanes } from './hosts.ts';

/** Work that lasts until it is told to end. */
function held() {
  let end!: () => void;
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { work: () => done, end };
}

const tick = () => new Promise((resolve) => setTimeout(resolve));
let names = 0;
const fresh = () => hostOf(`http://host-${names++}.example/file`);

afterEach(() => shareLanes(MOST_IN_FLIGHT));

describe('places at a host', () => {
  it('are as many as this thread was given; one that gets free goes to who waited longest', async () => {
    shareLanes(2);
    const host = fresh();
    const begun: number[] = [];
    const jobs = [0, 1, 2, 3].map((k) => {
      const { work, end } = held();
      const done = host.run(undefined, () => {
        begun.push(k);
        return work();
      });
      return { done, end };
    });
    await tick();
    expect(begun).toEqual([0, 1]);
    jobs[1]!.end();
    await tick();
    expect(begun).toEqual([0, 1, 2]);
    shareLanes(3);
    await tick();
    expect(begun).toEqual([0, 1, 2, 3]);
    for (const { end } of jobs) end();
    await Promise.all(jobs.map(({ done }) => done));
  });

  it('go to urgent requests before bulk ones, also where the signal is one made of others', async () => {
    shareLanes(1);
    const host = fresh();
    const { work, end } = held();
    const first = host.run(undefined, work);
    const order: string[] = [];
    const run = asBulk(new AbortController().signal);
    const signal = anyOf(run, new AbortController().signal);
    const note = (name: string) => async () => void order.push(name);
    const rest = [host.run(signal, note('bulk')), host.run(undefined, note('urgent')), host.run(run, note('more'))];
    end();
    await Promise.all([first, ...rest]);
    expect(order).toEqual(['urgent', 'bulk', 'more']);
  });

  it('a cancelled request vanishes from the queue', async () => {
    shareLanes(1);
    const host = fresh();
    const { work, end } = held();
    const first = host.run(undefined, work);
    const abort = new AbortController();
    let asked = false;
    const cancelled = host.run(abort.signal, async () => {
      asked = true;
    });
    const last = host.run(undefined, async () => 'came');
    abort.abort();
    await expect(cancelled).rejects.toMatchObject({ tag: 'cancelled' });
    end();
    expect(await last).toBe('came');
    await first;
    expect(asked).toBe(false);
  });

  it('one that fails gives its place back', async () => {
    shareLanes(1);
    const host = fresh();
    await expect(host.run(undefined, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await host.run(undefined, async () => 1)).toBe(1);
  });
});

it('the gap worth reading follows what was measured, within bounds', () => {
  const host = fresh();
  const measure = (latency: number, throughput: number) => {
    for (let k = 0; k < 40; k++) {
      host.heard(latency);
      host.received(1e6, 1e6 / throughput);
    }
  };
  host.heard(10);
  expect(host.gap).toBe(64 * 1024);
  measure(0.05, 2e6);
  expect(host.gap).toBeGreaterThan(90e3);
  expect(host.gap).toBeLessThan(110e3);
  measure(1, 1e9);
  expect(host.gap).toBe(256 * 1024);
  measure(0.001, 1e6);
  expect(host.gap).toBe(16 * 1024);
});
