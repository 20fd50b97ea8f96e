import { transfer } from 'comlink';
import type { Program } from '../../core/expr/typedForm.ts';
import type { ColumnData } from '../../core/schema/column.ts';
import {
  type ChunkKey,
  type ColumnShape,
  type GpuChunk,
  type GpuInfo,
  type GpuRunResult,
  GpuTrouble,
} from '../../gpu-kernels/types.ts';
import { cancelled } from '../io/errors.ts';
import type { GpuApi, GpuHandle, GpuOutcome } from './gpuApi.ts';

/** Progress of a run on the device is asked for this often. */
const POLL_MS = 100;

/** Not more than the thread keeps. */
const KEPT_PROGRAMS = 64;

interface Lowered {
  program: Program;
  shapes: ReadonlyMap<string, ColumnShape>;
  reason: string | undefined;
  /** Which had it. */
  thread: GpuHandle;
}

/** The session's GPU: its thread is started when it is asked for, and again after it died. */
export class GpuDevice {
  readonly #spawn: () => Promise<GpuHandle>;
  #handle: Promise<GpuHandle> | undefined;
  /** Ends calls that are under way. */
  readonly #calls = new Set<(error: GpuTrouble) => void>();
  /** Of columns on the device, by `file/chunk` and name: as many as are uploaded, some of which may have made room since. */
  #sizes = new Map<string, Map<string, number>>();
  /** Programs that were made ready in the thread, the last ones. */
  readonly #lowered = new Map<string, Lowered>();
  #tasks = 0;
  /** The device that is open, or was the last time. */
  info: GpuInfo | undefined;
  /** Why there is none, as said the last time. */
  refused: string | undefined;

  constructor(spawn: () => Promise<GpuHandle>) {
    this.#spawn = spawn;
  }

  /** @throws GpuTrouble `refused` */
  async open(): Promise<GpuInfo> {
    try {
      const info = await this.#ask((api) => api.open());
      this.info = info;
      this.refused = undefined;
      return info;
    } catch (error) {
      if (error instanceof GpuTrouble && error.kind === 'refused') this.refused = error.message;
      throw error;
    }
  }

  /** @returns why the program can't run on a GPU; undefined where it can */
  async lower(key: string, program: Program, shapes: ReadonlyMap<string, ColumnShape>): Promise<string | undefined> {
    const thread = await this.#opened();
    const known = this.#lowered.get(key);
    if (known?.thread === thread) return known.reason;
    const reason = await this.#ask((api) => api.lower(key, program, shapes));
    this.#lowered.delete(key);
    this.#lowered.set(key, { program, shapes, reason, thread });
    for (const oldest of this.#lowered.keys()) if (this.#lowered.size > KEPT_PROGRAMS) this.#lowered.delete(oldest);
    return reason;
  }

  /** Columns of each chunk that are on the device. */
  async resident(chunks: readonly ChunkKey[]): Promise<ReadonlySet<string>[]> {
    const names = await this.#ask(async (api) => ({ ok: true, value: await api.resident(chunks) }));
    return names.map((list) => new Set(list));
  }

  /** Bytes that columns of a chunk take there, where they are. */
  bytesOf({ file, chunk }: ChunkKey, columns: readonly string[]): number {
    const sizes = this.#sizes.get(`${file}/${chunk}`);
    return columns.reduce((sum, column) => sum + (sizes?.get(column) ?? 0), 0);
  }

  /** Hands columns to the device: they are no longer here afterwards. @throws GpuTrouble `memory`, `lost` */
  async upload(key: ChunkKey, columns: ReadonlyMap<string, ColumnData>): Promise<void> {
    const sizes = new Map([...columns].map(([name, data]) => [name, bytesOnDevice(data)] as const));
    const arrays = [...columns.values()].flatMap(({ values, valid, offsets }) => [
      values.buffer,
      ...offsets.map(({ buffer }) => buffer),
      ...(valid ? [valid.buffer] : []),
    ]);
    await this.#ask((api) => api.upload(key, transfer(columns as Map<string, ColumnData>, [...new Set(arrays)])));
    const place = `${key.file}/${key.chunk}`;
    this.#sizes.set(place, new Map([...(this.#sizes.get(place) ?? []), ...sizes]));
  }

  /**
   * @param onProgress told the events that were run, now and then
   * @throws GpuTrouble `lost`, `memory`, `code`; LumiscopeError `cancelled` at once when `signal` fires
   */
  async run(
    program: string,
    chunks: readonly GpuChunk[],
    signal: AbortSignal | undefined,
    onProgress: (events: number) => void,
  ): Promise<GpuRunResult> {
    const task = this.#tasks++;
    // The thread that it was made ready in may have died since.
    const known = this.#lowered.get(program);
    if (known) await this.lower(program, known.program, known.shapes);
    const handle = await this.#opened();
    if (signal?.aborted) throw cancelled();
    const poll = setInterval(() => {
      handle.api.progress(task).then(onProgress, () => {});
    }, POLL_MS);
    let cancel = () => {};
    const stopped = new Promise<never>((_, reject) => {
      cancel = () => {
        handle.api.cancel(task).catch(() => {});
        reject(cancelled());
      };
    });
    signal?.addEventListener('abort', cancel);
    try {
      return await Promise.race([this.#ask((api) => api.run({ task, program, chunks })), stopped]);
    } finally {
      clearInterval(poll);
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** Lets the device go, as a driver might. */
  async lose(): Promise<void> {
    await (await this.#handle)?.api.lose();
  }

  close(): void {
    this.#end('the session was closed');
  }

  async #opened(): Promise<GpuHandle> {
    if (this.#handle) return this.#handle;
    const handle = this.#spawn().catch((cause: Error) => {
      throw new GpuTrouble('refused', `the thread for the GPU can not be started (${cause.message})`, { cause });
    });
    this.#handle = handle;
    handle.then(
      ({ crashed }) => crashed.then((reason) => this.#handle === handle && this.#end(`its thread stopped: ${reason}`)),
      () => {
        if (this.#handle === handle) this.#handle = undefined;
      },
    );
    return handle;
  }

  #end(reason: string): void {
    this.#handle?.then(({ terminate }) => terminate()).catch(() => {});
    this.#handle = undefined;
    this.#sizes = new Map();
    for (const leave of this.#calls) leave(new GpuTrouble('lost', reason));
  }

  async #ask<T>(question: (api: GpuApi) => Promise<GpuOutcome<T>>): Promise<T> {
    const { api } = await this.#opened();
    let leave!: (error: GpuTrouble) => void;
    const gone = new Promise<never>((_, reject) => {
      leave = reject;
    });
    this.#calls.add(leave);
    try {
      const outcome = await Promise.race([question(api), gone]);
      if (outcome.ok) return outcome.value;
      if (outcome.kind === 'cancelled') throw cancelled();
      throw new GpuTrouble(outcome.kind, outcome.message);
    } finally {
      this.#calls.delete(leave);
    }
  }
}

/** Bytes of a column on the device, with offsets of its own, which it may well share with others: rather too many. */
export function bytesOnDevice({ values, valid, offsets }: ColumnData): number {
  const words = (array: ArrayBufferView) => Math.ceil(array.byteLength / 4) * 4;
  return words(values) + (valid ? words(valid) : 0) + offsets.reduce((sum, level) => sum + words(level), 0);
}
