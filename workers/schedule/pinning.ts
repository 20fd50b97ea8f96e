import { cancelled } from '../io/errors.ts';
import type { DatasetJob } from './jobs.ts';
import type { WorkerPool } from './pool.ts';
import type { KeepTask } from './workerApi.ts';

/**
 * Pins the files of a document, and fetches what its runs need of them into the cache: spread over the workers, by file.
 * @throws LumiscopeError the first of a file; the others are ended then
 */
export async function pinFiles(
  pool: WorkerPool,
  run: number,
  jobs: readonly DatasetJob[],
  signal: AbortSignal,
): Promise<void> {
  // Ranges that a worker still gathers are not fetched again by another one.
  await Promise.all(pool.ready().map((worker) => worker.ask((api) => api.flushCache())));
  const tasks = keepTasks(run, jobs);
  const workers = Array.from({ length: Math.min(pool.size, tasks.length) }, (_, index) => pool.worker(index));
  const end = () => {
    for (const worker of workers) worker.ask((api) => api.end(run)).catch(() => {});
  };
  signal.addEventListener('abort', end, { once: true });
  let next = 0;
  try {
    await Promise.all(
      workers.map((worker) => worker.ask((api) => api.begin({ run, engine: 'wasm', programs: new Map() }))),
    );
    if (signal.aborted) throw cancelled();
    await Promise.all(
      workers.map(async (worker) => {
        for (let task = tasks[next++]; task; task = tasks[next++]) await worker.call((api) => api.keep(task!));
      }),
    );
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}

/** A task for each remote file: the same one may belong to several data sets. */
function keepTasks(run: number, jobs: readonly DatasetJob[]): KeepTask[] {
  const byFile = new Map<number, KeepTask>();
  for (const { files, tasks } of jobs) {
    for (const { id, summary, index } of files) {
      if (summary.file.address.kind !== 'url' || byFile.has(id)) continue;
      byFile.set(id, { run, pinned: summary.file, chunks: [], ...(index && { index }) });
    }
    for (const { file, chunk, columns } of tasks) byFile.get(file.id)?.chunks.push({ chunk, columns });
  }
  return [...byFile.values()];
}
