/** Runs the fill part of a module with an `event` written by hand, on a device of its own or the software one. */

import type { Program } from '../../../core/expr/typedForm.ts';
import { log } from '../../../core/hist/elementary.ts';
import type { AxisMath } from '../../../core/hist/indexer.ts';
import { COMPUTE, MAP_READ, USAGE } from '../../device/flags.ts';
import { library } from '../../numbers/library.ts';
import { blockVectors, declareBuffers, declareParams } from '../../params.ts';
import { BINDINGS, type GpuLimits, type GpuPartial, PARAMS } from '../../types.ts';
import type { AxisKind } from '../axes.ts';
import { decodeResults, fillsAtMost, paddedWords, resultWindows } from '../decode.ts';
import { type FillCode, fillCode } from '../fillCode.ts';
import { chooseScales, type Scale, scaleWord } from '../fixedPoint.ts';

export interface Rig {
  program: Program;
  kinds: AxisKind[][];
  /** WGSL of `fn event(e: u32)`; `word(k, e)` is word e of column k. */
  event: string;
  math: AxisMath;
  limits?: Partial<GpuLimits>;
  /** The device's codes of strings. */
  codes?: ReadonlyMap<string, number>;
}

export interface RigRun {
  partial: GpuPartial;
  words: Uint32Array;
  scales: Scale[];
  /** As many as there was room for, ascending. */
  doubts: number[];
  doubtCount: number;
  /** Words behind the room for doubts, which belong to others. */
  behindDoubts: number[];
}

const BEHIND = 4;
const DEFAULT_LIMITS: GpuLimits = { workgroupBytes: 16384, workgroupThreads: 256, bindingBytes: 2 ** 27 };

export class FillRig {
  readonly code: FillCode;
  readonly text: string;
  readonly #device: GPUDevice;
  readonly #pipeline: GPUComputePipeline;
  readonly #limits: GpuLimits;
  readonly #codes: ReadonlyMap<string, number>;

  private constructor(device: GPUDevice, pipeline: GPUComputePipeline, text: string, code: FillCode, rig: Rig) {
    this.#device = device;
    this.#pipeline = pipeline;
    this.#limits = { ...DEFAULT_LIMITS, ...rig.limits };
    this.#codes = rig.codes ?? new Map();
    this.text = text;
    this.code = code;
  }

