import type { RequestPlan } from '../session.ts';
import type { DatasetJob } from './jobs.ts';
import type { WorkerPool } from './pool.ts';
import type { Task } from './scheduler.ts';
import type { ChunkCost, CostTask } from './workerApi.ts';

/** Files whose ranges are asked for, and chunks of all of them: the others are taken to cost as much. */
const ASKED_FILES = 32;
const ASKED_CHUNKS = 256;

/** A chunk with what of it is not in memory. */
interface Need {
  task: Task;
  columns: string[];
  /** Of those columns on disk. */
  bytes: number;
  host: string | undefined;
  cost?: ChunkCost | undefined;
}

/**
 * The requests of a run that has to do these jobs, by host.
 * @param isHeld whether a column of a chunk is in memory
 */
export async function planRequests(
  pool: WorkerPool,
  jobs: readonly DatasetJob[],
  isHeld: (file: number, chunk: number, column: string) => boolean,
): Promise<RequestPlan> {
  const columns = new Map<string, number>();
  const needs: Need[] = [];
  let memoryBytes = 0;
  for (const { tasks, files } of jobs) {
    const summaries = new Map(files.map(({ id, summary }) => [id, summary] as const));
    for (const task of tasks) {
      const { columns: all, chunks, columnBytes } = summaries.get(task.file.id)!;
      const at = indexOf(all);
      const need: Need = { task, columns: [], bytes: 0, host: hostOf(task) };
      for (const column of task.columns) {
        const bytes = columnBytes[(at.get(column) ?? 0) * chunks.length + task.chunk] ?? 0;
        columns.set(column, (columns.get(column) ?? 0) + bytes);
        if (isHeld(task.file.id, task.chunk, column)) memoryBytes += bytes;
        else need.columns.push(column);
        if (need.columns.at(-1) === column) need.bytes += bytes;
      }
      needs.push(need);
    }
  }
  const missing = needs.filter((need) => need.columns.length > 0);
  await ask(pool, missing);
  return {
    files: new Set(needs.map(({ task }) => task.file.id)).size,
    chunks: needs.length,
    columns: [...columns].map(([name, bytes]) => ({ name, bytes })).sort((a, b) => b.bytes - a.bytes),
    memoryBytes,
    hosts: [...groupBy(missing, ({ host }) => host)].map(([host, own]) => hostCost(host, own)),
    isEstimate: missing.some(({ cost }) => !cost),
  };
}

/** Positions of columns by name, once a list: files of one kind share theirs. */
const positions = new WeakMap<readonly { name: string }[], Map<string, number>>();

function indexOf(columns: readonly { name: string }[]): Map<string, number> {
  const known = positions.get(columns) ?? new Map(columns.map(({ name }, k) => [name, k] as const));
  positions.set(columns, known);
  return known;
}

function hostOf({ file: { pinned } }: Task): string | undefined {
  if (pinned.address.kind !== 'url') return undefined;
  return new URL(pinned.replica?.url ?? pinned.address.url).host;
}

/** Has workers say what some of the chunks cost; the others' `cost` stays open. */
async function ask(pool: WorkerPool, needs: readonly Need[]): Promise<void> {
  const files = [...groupBy(needs, ({ task }) => task.file.id).values()];
  // A worker would have to fetch the metadata of the others anew.
  const known = files.filter(([first]) => first!.task.file.metadata.length > 0 || !first!.host);
  const asked = spread(known, ASKED_FILES);
  const each = Math.ceil(ASKED_CHUNKS / Math.max(1, asked.length));
  const running = Math.max(1, pool.running().length);
  await Promise.all(
    asked.map(async (all, k) => {
      const own = spread(all, each);
      const { file } = own[0]!.task;
      const worker = pool.worker(k % running);
      const task: CostTask = { file: file.id, chunks: own.map(({ task: { chunk }, columns }) => ({ chunk, columns })) };
      if (!worker.files.has(file.id)) {
        worker.files.add(file.id);
        const { pinned, metadata, index } = file;
        task.open = { pinned, metadata, ...(index && { index }) };
      }
      const costs = await worker.call((api) => api.cost(task));
      own.forEach((need, i) => {
        need.cost = costs[i];
      });
    }),
  );
}

function hostCost(host: string | undefined, needs: readonly Need[]): RequestPlan['hosts'][number] {
  const known = needs.filter(({ cost }) => cost);
  const sum = (value: (need: Need) => number, of = needs) => of.reduce((total, need) => total + value(need), 0);
  const nominal = sum(({ bytes }) => bytes, known);
  const share = nominal > 0 ? sum(({ bytes }) => bytes) / nominal : 1;
  const columns = sum(({ columns }) => columns.length, known);
  const requests = sum(({ cost }) => cost!.requests, known);
  return {
    host,
    files: new Set(needs.map(({ task }) => task.file.id)).size,
    // Where nothing is known, a request a column.
    requests:
      known.length === 0 ? sum((need) => need.columns.length) : Math.round((requests * needs.length) / known.length),
    bytes: columns === 0 ? sum(({ bytes }) => bytes) : Math.round(sum(({ cost }) => cost!.bytes, known) * share),
    cachedBytes: Math.round(sum(({ cost }) => cost!.cachedBytes, known) * share),
  };
}

/** So many entries, evenly from all of a list. */
function spread<T>(list: readonly T[], most: number): T[] {
  const count = Math.min(most, list.length);
  return Array.from({ length: count }, (_, k) => list[Math.floor((k * list.length) / count)]!);
}

function groupBy<T, K>(list: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of list) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
