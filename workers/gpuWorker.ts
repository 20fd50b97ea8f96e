import { transfer } from 'comlink';
import type { Program } from '../core/expr/typedForm.ts';
import { listArrays } from '../core/hist/arrays.ts';
import type { ColumnData } from '../core/schema/column.ts';
import {
  type ChunkKey,
  type ColumnShape,
  type GpuHost,
  type GpuInfo,
  type GpuRunResult,
  GpuTrouble,
  type LoweredProgram,
  type Refusal,
} from '../gpu-kernels/types.ts';
import type { GpuApi, GpuOutcome, GpuTask } from './schedule/gpuApi.ts';

/** What the GPU's thread is made of; browser and Node differ in `openGpu` only. */
export interface GpuWorkerParts {
  /** @throws GpuTrouble `refused` */
  openGpu(): Promise<GpuHost>;
  lowerProgram(
    program: Program,
    shapes: ReadonlyMap<string, ColumnShape>,
    info: GpuInfo,
  ): Promise<LoweredProgram | Refusal>;
}

/** Programs that are kept lowered between runs: `GpuDevice` counts on as many. */
const KEPT_PROGRAMS = 64;

/** The GPU's side of a session: one device at a time, opened when asked for, and again after it was lost. */
export function createGpuWorker(parts: GpuWorkerParts): GpuApi {
  return new GpuWorker(parts);
}

class GpuWorker implements GpuApi {
  readonly #parts: GpuWorkerParts;
  /** By key, oldest first. */
  readonly #programs = new Map<string, LoweredProgram | Refusal>();
  readonly #tasks = new Map<number, { abort: AbortController; events: number }>();
  #host: Promise<GpuHost> | undefined;
  /** Uploads and runs come one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: GpuWorkerParts) {
    this.#parts = parts;
  }

  open(): Promise<GpuOutcome<GpuInfo>> {
    return outcome(async () => (await (this.#host ?? this.#openAnew())).info);
  }

  lower(
    key: string,
    program: Program,
    shapes: ReadonlyMap<string, ColumnShape>,
  ): Promise<GpuOutcome<string | undefined>> {
    return outcome(async () => {
      const { info } = await this.#present();
      const lowered = await this.#parts.lowerProgram(program, shapes, info);
      this.#programs.delete(key);
      this.#programs.set(key, lowered);
      for (const oldest of this.#programs.keys()) {
        if (this.#programs.size <= KEPT_PROGRAMS) break;
        this.#programs.delete(oldest);
      }
      return 'reason' in lowered ? lowered.reason : undefined;
    });
  }

  async resident(chunks: readonly ChunkKey[]): Promise<string[][]> {
    const host = await this.#host?.catch(() => undefined);
    return chunks.map((chunk) => [...(host?.resident(chunk) ?? [])]);
  }

  upload(chunk: ChunkKey, columns: ReadonlyMap<string, ColumnData>): Promise<GpuOutcome<void>> {
    return this.#inTurn(async (host) => host.upload(chunk, columns));
  }

  async run({ task, program, chunks }: GpuTask): Promise<GpuOutcome<GpuRunResult>> {
    const abort = new AbortController();
    const own = { abort, events: 0 };
    this.#tasks.set(task, own);
    const done = await this.#inTurn(async (host) => {
      abort.signal.throwIfAborted();
      const lowered = this.#programs.get(program);
      if (!lowered || 'reason' in lowered) throw new GpuTrouble('code', 'the program is not made ready');
      return host.run(lowered, chunks, {
        signal: abort.signal,
        onProgress: (events) => {
          own.events += events;
        },
      });
    });
    this.#tasks.delete(task);
    if (!done.ok) return done;
    const { partial, doubtful } = done.value;
    const arrays = [
      partial.cutflow,
      ...partial.histograms.flatMap((one) => [...listArrays(one), ...(one.tiles ? [one.tiles.at] : [])]),
      ...doubtful.map(({ rows }) => rows),
    ];
    return transfer(done, [...new Set(arrays.map((array) => array.buffer as ArrayBuffer))]);
  }

  async progress(task: number): Promise<number> {
    return this.#tasks.get(task)?.events ?? 0;
  }

  async cancel(task: number): Promise<void> {
    this.#tasks.get(task)?.abort.abort();
  }

  async lose(): Promise<void> {
    const host = await this.#host?.catch(() => undefined);
    this.#host = undefined;
    host?.destroy();
  }

  #openAnew(): Promise<GpuHost> {
    const opening = this.#parts.openGpu();
    const forget = () => {
      if (this.#host === opening) this.#host = undefined;
    };
    opening.then((host) => host.lost.then(forget), forget);
    this.#host = opening;
    return opening;
  }

  async #present(): Promise<GpuHost> {
    if (!this.#host) throw new GpuTrouble('lost', 'the device is gone, and the columns on it with it');
    return this.#host;
  }

  #inTurn<T>(work: (host: GpuHost) => Promise<T>): Promise<GpuOutcome<T>> {
    const done = this.#turn.then(async () => {
      const host = this.#host;
      const answer = await outcome(async () => work(await this.#present()));
      // Another one may be open by now.
      if (!answer.ok && answer.kind === 'lost' && this.#host === host) this.#host = undefined;
      return answer;
    });
    this.#turn = done;
    return done;
  }
}

async function outcome<T>(work: () => Promise<T>): Promise<GpuOutcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    const { name, message } = error as Error;
    const kind = error instanceof GpuTrouble ? error.kind : name === 'AbortError' ? 'cancelled' : 'code';
    return { ok: false, kind, message };
  }
}