  /** @param columns how many of them there are */
  static async make(device: GPUDevice, rig: Rig, columns: number): Promise<FillRig> {
    const code = fillCode(rig.program, {
      kinds: rig.kinds,
      firstConstant: 0,
      firstScale: PARAMS.BASES + columns,
      math: rig.math,
      limits: { ...DEFAULT_LIMITS, ...rig.limits },
    });
    const text = [
      declareParams(columns, code.weights),
      declareBuffers(),
      library(code.functions),
      code.declarations,
      `fn word(k: u32, e: u32) -> u32 { return columns[param(${PARAMS.BASES}u + k) + e]; }`,
      `fn single(k: u32, e: u32) -> f32 { return bitcast<f32>(word(k, e)); }`,
      rig.event,
      code.main,
    ].join('\n');
    const module = device.createShaderModule({ code: text });
    const { messages } = await module.getCompilationInfo();
    const wrong = messages.filter(({ type }) => type === 'error');
    if (wrong.length > 0) throw new Error(wrong.map(({ lineNum, message }) => `${lineNum}: ${message}`).join('\n'));
    const layout = device.createBindGroupLayout({
      entries: Object.values(BINDINGS).map((binding) => ({
        binding,
        visibility: COMPUTE,
        buffer: {
          type: (['uniform', 'read-only-storage', 'read-only-storage', 'storage', 'storage'] as const)[binding],
        },
      })),
    });
    const pipeline = await device.createComputePipelineAsync({
      layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: 'main' },
    });
    return new FillRig(device, pipeline, text, code, rig);
  }

  /**
   * Goes over all events: the probe where there are weights, then the run.
   *
   * @param columns words, all of the same length but for those that `event` indexes otherwise
   */
  async run(
    columns: readonly Uint32Array[],
    events: number,
    { groups = 4, doubtRoom = events, probed = events }: { groups?: number; doubtRoom?: number; probed?: number } = {},
  ): Promise<RigRun> {
    const { layout } = this.code;
    const held = this.#buffers(columns, doubtRoom);
    let scales: Scale[] = [];
    const windows = resultWindows(layout, this.#limits.bindingBytes);
    const passOver = async (mode: number, end: number, first: number, last: number) => {
      this.#device.queue.writeBuffer(
        held.params,
        0,
        this.#params(columns, { mode, end, first, last, doubtRoom, scales }),
      );
      const encoder = this.#device.createCommandEncoder();
      encoder.clearBuffer(held.results);
      const pass = encoder.beginComputePass();
      pass.setPipeline(this.#pipeline);
      pass.setBindGroup(0, held.group);
      pass.dispatchWorkgroups(groups);
      pass.end();
      this.#device.queue.submit([encoder.finish()]);
      return this.#read(held.results, 4 * (last - first));
    };
    if (this.code.weights > 0) {
      const seen = await passOver(0, Math.min(probed, events), windows[0].first, windows[0].end);
      scales = chooseScales(seen.subarray(layout.probe, layout.probe + this.code.weights), fillsAtMost(layout, events));
    }
    const words = new Uint32Array(paddedWords(layout));
    for (const { first, end } of windows) words.set(await passOver(1, events, first, end), first);
    const noted = await this.#read(held.doubts, 4 * (doubtRoom + 1 + BEHIND));
    for (const buffer of held.all) buffer.destroy();
    return {
      partial: decodeResults(words, layout, scales),
      words,
      scales,
      doubts: Array.from(noted.subarray(1, 1 + Math.min(noted[0], doubtRoom))).sort((a, b) => a - b),
      doubtCount: noted[0],
      behindDoubts: [...noted.subarray(1 + doubtRoom)],
    };
  }

  #buffers(columns: readonly Uint32Array[], doubtRoom: number) {
    const constants = this.code.constants.flatMap((one) =>
      one.kind === 'words' ? [one.words] : [Uint32Array.of(this.#codes.get(one.value) ?? 0xffffffff)],
    );
    const windowWords = Math.min(paddedWords(this.code.layout), Math.floor(this.#limits.bindingBytes / 4));
    const params = this.#buffer(65536, USAGE.UNIFORM);
    const all = [
      params,
      this.#filled(columns),
      this.#filled(constants),
      this.#buffer(4 * windowWords, USAGE.STORAGE),
      this.#buffer(4 * (doubtRoom + 1 + BEHIND), USAGE.STORAGE),
    ];
    const group = this.#device.createBindGroup({
      layout: this.#pipeline.getBindGroupLayout(0),
      entries: all.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
    return { params, results: all[3], doubts: all[4], group, all };
  }

  #params(
    columns: readonly Uint32Array[],
    run: { mode: number; end: number; first: number; last: number; doubtRoom: number; scales: readonly Scale[] },
  ): Uint32Array<ArrayBuffer> {
    const params = new Uint32Array(4 * blockVectors(columns.length, this.code.weights));
    params[PARAMS.END] = run.end;
    params[PARAMS.MODE] = run.mode;
    params[PARAMS.DOUBT_CAPACITY] = run.doubtRoom;
    params[PARAMS.WINDOW] = run.first;
    params[PARAMS.WINDOW_END] = run.last;
    let base = 0;
    columns.forEach((column, k) => {
      params[PARAMS.BASES + k] = base;
      base += column.length;
    });
    params.set(run.scales.map(scaleWord), PARAMS.BASES + columns.length);
    return params;
  }

  #buffer(bytes: number, usage: number): GPUBuffer {
    return this.#device.createBuffer({ size: Math.max(16, bytes), usage: usage | USAGE.COPY_SRC | USAGE.COPY_DST });
  }

  #filled(parts: readonly Uint32Array[]): GPUBuffer {
    const words = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      words.set(part, at);
      at += part.length;
    }
    const buffer = this.#buffer(words.byteLength, USAGE.STORAGE);
    this.#device.queue.writeBuffer(buffer, 0, words);
    return buffer;
  }

  async #read(from: GPUBuffer, bytes: number): Promise<Uint32Array> {
    const size = Math.max(4, bytes);
    const to = this.#device.createBuffer({ size, usage: USAGE.MAP_READ | USAGE.COPY_DST });
    const encoder = this.#device.createCommandEncoder();
    encoder.copyBufferToBuffer(from, 0, to, 0, size);
    this.#device.queue.submit([encoder.finish()]);
    await to.mapAsync(MAP_READ);
    const words = new Uint32Array(to.getMappedRange().slice(0));
    to.destroy();
    return words;
  }
}

/** A logarithm for tests: the engines' libm lies in another layer. */
export const testMath: AxisMath = { log: (x) => (x > 0 ? log(x) : x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN) };
