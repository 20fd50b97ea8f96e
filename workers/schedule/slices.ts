/** Time that a slice of the event loop aims at; one that turns out heavier than the last stays under 20 ms. */
const TARGET_MS = 6;
const FIRST_SLICE = 16;

/**
 * Runs `[0, events)` in slices, and lets the thread hear its messages between them.
 *
 * @param run computes events `[begin, end)`
 * @param onSlice told how many events are done; throws to stop
 */
export async function runInSlices(
  events: number,
  run: (begin: number, end: number) => void,
  onSlice: (done: number) => void,
): Promise<void> {
  let size = FIRST_SLICE;
  let heard = performance.now();
  for (let at = 0; at < events; ) {
    const end = Math.min(events, at + size);
    const start = performance.now();
    run(at, end);
    const now = performance.now();
    size = Math.max(1, Math.round(size * Math.min(4, Math.max(0.1, TARGET_MS / (now - start + 0.01)))));
    at = end;
    if (now - heard >= TARGET_MS && at < events) {
      await nextTurn();
      heard = performance.now();
    }
    onSlice(at);
  }
}

let resume: (() => void)[] = [];
let channel: MessageChannel | undefined;

/** The next turn of the event loop, after messages that wait; without the 4 ms that browsers add to timers. */
export function nextTurn(): Promise<void> {
  if (typeof setImmediate === 'function') return new Promise((resolve) => setImmediate(resolve));
  if (!channel) {
    channel = new MessageChannel();
    channel.port1.onmessage = () => {
      const waiting = resume;
      resume = [];
      for (const go of waiting) go();
    };
  }
  return new Promise((resolve) => {
    resume.push(resolve);
    channel!.port2.postMessage(null);
  });
}
