import type { ColumnData } from '../../core/schema/column.ts';
import type { ChunkKey, GpuChunk, GpuHost, GpuInfo, GpuRunOptions, GpuRunResult, LoweredProgram } from '../types.ts';
import { describeAdapter, type GpuOptions, openAdapter, openDevice } from './adapter.ts';
import { Guard } from './guard.ts';
import { Pipelines } from './pipelines.ts';
import { Residency } from './residency.ts';
import { Runner } from './runner.ts';
import { StringCodes } from './strings.ts';
import { trustNumbers } from './trust.ts';

/** Bytes of the first buffer of columns. Drivers clear a buffer when it is first used, so a small one is enough for small files. */
const FIRST_SEGMENT = 2 ** 25;
const FIRST_SEGMENT_SOFTWARE = 2 ** 22;

/**
 * Opens a device that programs run on.
 *
 * @param gpu `navigator.gpu`, undefined where there is none
 * @throws GpuTrouble `refused` with a reason for people
 */
export async function openGpu(gpu: GPU | undefined, options: GpuOptions = {}): Promise<GpuHost> {
  const adapter = await openAdapter(gpu);
  const device = await openDevice(adapter);
  await trustNumbers(device, adapter);
  return new Host(device, describeAdapter(adapter, options));
}

class Host implements GpuHost {
  readonly info: GpuInfo;
  readonly #guard: Guard;
  readonly #residency: Residency;
  readonly #runner: Runner;

  constructor(device: GPUDevice, info: GpuInfo) {
    this.info = info;
    this.#guard = new Guard(device);
    const { isSoftware, budget, limits } = info;
    const { bindingBytes } = limits;
    const strings = new StringCodes();
    this.#residency = new Residency(this.#guard, strings, {
      budget,
      firstSegment: isSoftware ? FIRST_SEGMENT_SOFTWARE : FIRST_SEGMENT,
      maxSegment: Math.floor(bindingBytes / 256) * 256,
    });
    const pipelines = new Pipelines(this.#guard);
    this.#runner = new Runner({
      guard: this.#guard,
      residency: this.#residency,
      strings,
      pipelines,
      isSoftware,
      bindingBytes,
    });
  }

  get lost(): Promise<string> {
    return this.#guard.lost;
  }

  resident(key: ChunkKey): ReadonlySet<string> {
    return this.#residency.columns(key);
  }

  bytes(): number {
    return this.#residency.bytes;
  }

  upload(key: ChunkKey, columns: ReadonlyMap<string, ColumnData>): Promise<void> {
    return this.#residency.upload(key, columns);
  }

  run(program: LoweredProgram, chunks: readonly GpuChunk[], options?: GpuRunOptions): Promise<GpuRunResult> {
    return this.#runner.run(program, chunks, options);
  }

  destroy(): void {
    this.#guard.close();
  }
}
