import type { ByteSource, FileAddress, ReadCounter } from '../io/byteSource.ts';

/** What a task has of its thread. */
export interface TaskContext {
  /** Opens a file by its address; with its size, if that is known, at no request. */
  open(address: FileAddress, size?: number): Promise<ByteSource>;
  /**
   * An object of the catalogue: its size is known, and its checksum stands for its version in the cache. No request.
   * @param folder address of the catalogue, with a slash at its end
   */
  object(folder: string, object: { path: string; bytes: number; sha256: string }): Promise<ByteSource>;
  /** WebGPU's entry point, where the thread may have one. */
  findGpu?: (() => Promise<GPU | undefined>) | undefined;
  /** Of this task: what its sources read. */
  readonly counter: ReadCounter;
  /** What the thread keeps from task to task, by any key: footers, decoded tables. Small things, or of a bounded number. */
  readonly kept: Map<string, unknown>;
}

/** A result whose buffers go to the other thread instead of being copied. */
export interface Handed<T> {
  handed: T;
  buffers: ArrayBuffer[];
}
