import { expose, wrap } from 'comlink';
import type { Program } from '../../core/expr/typedForm.ts';
import type { ColumnData } from '../../core/schema/column.ts';
import {
  type ChunkKey,
  type GpuChunk,
  type GpuHost,
  type GpuInfo,
  type GpuRunOptions,
  type GpuRunResult,
  GpuTrouble,
  type LoweredProgram,
} from '../../gpu-kernels/types.ts';
import { createEngine } from '../engine/createEngine.ts';
import type { PartialResult } from '../engine/engine.ts';
import { gatherEvents } from '../engine/gpu/gatherEvents.ts';
import { EngineHeap } from '../engine/heap.ts';
import { LIBM_HEAP_BASE } from '../engine/libm/libm.ts';
import { createGpuWorker } from '../gpuWorker.ts';
import type { GpuApi, GpuHandle } from '../schedule/gpuApi.ts';
import { OrderedMerge } from '../schedule/merge.ts';

/** What a made-up GPU does. */
export interface FakeGpuBehaviour {
  isSoftware?: boolean;
  budget?: number;
  /** Called before a thread is started; throws where it can't be. */
  onSpawn?: () => void;
  /** Called before a device is opened, with how many there were; throws to refuse. */
  onOpen?: (opened: number) => void | Promise<void>;
  /** Why a program does not run on it. */
  refuses?: (program: Program) => string | undefined;
  /** Called before each upload. */
  onUpload?: (key: ChunkKey) => void;
  /** Called before each chunk is run; throws to make it fail. */
  onChunk?: (chunk: GpuChunk) => void | Promise<void>;
}

/** One event of so many is in doubt. */
const DOUBTFUL = 7;

/**
 * A GPU that is none, for tests of what a session does with one: it keeps columns and runs programs by the WebAssembly engine, but for every
 * seventh event, which it is in doubt about. Its thread is this one, behind a real message channel.
 */
export class FakeGpu {
  readonly behaviour: FakeGpuBehaviour;
  /** Devices that were opened. */
  opened = 0;
  /** Threads that were started. */
  threads = 0;
  /** `file/chunk`, in order. */
  readonly uploads: string[] = [];
  /** Of each call of `run`: its chunks. */
  readonly runs: string[][] = [];
  crash: (reason: string) => void = () => {};
  readonly #programs = new WeakMap<LoweredProgram, Program>();

  constructor(behaviour: FakeGpuBehaviour = {}) {
    this.behaviour = behaviour;
  }

  readonly spawn = async (): Promise<GpuHandle> => {
    this.behaviour.onSpawn?.();
    this.threads++;
    const { port1, port2 } = new MessageChannel();
    const worker = createGpuWorker({
      openGpu: async () => {
        await this.behaviour.onOpen?.(this.opened);
        this.opened++;
        return new FakeHost(this, this.#programs);
      },
      lowerProgram: async (program) => {
        const reason = this.behaviour.refuses?.(program);
        if (reason !== undefined) return { reason };
        const layout = { cutflow: 0, cuts: 0, missingWeight: 0, probe: 0, histograms: [], words: 0 };
        const lowered: LoweredProgram = {
          code: '',
          workgroup: 64,
          arrays: [],
          collections: [],
          constants: [],
          layout,
          weights: 0,
        };
        this.#programs.set(lowered, program);
        return lowered;
      },
    });
    expose(worker, port1);
    const close = () => {
      port1.close();
      port2.close();
    };
    const crashed = new Promise<string>((resolve) => {
      this.crash = (reason) => {
        close();
        resolve(reason);
      };
    });
    return { api: wrap<GpuApi>(port2), crashed, terminate: close };
  };
}

class FakeHost implements GpuHost {
  readonly info: GpuInfo;
  readonly lost: Promise<string>;
  readonly #gpu: FakeGpu;
  readonly #programs: WeakMap<LoweredProgram, Program>;
  readonly #columns = new Map<string, Map<string, ColumnData>>();

  constructor(gpu: FakeGpu, programs: WeakMap<LoweredProgram, Program>) {
    const { isSoftware = false, budget = 1e9 } = gpu.behaviour;
    const limits = { workgroupBytes: 16_384, workgroupThreads: 256, bindingBytes: budget };
    this.info = { vendor: 'none', architecture: 'none', description: 'a made-up GPU', isSoftware, budget, limits };
    this.lost = new Promise(() => {});
    this.#gpu = gpu;
    this.#programs = programs;
  }

  resident({ file, chunk }: ChunkKey): ReadonlySet<string> {
    return new Set(this.#columns.get(`${file}/${chunk}`)?.keys());
  }

  bytes(): number {
    return 0;
  }

  async upload(key: ChunkKey, columns: ReadonlyMap<string, ColumnData>): Promise<void> {
    this.#gpu.behaviour.onUpload?.(key);
    const place = `${key.file}/${key.chunk}`;
    this.#gpu.uploads.push(place);
    this.#columns.set(place, new Map([...(this.#columns.get(place) ?? []), ...columns]));
  }

  async run(lowered: LoweredProgram, chunks: readonly GpuChunk[], options: GpuRunOptions = {}): Promise<GpuRunResult> {
    this.#gpu.runs.push(chunks.map(({ file, chunk }) => `${file}/${chunk}`));
    const program = this.#programs.get(lowered)!;
    const engine = await createEngine('wasm', new EngineHeap(LIBM_HEAP_BASE));
    const prepared = await engine.prepare(program);
    const part = (columns: ColumnData[], rows: Uint32Array): PartialResult => {
      const loop = prepared.start(gatherEvents(columns, rows));
      loop.run(0, rows.length);
      const result = loop.result();
      loop.release();
      return result;
    };
    const [first] = chunks;
    if (!first) throw new GpuTrouble('code', 'no chunks');
    const sum = new OrderedMerge(part(this.#of(first, program), new Uint32Array()));
    const doubtful = [];
    for (const [k, chunk] of chunks.entries()) {
      await this.#gpu.behaviour.onChunk?.(chunk);
      options.signal?.throwIfAborted();
      const [sure, rows] = split(chunk.events);
      sum.add(k, part(this.#of(chunk, program), sure));
      if (rows.length > 0) doubtful.push({ file: chunk.file, chunk: chunk.chunk, rows });
      options.onProgress?.(chunk.events);
    }
    return { partial: sum.sum(), doubtful, seconds: 0 };
  }

  #of({ file, chunk }: ChunkKey, { columns }: Program): ColumnData[] {
    const own = this.#columns.get(`${file}/${chunk}`);
    return columns.map((name) => {
      const column = own?.get(name);
      if (!column) throw new GpuTrouble('code', `column ${name} of chunk ${chunk} is not there`);
      return column;
    });
  }

  destroy(): void {}
}

/** Positions of a chunk's events: those that are decided, and those in doubt. */
function split(events: number): [Uint32Array, Uint32Array] {
  const all = new Uint32Array(events).map((_, row) => row);
  return [all.filter((row) => row % DOUBTFUL !== 3), all.filter((row) => row % DOUBTFUL === 3)];
}
