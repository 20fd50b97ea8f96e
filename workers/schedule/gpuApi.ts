import type { Program } from '../../core/expr/typedForm.ts';
import type { ColumnData } from '../../core/schema/column.ts';
import type { ChunkKey, ColumnShape, GpuChunk, GpuInfo, GpuRunResult, GpuTrouble } from '../../gpu-kernels/types.ts';

/** What a program is run over, and as what. */
export interface GpuTask {
  /** The session's number of it: what `cancel` and `progress` ask for. */
  task: number;
  /** Of a program that was lowered. */
  program: string;
  chunks: readonly GpuChunk[];
}

/** How trouble of a device crosses the border of its thread. */
export type GpuOutcome<T> =
  | { ok: true; value: T }
  | { ok: false; kind: GpuTrouble['kind'] | 'cancelled'; message: string };

/** What the GPU's thread offers the session: one device, with columns on it and programs for it. No method throws but by a crash. */
export interface GpuApi {
  /** The device, asked for where there is none. */
  open(): Promise<GpuOutcome<GpuInfo>>;
  /** Makes a program ready for tasks. @returns why it can't run on a GPU, undefined where it can */
  lower(
    key: string,
    program: Program,
    shapes: ReadonlyMap<string, ColumnShape>,
  ): Promise<GpuOutcome<string | undefined>>;
  /** Columns of each chunk that are on the device. */
  resident(chunks: readonly ChunkKey[]): Promise<string[][]>;
  upload(chunk: ChunkKey, columns: ReadonlyMap<string, ColumnData>): Promise<GpuOutcome<void>>;
  run(task: GpuTask): Promise<GpuOutcome<GpuRunResult>>;
  /** Events of a task that were run. */
  progress(task: number): Promise<number>;
  cancel(task: number): Promise<void>;
  /** Lets the device go as a driver would: what a test asks for, and who wants the GPU for something else. */
  lose(): Promise<void>;
}

/** A thread that has the GPU, in whatever way the platform starts one. */
export interface GpuHandle {
  api: GpuApi;
  /** Settles when the thread dies by itself, with what is known of the reason. */
  crashed: Promise<string>;
  terminate(): void;
}
