import type { RunProgress, RunResult } from '../session.ts';
import type { ActiveRun } from './activeRun.ts';
import type { DatasetJob } from './jobs.ts';
import type { WorkerPool } from './pool.ts';

const INTERVAL_MS = 100;
/** Snapshots of big histograms are made less often, so that they take less than this share of the thread. */
const SNAPSHOT_SHARE = 0.2;

interface Watched {
  pool: WorkerPool;
  /** Events that were computed so far, where a chunk's result is not there yet. */
  computed: () => number;
  active: ActiveRun;
  jobs: readonly DatasetJob[];
  cost: () => Pick<RunResult, 'bytes' | 'requests' | 'cachedBytes' | 'seconds'>;
  about: Pick<RunResult, 'engine' | 'engineNote' | 'version' | 'documentHash'>;
  onProgress: (progress: RunProgress) => void;
}

/** Tells about a run ten times a second. @returns what ends it, after a last look where `last` */
export function reportProgress({
  pool,
  computed,
  active,
  jobs,
  cost,
  about,
  onProgress,
}: Watched): (last: boolean) => void {
  const totalEvents = jobs.reduce(
    (sum, { files }) => sum + files.reduce((events, { summary }) => events + summary.events, 0),
    0,
  );
  let shown: { version: number; data: ReturnType<ActiveRun['display']>; next: number } | undefined;
  let events = 0;
  const snapshot = () => {
    const now = performance.now();
    if (!shown || (shown.version !== active.version && now >= shown.next)) {
      const data = active.display();
      const took = performance.now() - now;
      shown = { version: active.version, data, next: now + took / SNAPSHOT_SHARE };
    }
    return shown.data;
  };
  const tell = () => {
    void pool.refresh();
    events = Math.max(events, active.events, active.known() + computed());
    const spent = cost();
    onProgress({
      events,
      totalEvents,
      ...spent,
      // Made when it is looked at: who only counts events need not pay for it.
      get partial(): RunResult {
        return { complete: false, ...snapshot(), ...spent, ...about };
      },
    });
  };
  const timer = setInterval(tell, INTERVAL_MS);
  return (last) => {
    clearInterval(timer);
    if (!last) return;
    if (shown) shown.next = 0;
    tell();
  };
}
