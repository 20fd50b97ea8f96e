import type { ColumnData } from '../../core/schema/column.ts';
import { GpuTrouble } from '../../gpu-kernels/types.ts';
import { bytesOnDevice, type GpuDevice } from './gpuDevice.ts';
import type { WorkerPool } from './pool.ts';
import { runTasks, type Task } from './scheduler.ts';

/** Chunks that are on their way to the device at a time. */
const WINDOW = 8;

/** Columns of a task's chunk that the device lacks. */
export interface Lacking {
  task: Task;
  columns: string[];
}

export interface UploadParts {
  gpu: GpuDevice;
  pool: WorkerPool;
  /** The session's number of the pool's part in it. */
  run: number;
  signal: AbortSignal;
}

/** Which of the tasks' columns the device lacks, in order, and the bytes that the others take there. */
export async function findLacking(
  gpu: GpuDevice,
  tasks: readonly Task[],
): Promise<{ lacking: Lacking[]; residentBytes: number }> {
  const keys = tasks.map(({ file, chunk }) => ({ file: file.id, chunk }));
  const present = await gpu.resident(keys);
  const lacking: Lacking[] = [];
  let residentBytes = 0;
  tasks.forEach((task, k) => {
    const isThere = (column: string) => present[k]!.has(column);
    residentBytes += gpu.bytesOf(keys[k]!, task.columns.filter(isThere));
    const columns = task.columns.filter((column) => !isThere(column));
    if (columns.length > 0) lacking.push({ task, columns });
  });
  return { lacking, residentBytes };
}

/**
 * Has the pool read columns, and uploads them in the order of the list, whatever the order in which they come: so that the same chunks are
 * on the device in every run. Columns of a file that can't be read are left out, and those behind the first that there is no room for.
 *
 * @param room bytes that all of them may take
 * @param placed told each one that is there now
 * @throws GpuTrouble but for `memory`; LumiscopeError
 */
export async function uploadColumns(
  { gpu, pool, run, signal }: UploadParts,
  list: readonly Lacking[],
  room: number,
  placed: (one: Lacking) => void,
): Promise<void> {
  const ended = new AbortController();
  const arrived = new Map<number, readonly ColumnData[] | undefined>();
  let [next, bytes, isFull] = [0, 0, false];
  let trouble: unknown;

  const upload = async (one: Lacking, data: readonly ColumnData[]) => {
    const key = { file: one.task.file.id, chunk: one.task.chunk };
    const own = data.reduce((sum, column) => sum + bytesOnDevice(column), 0);
    if (bytes + own > room) throw new GpuTrouble('memory', 'there is no room for more columns');
    await gpu.upload(key, new Map(one.columns.map((name, k) => [name, data[k]!])));
    bytes += own;
    placed(one);
  };
  const advance = async () => {
    while (arrived.has(next) && !ended.signal.aborted && !signal.aborted) {
      const data = arrived.get(next);
      try {
        if (data) await upload(list[next]!, data);
        arrived.delete(next++);
      } catch (error) {
        if (error instanceof GpuTrouble && error.kind === 'memory') isFull = true;
        else trouble = error;
        ended.abort();
      }
    }
    return next;
  };
  let turn: Promise<number> = Promise.resolve(0);
  const arrive = (index: number, data: readonly ColumnData[] | undefined) => {
    arrived.set(index, data);
    turn = turn.then(advance);
    return turn;
  };

  const tasks = list.map(({ task, columns }) => ({ ...task, columns, hand: columns }));
  try {
    await runTasks(pool, { run, engine: 'wasm', programs: new Map() }, tasks, {
      signal: AbortSignal.any([ended.signal, signal]),
      workers: pool.size,
      window: WINDOW,
      merged: (index, { columns }) => arrive(index, columns),
      lost: (index) => {
        void arrive(index, undefined);
        return next;
      },
    });
  } catch (error) {
    await turn;
    if (trouble) throw trouble;
    if (!isFull && (error as { tag?: string }).tag !== 'source') throw error;
  }
}
