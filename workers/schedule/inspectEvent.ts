import { LumiscopeError } from '../../core/errors.ts';
import type { EventAddress, EventRecord } from '../eventTable.ts';
import type { SessionFile } from './files.ts';
import type { PoolWorker, WorkerPool } from './pool.ts';
import type { InspectTask } from './workerApi.ts';

/**
 * Looks at one event, in the worker that holds the most columns of its chunk.
 * @throws LumiscopeError `document` where there is no such event
 */
export async function inspectEvent(
  pool: WorkerPool,
  files: readonly (readonly SessionFile[])[],
  address: EventAddress,
  request: InspectTask['request'],
): Promise<EventRecord> {
  const file = files[address.dataset]?.[address.file];
  const chunk = file?.summary.chunks.findIndex(({ begin, end }) => address.event >= begin && address.event < end) ?? -1;
  if (!file || chunk < 0) {
    const events = file
      ? `${file.name} has ${file.summary.events.toLocaleString('en')} events`
      : 'there is no such file';
    throw new LumiscopeError(
      'document',
      `there is no event at position ${address.event.toLocaleString('en')}: ${events}`,
      {
        hint: 'the link may belong to other data',
      },
    );
  }
  const worker = await homeOf(pool, file.id, chunk);
  const { begin } = file.summary.chunks[chunk]!;
  const task: InspectTask = { file: file.id, chunk, row: address.event - begin, request };
  if (!worker.files.has(file.id)) {
    worker.files.add(file.id);
    const { metadata, index } = file;
    task.open = { pinned: file.summary.file, metadata, ...(index && { index }) };
  }
  const record = await worker.call((api) => api.inspect(task));
  return { address, ...record };
}

async function homeOf(pool: WorkerPool, file: number, chunk: number): Promise<PoolWorker> {
  let most = 0;
  let home: PoolWorker | undefined;
  await Promise.allSettled(
    pool.ready().map(async (worker) => {
      const columns = await worker.ask((api) => api.holdings());
      const count = columns.filter((key) => key.file === file && key.chunk === chunk).length;
      if (count > most) home = worker;
      most = Math.max(most, count);
    }),
  );
  return home ?? pool.worker(0);
}
