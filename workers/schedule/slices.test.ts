import { describe, expect, test } from 'vitest';
import { runInSlices } from './slices.ts';

/** Keeps the thread busy. */
function work(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

describe('slices', () => {
  test('cover all events once, in order', async () => {
    const slices: [number, number][] = [];
    await runInSlices(
      10_000,
      (begin, end) => slices.push([begin, end]),
      () => {},
    );
    expect(slices[0]![0]).toBe(0);
    expect(slices.at(-1)![1]).toBe(10_000);
    expect(slices.slice(1).every(([begin], index) => begin === slices[index]![1])).toBe(true);
  });

  test('get shorter for slow events, and let the thread hear messages in between', async () => {
    const { port1, port2 } = new MessageChannel();
    let heard = 0;
    port1.onmessage = () => {
      heard++;
    };
    const lengths: number[] = [];
    const run = (begin: number, end: number) => {
      lengths.push(end - begin);
      work((end - begin) * 0.5);
      port2.postMessage(begin);
    };
    await runInSlices(1000, run, () => {});
    port1.close();
    expect(lengths.slice(2).every((length) => length * 0.5 <= 20)).toBe(true);
    expect(heard).toBeGreaterThan(lengths.length / 2);
  });

  test('stop when they are told to', async () => {
    let events = 0;
    const stop = (done: number) => {
      events = done;
      if (done > 1000) throw new Error('enough');
    };
    await expect(runInSlices(1e9, () => {}, stop)).rejects.toThrow('enough');
    expect(events).toBeLessThan(10_000);
  });
});
