/** What the Monitor shows of the relay, put together of what happened here and what the store holds. */
import { INGEST_STATES } from '../../core/ingest/datasetState.ts';
import type { DatasetProgress } from '../../core/ingest/happening.ts';
import { type MonitorSnapshot, TRAVERSAL_BOUNDS } from '../../core/ingest/monitorSnapshot.ts';
import { type Census, objectsByState } from './census.ts';
import { LiveState } from './live.ts';

const NEWEST_SHOWN = 100;
const TROUBLE_SHOWN = 200;

export interface StoreView {
  /** When the store was asked. */
  asked: number;
  census: Census;
  datasets: readonly DatasetProgress[];
  /** Why it could not be renewed. */
  problem?: string;
}

export const EMPTY_STORE: StoreView = {
  asked: -Infinity,
  census: {
    staged: { objects: 0, bytes: 0 },
    chosen: 0,
    published: { datasets: 0, events: 0, bytes: 0 },
    traversals: [],
    working: [],
  },
  datasets: [],
};

export function snapshotOf(
  live: LiveState,
  { asked, census, datasets, problem }: StoreView,
  { now, testing }: { now: number; testing: boolean },
): MonitorSnapshot {
  return {
    version: 1,
    at: now,
    started: live.started,
    totals: {
      published: census.published,
      staged: census.staged,
      ...objectsByState(census, datasets),
      duplicateEvents: live.totals.duplicateEvents,
      takeovers: live.totals.takeovers,
      errors: { ...live.totals.errors },
      proxy: { ...live.totals.proxy },
    },
    producers: live.producers(),
    datasets: { ...shownDatasets(datasets), ...(problem !== undefined && { problem }) },
    consumers: live.consumers(
      census.working.map(({ insertion: { consumer, dataset, generation, attempts, began }, events }) => ({
        consumer,
        dataset,
        generation,
        attempt: attempts,
        events,
        since: began,
      })),
      datasets,
      asked,
    ),
    alarms: LiveState.shownAlarms(live.alarms()),
    throughput: live.throughput(),
    traversal: traversalOf(census.traversals),
    selfTest: { running: testing, ...(live.selfTest && { last: live.selfTest }) },
    may: { retry: false, test: false },
  };
}

/** Those with trouble first, then those that changed last; the others are counted. */
function shownDatasets(all: readonly DatasetProgress[]): Omit<MonitorSnapshot['datasets'], 'problem'> {
  const counts = Object.fromEntries(INGEST_STATES.map((state) => [state, 0])) as MonitorSnapshot['datasets']['counts'];
  for (const { state } of all) counts[state] += 1;
  const newestFirst = all.toSorted((a, b) => b.since - a.since);
  const hasTrouble = ({ state, alarms }: DatasetProgress) => state === 'FAIL' || alarms.length > 0;
  const trouble = newestFirst.filter(hasTrouble).slice(0, TROUBLE_SHOWN);
  const newest = newestFirst.filter((one) => !hasTrouble(one)).slice(0, NEWEST_SHOWN);
  return { counts, shown: [...trouble, ...newest].map(({ alarms: _, ...shown }) => shown) };
}

function traversalOf(ms: readonly number[]): MonitorSnapshot['traversal'] {
  const counts = new Array<number>(TRAVERSAL_BOUNDS.length + 1).fill(0);
  for (const one of ms) {
    const at = TRAVERSAL_BOUNDS.findIndex((bound) => one <= bound * 1000);
    counts[at < 0 ? TRAVERSAL_BOUNDS.length : at]! += 1;
  }
  const sorted = ms.toSorted((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)];
  return { bounds: [...TRAVERSAL_BOUNDS], counts, ...(median !== undefined && { median: median / 1000 }) };
}
