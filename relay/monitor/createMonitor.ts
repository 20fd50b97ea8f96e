/** The relay's view of itself: hears what happens, looks into the store now and then, and tests the whole way with an event that it knows. */
import type { Alarm, DatasetProgress, Happening, Tell } from '../../core/ingest/happening.ts';
import type { MonitorSnapshot, SelfTestResult } from '../../core/ingest/monitorSnapshot.ts';
import type { ObjectStore } from '../../workers/objects/objectStore.ts';
import { CensusTaker } from './census.ts';
import { LiveState } from './live.ts';
import { RelayMetrics } from './metrics.ts';
import { EMPTY_STORE, type StoreView, snapshotOf } from './snapshot.ts';

export interface MonitorOptions {
  objects: ObjectStore;
  /** Where each dataset stands. */
  datasets: (signal: AbortSignal) => Promise<readonly DatasetProgress[]>;
  /** Ingests and picks a known event; fails where that does not work. Left out where this process does not test itself. */
  selfTest?: (signal: AbortSignal) => Promise<void>;
  /** Default: an hour. */
  selfTestEveryMs?: number;
  /** When the first one begins: not in the way of what is done at the start. Default: 2 s. */
  firstTestMs?: number;
  /** How often the store is read for what did not happen here; rarer where that takes long. Default: 30 s. What happens here has it read at once. */
  censusEveryMs?: number;
  /** Where the self-test's result goes, beside this monitor. */
  tell?: Tell;
  now?: () => number;
  /** Metrics of the process beside those of the relay; not in tests. */
  processMetrics?: boolean;
}

export interface Monitor {
  /** Takes in what happens. */
  hear: Tell;
  snapshot(): MonitorSnapshot;
  /** Called when something may have changed; at most every `PACE_MS`. @returns what ends it */
  onChange(listener: () => void): () => void;
  /** The page of `/metrics`, and its content type. */
  metrics(): Promise<{ type: string; text: string }>;
  /** Tests now, or waits for the test that runs. @returns undefined where this process does not test itself */
  testNow(): Promise<SelfTestResult | undefined>;
  lastTest(): SelfTestResult | undefined;
  /** For `/readyz`: whether the last self-test passed. */
  check(): Promise<{ name: string; ok: boolean; reason: string }[]>;
  close(): Promise<void>;
}

/** Changes are told no more often. */
export const PACE_MS = 1000;
const HOUR_MS = 3_600_000;
/** A self-test that takes longer than this failed. */
const TEST_LIMIT_MS = 120_000;
/** What changes the state of datasets. */
const MOVES = new Set<Happening['kind']>([
  'staged',
  'message',
  'declared',
  'validated',
  'inserting',
  'published',
  'failed',
  'expired',
]);

export function createMonitor(options: MonitorOptions): Monitor {
  const { objects, datasets, selfTest, now = Date.now } = options;
  const live = new LiveState(now);
  const metrics = new RelayMetrics({ process: options.processMetrics ?? true });
  const taker = new CensusTaker(objects);
  const ending = new AbortController();
  const listeners = new Set<() => void>();
  let store: StoreView = EMPTY_STORE;
  let told: NodeJS.Timeout | undefined;
  let test: Promise<SelfTestResult> | undefined;

  const changed = () => {
    if (told !== undefined || listeners.size === 0 || ending.signal.aborted) return;
    told = setTimeout(() => {
      told = undefined;
      for (const listener of listeners) listener();
    }, PACE_MS);
  };

  const hear: Tell = (happening) => {
    const { isNew, inserted } = live.hear(happening);
    if (isNew) metrics.hear(happening, inserted);
    if (MOVES.has(happening.kind)) census.soon();
    changed();
  };

  const census = repeated(
    async () => {
      const asked = now();
      try {
        const [counted, states] = await Promise.all([taker.take(ending.signal), datasets(ending.signal)]);
        store = { asked, census: counted, datasets: states };
        live.setAlarms(states, asked);
        metrics.setStore(counted, states, now());
      } catch (error) {
        if (ending.signal.aborted) return;
        const problem = (error as Error).message;
        store = { ...store, problem };
        hear({ kind: 'error', where: 'store', reason: problem });
      }
      changed();
    },
    options.censusEveryMs ?? 30_000,
    PACE_MS,
  );

  const testNow = () => {
    if (!selfTest) return Promise.resolve(undefined);
    test ??= (async () => {
      changed();
      const begin = performance.now();
      const reason = await selfTest(AbortSignal.any([ending.signal, AbortSignal.timeout(TEST_LIMIT_MS)])).then(
        () => undefined,
        (error: Error) => error.message || String(error),
      );
      const ms = performance.now() - begin;
      test = undefined;
      const result = {
        kind: 'self-test' as const,
        ok: reason === undefined,
        ms,
        ...(reason !== undefined && { reason }),
      };
      // A relay that stops has not failed.
      if (!ending.signal.aborted) (options.tell ?? hear)(result);
      const { kind: _, ...rest } = result;
      return { ...rest, at: now() };
    })();
    return test;
  };
  const tests = selfTest && repeated(testNow, options.selfTestEveryMs ?? HOUR_MS, 0, options.firstTestMs ?? 2000);

  return {
    hear,
    snapshot: () => snapshotOf(live, store, { now: now(), testing: test !== undefined }),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async metrics() {
      const active = new Map<Alarm, number>();
      for (const { alarm } of live.alarms()) active.set(alarm, (active.get(alarm) ?? 0) + 1);
      metrics.setAlarms(active);
      return { type: metrics.registry.contentType, text: await metrics.registry.metrics() };
    },
    testNow,
    lastTest: () => live.selfTest,
    async check() {
      if (!selfTest) return [];
      const last = live.selfTest;
      const reason = !last ? 'none has ended yet' : last.ok ? `passed within ${Math.round(last.ms)} ms` : last.reason!;
      return [{ name: 'self-test', ok: last?.ok !== false, reason }];
    },
    async close() {
      ending.abort();
      clearTimeout(told);
      listeners.clear();
      await Promise.all([census.close(), tests?.close()]);
    },
  };
}

/**
 * Does something now (or after `firstMs`), then every so often, one at a time; not more than a twentieth of the time where it takes long.
 * @param leastMs between two that `soon` asks for
 */
function repeated(work: () => Promise<unknown>, everyMs: number, leastMs: number, firstMs = 0) {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> | undefined;
  let closed = false;
  let due = 0;
  let rest = leastMs;
  const plan = (ms: number) => {
    const at = performance.now() + ms;
    if (closed || (timer !== undefined && due <= at)) return;
    clearTimeout(timer);
    due = at;
    timer = setTimeout(run, ms);
    // Whoever looks at the relay is no reason to keep it running.
    timer.unref();
  };
  const run = () => {
    timer = undefined;
    const begin = performance.now();
    running = work().finally(() => {
      running = undefined;
      rest = Math.max(leastMs, (performance.now() - begin) * 20);
      plan(Math.max(everyMs, rest));
    });
  };
  if (firstMs > 0) plan(firstMs);
  else run();
  let wanted = false;
  return {
    soon() {
      if (!running) return plan(rest);
      if (wanted) return;
      wanted = true;
      void running.then(() => {
        wanted = false;
        plan(rest);
      });
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
