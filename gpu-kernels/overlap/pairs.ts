import { describeAdapter, openAdapter, openDevice } from '../device/adapter.ts';
import { MAP_READ, USAGE } from '../device/flags.ts';
import { Guard } from '../device/guard.ts';
import { type GpuInfo, GpuTrouble } from '../types.ts';
import { blockRows, type PairShape, pairCode, WORDS_OF_GROUP } from './pairCode.ts';

/** The software renderer takes long over workgroup memory: `SOFTWARE_WORKGROUP_BYTES` is what these take. */
const SHAPES: Record<'gpu' | 'software', PairShape> = {
  gpu: { side: 16, own: 4, words: 16 },
  software: { side: 8, own: 4, words: 4 },
};
/** Pairs of words of a dispatch: what takes some ten milliseconds. */
const DISPATCH_PAIRS = { gpu: 2 ** 33, software: 2 ** 27 };
/** Dispatches that wait for their turn. */
const MOST_WAITING = 4;
/** Sums of 32 bits are collected before they can overflow. */
const COLLECT_BITS = 2 ** 31;

/** A device that counts bits which pairs of rows share. */
export interface PairDevice {
  readonly info: GpuInfo;
  /** Settles when the device is gone without `destroy`, with the reason. */
  readonly lost: Promise<string>;
  /** @throws GpuTrouble `refused` where a matrix is larger than the device takes; `memory`; `lost` */
  counter(rows: number): Promise<GpuPairCounter>;
  destroy(): void;
}

/** @param gpu `navigator.gpu`, undefined where there is none. @throws GpuTrouble `refused` with a reason for people */
export async function openPairDevice(gpu: GPU | undefined): Promise<PairDevice> {
  const adapter = await openAdapter(gpu);
  const guard = new Guard(await openDevice(adapter));
  const info = describeAdapter(adapter);
  const kind = info.isSoftware ? 'software' : 'gpu';
  const { value: pipeline, done } = guard.scoped(() =>
    guard.device.createComputePipeline({
      layout: 'auto',
      compute: { module: guard.device.createShaderModule({ code: pairCode(SHAPES[kind]) }), entryPoint: 'main' },
    }),
  );
  await done;
  return {
    info,
    lost: guard.lost,
    counter: (rows) => GpuPairCounter.open({ guard, info, pipeline, kind }, rows),
    destroy: () => guard.close(),
  };
}

interface Parts {
  guard: Guard;
  info: GpuInfo;
  pipeline: GPUComputePipeline;
  kind: 'gpu' | 'software';
}

/** Adds up what pairs of rows share over any number of blocks of bits. */
export class GpuPairCounter {
  readonly #parts: Parts;
  readonly #rows: number;
  readonly #both: GPUBuffer;
  readonly #params: GPUBuffer;
  #bits: GPUBuffer | undefined;
  #group: GPUBindGroup | undefined;
  #sums: Float64Array | undefined;
  #bitsAdded = 0;
  readonly #waiting: Promise<unknown>[] = [];

  private constructor(parts: Parts, rows: number, both: GPUBuffer, params: GPUBuffer) {
    this.#parts = parts;
    this.#rows = rows;
    this.#both = both;
    this.#params = params;
  }

  static async open(parts: Parts, rows: number): Promise<GpuPairCounter> {
    const { guard, info } = parts;
    const bytes = Math.max(4, 4 * rows * rows);
    if (bytes > info.limits.bindingBytes)
      throw new GpuTrouble('refused', `the pairs of ${rows} streams are more than the GPU takes at a time`);
    const { STORAGE, COPY_SRC, COPY_DST, UNIFORM } = USAGE;
    const { value, done } = guard.scoped(() => ({
      both: guard.device.createBuffer({ size: bytes, usage: STORAGE | COPY_SRC | COPY_DST }),
      params: guard.device.createBuffer({ size: 16, usage: UNIFORM | COPY_DST }),
    }));
    await done;
    return new GpuPairCounter(parts, rows, value.both, value.params);
  }

  /** Rows of bits that lie `stride` words apart, `words` of each. They are copied. @throws GpuTrouble */
  add(rows: Uint32Array<ArrayBuffer>, stride: number, words: number): void {
    if (this.#rows < 2 || words === 0) return;
    const { guard, kind, pipeline } = this.#parts;
    const { device } = guard;
    const { value: finished, done } = guard.scoped(() => {
      const group = this.#room(4 * this.#rows * stride);
      device.queue.writeBuffer(this.#bits!, 0, rows, 0, this.#rows * stride);
      const blocks = Math.ceil(this.#rows / blockRows(SHAPES[kind]));
      const perDispatch = DISPATCH_PAIRS[kind] / (this.#rows * this.#rows);
      const step = Math.max(1, Math.floor(perDispatch / WORDS_OF_GROUP)) * WORDS_OF_GROUP;
      for (let begin = 0; begin < words; begin += step) {
        const end = Math.min(words, begin + step);
        device.queue.writeBuffer(this.#params, 0, Uint32Array.of(this.#rows, stride, begin, end));
        const encoder = device.createCommandEncoder();
        const pass = encoder.beginComputePass();
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(blocks, blocks, Math.ceil((end - begin) / WORDS_OF_GROUP));
        pass.end();
        device.queue.submit([encoder.finish()]);
      }
      return device.queue.onSubmittedWorkDone();
    });
    this.#waiting.push(guard.wait(finished), done);
    for (const one of this.#waiting) one.catch(() => {});
    this.#bitsAdded += 32 * words;
  }

  /** Settles when more may be added. @throws GpuTrouble */
  async ready(): Promise<void> {
    if (this.#bitsAdded > COLLECT_BITS) await this.#collect();
    while (this.#waiting.length > 2 * MOST_WAITING) await this.#waiting.shift();
  }

  /** Sums since the last time, `[i * rows + j]` for i < j. @throws GpuTrouble */
  async finish(): Promise<Float64Array> {
    await this.#collect();
    const sums = this.#sums!;
    this.#sums = undefined;
    return sums;
  }

  destroy(): void {
    for (const buffer of [this.#both, this.#params, this.#bits]) buffer?.destroy();
  }

  #room(bytes: number): GPUBindGroup {
    const { guard, info, pipeline } = this.#parts;
    if (this.#group && this.#bits!.size >= bytes) return this.#group;
    if (bytes > info.limits.bindingBytes)
      throw new GpuTrouble('memory', `${bytes} bytes of bits are more than the GPU takes at a time`);
    this.#bits?.destroy();
    this.#bits = guard.device.createBuffer({ size: bytes, usage: USAGE.STORAGE | USAGE.COPY_DST });
    this.#group = guard.device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [this.#params, this.#bits, this.#both].map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
    return this.#group;
  }

  async #collect(): Promise<void> {
    const { guard } = this.#parts;
    const { device } = guard;
    for (const one of this.#waiting.splice(0)) await one;
    const size = this.#rows * this.#rows;
    this.#sums ??= new Float64Array(size);
    this.#bitsAdded = 0;
    if (size === 0) return;
    const { value: read, done } = guard.scoped(() => {
      const copy = device.createBuffer({ size: 4 * size, usage: USAGE.COPY_DST | USAGE.MAP_READ });
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(this.#both, 0, copy, 0, 4 * size);
      encoder.clearBuffer(this.#both);
      device.queue.submit([encoder.finish()]);
      return copy;
    });
    await done;
    await guard.wait(read.mapAsync(MAP_READ));
    const words = new Uint32Array(read.getMappedRange());
    for (let i = 0; i < size; i++) this.#sums[i]! += words[i]!;
    read.destroy();
  }
}
