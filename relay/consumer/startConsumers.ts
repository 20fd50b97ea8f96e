import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Tell } from '../../core/ingest/happening.ts';
import { type ConsumerThread, consumerThread, type ThreadTask } from './consumerThread.ts';

/** The consumers of a process, a thread each. */
export interface Consumers {
  /** A dataset was validated: all of them look, one takes it. */
  wake(dataset: string): void;
  stop(): Promise<void>;
  /** What is wrong with each that does not run. */
  troubles(): string[];
}

/** @param ended told of datasets that came to an end */
export function startConsumers(
  count: number,
  task: Omit<ThreadTask, 'holder'>,
  tell: Tell,
  ended: (dataset: string) => void,
): Consumers {
  const threads: ConsumerThread[] = [];
  for (let k = 1; k <= count; k++) {
    const holder = `${hostname()}-${process.pid}-${randomBytes(2).toString('hex')}-${k}`;
    threads.push(consumerThread({ ...task, holder }, tell, ended));
  }
  return {
    wake(dataset) {
      for (const thread of threads) thread.wake(dataset);
    },
    stop: async () => void (await Promise.all(threads.map((thread) => thread.stop()))),
    troubles: () => threads.flatMap((thread) => thread.trouble() ?? []),
  };
}
