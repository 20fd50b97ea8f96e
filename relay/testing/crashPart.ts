/** A part of a relay as a process of its own, for the crash test: it is given its task, and may be told to kill itself at a change of the store. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RelayClient } from '../../workers/ingest/produce/relayClient.ts';
import { openObjectStore } from '../../workers/objects/openObjectStore.ts';
import { relayConfigSchema } from '../configSchema.ts';
import { consume } from '../consumer/consume.ts';
import { DEFAULT_CONSUMER_POLICY } from '../consumer/policy.ts';
import { startRelay } from '../startRelay.ts';
import { DatasetBook } from '../supervisor/datasetBook.ts';
import { DEFAULT_POLICY } from '../supervisor/policy.ts';
import { supervise } from '../supervisor/supervise.ts';
import { Wake } from '../wake.ts';
import type { StoredJobs } from './crashTruth.ts';
import { dyingObjects } from './dyingObjects.ts';

export interface PartTask {
  part: 'api' | 'supervisor' | 'consumer' | 'producer';
  name: string;
  folder: string;
  store: string;
  port: number;
  /** Objects go some 100 ms after they were published. */
  isHasty: boolean;
  /** Kills itself there. */
  death?: { at: number; when: 'before' | 'after' };
}

const task: PartTask = JSON.parse(process.argv[2]!);
const die = () => {
  process.kill(process.pid, 'SIGKILL');
  return new Promise<never>(() => {});
};
const opened = openObjectStore(task.store);
const objects = task.death ? dyingObjects(opened, { ...task.death, die }) : opened;
const { signal } = new AbortController();
const tell = () => {};

async function produce(): Promise<void> {
  const { jobs, declarations }: StoredJobs = JSON.parse(readFileSync(join(task.folder, 'jobs.json'), 'utf8'));
  const waits = [20, 50, 100, 100, 200, 200, 500, 500, 1000, 1000, 2000, 4000, 8000];
  const client = new RelayClient(`http://127.0.0.1:${task.port}`, { waits });
  const own = jobs.filter((_, k) => k % 2 === Number(task.name.endsWith('2')));
  for (const { object, message, halfOf } of [...own, ...own.filter(({ isRepeated }) => isRepeated)]) {
    const bytes = Buffer.from(object, 'base64');
    if (halfOf) {
      // A job that crashed half-way through its upload.
      const half = bytes.subarray(0, bytes.length >> 1);
      const headers = { 'Content-Range': `bytes 0-${half.length - 1}/${bytes.length}` };
      const url = `http://127.0.0.1:${task.port}/v1/objects/${message.object.sha256}`;
      await fetch(url, { method: 'PUT', body: half, headers }).catch(() => {});
    }
    await client.upload(new Uint8Array(bytes));
    await client.message(message);
    for (const declaration of declarations)
      if (declaration.dataset === message.dataset) await client.declare(declaration);
  }
}

const parts: Record<PartTask['part'], () => Promise<void>> = {
  api: () =>
    startRelay(
      relayConfigSchema.parse({
        folder: task.folder,
        store: task.store,
        port: task.port,
        roles: ['api'],
        log: { level: 'silent' },
        limits: { requestsPerMinute: 1_000_000, stalledSeconds: 1 },
      }),
      () => objects,
    ),
  supervisor() {
    const brief = { duplicatesMs: 100, stagedMs: 200, messagesMs: 400 };
    const policy = { ...DEFAULT_POLICY, pollMs: 30, ...(task.isHasty && brief) };
    return supervise({ objects, book: new DatasetBook(objects, policy), tell, policy, signal, wake: new Wake() });
  },
  consumer: () =>
    consume({
      objects,
      holder: `${task.name}-${process.pid}`,
      tell,
      signal,
      policy: { ...DEFAULT_CONSUMER_POLICY, pollMs: 30, waitMs: 30, leaseMs: 500, deathsAtMost: 1_000_000 },
      spillFolder: join(task.folder, 'sorting'),
      memoryBytes: 64 << 20,
      wake: new Wake(),
    }),
  producer: produce,
};
await parts[task.part]();
if (task.part === 'producer') process.exit(0);
