import { Worker } from 'node:worker_threads';
import type { Tell } from '../../core/ingest/happening.ts';
import type { ConsumerPolicy } from './policy.ts';

/** What a thread is started with. */
export interface ThreadTask {
  /** Of the store: a folder or `s3://…`. */
  store: string;
  holder: string;
  policy: ConsumerPolicy;
  spillFolder: string;
  memoryBytes: number;
}

/** To a thread. */
export type Order = { kind: 'wake'; dataset: string } | { kind: 'stop' };
/** From a thread: also what it tells. */
export type Report = { kind: 'told'; happening: Parameters<Tell>[0] } | { kind: 'ended'; dataset: string };

export interface ConsumerThread {
  /** A dataset was validated. */
  wake(dataset: string): void;
  /** Has it end at a safe point. */
  stop(): Promise<void>;
  /** What is wrong with it; undefined where it runs. */
  trouble(): string | undefined;
}

/** The build puts the worker beside the program, and this file there or into `chunks/`. */
const SCRIPT = import.meta.url.endsWith('.ts')
  ? './consumer.worker.source.mjs'
  : `${import.meta.url.includes('/chunks/') ? '..' : '.'}/consumer.worker.js`;
const LONGEST_WAIT_MS = 60_000;
/** A thread that ran for as long was well. */
const WELL_MS = 60_000;

/**
 * Runs a consumer in a thread of its own, and another one when that dies: what it was at is taken over when its lease has ended.
 * @param ended told of datasets that came to an end
 */
export function consumerThread(task: ThreadTask, tell: Tell, ended: (dataset: string) => void): ConsumerThread {
  let worker: Worker;
  let stopping = false;
  let deaths = 0;
  let trouble: string | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let finish: () => void = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });

  const start = () => {
    const began = performance.now();
    // A new holder: the lease of the one that died is not its own.
    const holder = deaths === 0 ? task.holder : `${task.holder}.${deaths}`;
    worker = new Worker(new URL(SCRIPT, import.meta.url), { workerData: { ...task, holder } });
    trouble = undefined;
    worker.on('message', (report: Report) => {
      if (report.kind === 'told') tell(report.happening);
      else ended(report.dataset);
    });
    let reason = 'it ended';
    worker.on('error', (error: Error) => {
      reason = error.message;
    });
    worker.on('exit', () => {
      if (stopping) return finish();
      trouble = reason;
      const wait =
        performance.now() - began > WELL_MS ? 1000 : Math.min(LONGEST_WAIT_MS, 1000 * 2 ** Math.min(deaths, 6));
      deaths++;
      tell({
        kind: 'error',
        where: 'consumer',
        reason: `the thread of ${holder} died: ${reason}; it is started again`,
      });
      again = setTimeout(start, wait);
    });
  };
  start();

  return {
    wake: (dataset) => worker.postMessage({ kind: 'wake', dataset } satisfies Order),
    trouble: () => trouble,
    async stop() {
      stopping = true;
      clearTimeout(again);
      if (trouble === undefined) {
        worker.postMessage({ kind: 'stop' } satisfies Order);
        await finished;
      }
    },
  };
}
