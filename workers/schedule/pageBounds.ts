import type { AnalysisDocument } from '../../core/analysis/document.ts';
import { columnsOf } from '../../core/analysis/needed.ts';
import type { Compiler } from './compiler.ts';
import type { SessionFile } from './files.ts';
import type { WorkerPool } from './pool.ts';
import type { BoundsTask } from './workerApi.ts';

/** What was asked for of each file. */
const asked = new WeakMap<SessionFile, Map<string, Promise<void>>>();

/**
 * Narrows the bounds of chunks that are parts of row groups, for the columns that cuts read: a few bytes each, read once. What can't
 * be had narrows nothing.
 */
export async function refineBounds(
  pool: WorkerPool,
  compiler: Compiler,
  document: AnalysisDocument,
  datasets: readonly (readonly SessionFile[])[],
): Promise<void> {
  const work = datasets.flatMap((files, dataset) =>
    files.flatMap((file) => {
      const known = new Set(file.summary.pageBounds);
      if (known.size === 0) return [];
      const { cuts } = compiler.compile(document, file.schema, document.datasets[dataset]!, file.name).program;
      const conditions = cuts.map(({ cond }) => cond);
      return refine(
        pool,
        file,
        conditions.length === 0 ? [] : columnsOf(conditions, file.schema).columns.filter((name) => known.has(name)),
      );
    }),
  );
  await Promise.all(work);
}

function refine(pool: WorkerPool, file: SessionFile, columns: readonly string[]): Promise<void>[] {
  const done = asked.get(file) ?? new Map<string, Promise<void>>();
  asked.set(file, done);
  const fresh = columns.filter((name) => !done.has(name));
  const reading = fresh.length > 0 ? read(pool, file, fresh) : Promise.resolve();
  for (const name of fresh) done.set(name, reading);
  return columns.map((name) => done.get(name)!);
}

async function read(pool: WorkerPool, file: SessionFile, columns: readonly string[]): Promise<void> {
  const { summary, metadata, index } = file;
  const worker = pool.worker(0);
  const task: BoundsTask = { file: file.id, columns };
  if (!worker.files.has(file.id)) {
    worker.files.add(file.id);
    task.open = { pinned: summary.file, metadata, ...(index && { index }) };
  }
  try {
    const bounds = await worker.call((api) => api.bounds(task));
    summary.chunkBounds = new Map([...(summary.chunkBounds ?? []), ...bounds]);
  } catch {
    // The run will tell what is wrong with the file, if it is still so.
  }
}
