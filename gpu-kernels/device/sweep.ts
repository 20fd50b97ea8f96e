import { blockVectors, PARAM_VECTORS } from '../params.ts';
import { BINDINGS, type LoweredProgram, PARAMS } from '../types.ts';
import { dispatchEvents, firstBatch, nextBatch } from './batches.ts';
import { baseOf, type ResidentChunk } from './chunk.ts';
import type { Section } from './doubts.ts';
import type { Guard } from './guard.ts';
import { validId, valuesId } from './packing.ts';
import type { Pipeline, Pipelines } from './pipelines.ts';
import { type Block, cutRanges, type Dispatch, dispatchesOf, eventsOf, type Range } from './ranges.ts';
import type { Scratch } from './scratch.ts';

/** What is run over what. */
export interface SweepTarget {
  program: LoweredProgram;
  pipeline: Pipeline;
  /** The chunks of the run; none where the program needs no column. */
  held: readonly ResidentChunk[];
  /** Where each chunk's doubts go. */
  sections: readonly Section[];
  signal?: AbortSignal;
  /** Adds up what the device took. */
  seconds: { spent: number };
}

/** Words of a buffer, from `first` (0) on. */
export interface Region {
  buffer: GPUBuffer;
  first?: number;
  words: number;
}

export interface SweepOptions {
  mode: 0 | 1;
  window?: { first: number; end: number };
  /** A word of `params` for each weight. */
  scales: readonly number[];
  clear: readonly Region[];
  read: readonly Region[];
  onProgress?: (events: number) => void;
}

/**
 * Workgroups of a dispatch: several times what a large GPU runs at once, so that none of it waits for the last ones; of a processor no more
 * than it has cores, since there a barrier costs a millisecond a workgroup.
 */
const WORKGROUPS = 4096;
const WORKGROUPS_SOFTWARE = 4;
/** Bytes at which a dispatch's blocks may begin in `params`, and that are bound from there. */
const PARAMS_ALIGN = 256;
const PARAMS_BYTES = 16 * PARAM_VECTORS;

/** Goes over events in batches of dispatches, as large as they may take by what earlier ones took. */
export class Sweeper {
  readonly #guard: Guard;
  readonly #pipelines: Pipelines;
  readonly #scratch: Scratch;
  readonly #isSoftware: boolean;
  /** By the buffer of columns, with the other buffers that it binds. */
  readonly #bindGroups = new WeakMap<GPUBuffer, { buffers: GPUBuffer[]; group: GPUBindGroup }>();

  constructor(guard: Guard, pipelines: Pipelines, scratch: Scratch, isSoftware: boolean) {
    this.#guard = guard;
    this.#pipelines = pipelines;
    this.#scratch = scratch;
    this.#isSoftware = isSoftware;
  }

  /**
   * @returns the words of `read`, one region after the other, as they are after all events
   * @throws GpuTrouble; DOMException AbortError between two batches
   */
  async sweep(target: SweepTarget, ranges: readonly Range[], options: SweepOptions): Promise<Uint32Array> {
    const { pipeline, signal, seconds } = target;
    let rest = [...ranges];
    let most = pipeline.batchEvents ?? firstBatch(this.#isSoftware);
    for (let isFirst = true; ; isFirst = false) {
      if (signal?.aborted) throw new DOMException('the run was cancelled', 'AbortError');
      const [now, later] = cutRanges(rest, most);
      const events = eventsOf(now);
      const isLast = later.length === 0;
      const { words, took } = await this.#batch(target, now, dispatchEvents(most), options, isFirst, isLast);
      seconds.spent += took;
      most = nextBatch({ most, events, seconds: took, isSoftware: this.#isSoftware });
      pipeline.batchEvents = most;
      options.onProgress?.(events);
      if (isLast) return words;
      rest = later;
    }
  }

  async #batch(
    target: SweepTarget,
    ranges: readonly Range[],
    mostEvents: number,
    options: SweepOptions,
    isFirst: boolean,
    isLast: boolean,
  ): Promise<{ words: Uint32Array; took: number }> {
    const { device } = this.#guard;
    const { program, pipeline, held } = target;
    const vectors = blockVectors(program.arrays.length, program.weights);
    const plan = dispatchesOf(ranges, held, Math.floor(PARAM_VECTORS / vectors), mostEvents);
    const offsets: number[] = [];
    let bytes = 0;
    for (const { blocks } of plan) {
      offsets.push(bytes);
      bytes += Math.ceil((16 * vectors * blocks.length) / PARAMS_ALIGN) * PARAMS_ALIGN;
    }
    const buffers = [
      await this.#scratch.need('params', bytes + PARAMS_BYTES),
      await this.#scratch.need('constants', 0),
      await this.#scratch.need('results', 0),
      await this.#scratch.need('doubts', 0),
    ];
    const nothing = await this.#scratch.need('nothing', 0);
    const readWords = options.read.reduce((sum, { words }) => sum + words, 0);
    const readback = await this.#scratch.need('readback', 4 * readWords);

    const begin = performance.now();
    const { done } = this.#guard.scoped(() => {
      const params = new Uint32Array(bytes / 4);
      plan.forEach(({ blocks }, k) => {
        blocks.forEach((block, y) => {
          writeBlock(params.subarray(offsets[k]! / 4 + 4 * vectors * y), block, target, options);
        });
      });
      if (bytes > 0) device.queue.writeBuffer(buffers[0]!, 0, params);
      const encoder = device.createCommandEncoder();
      if (isFirst)
        for (const { buffer, first = 0, words } of options.clear) encoder.clearBuffer(buffer, 4 * first, 4 * words);
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline.compute);
      plan.forEach((dispatch, k) => {
        pass.setBindGroup(0, this.#bindGroup(dispatch.segment?.buffer ?? nothing, buffers), [offsets[k]!]);
        pass.dispatchWorkgroups(this.#width(dispatch, program.workgroup), dispatch.blocks.length);
      });
      pass.end();
      let at = 0;
      for (const { buffer, first = 0, words } of isLast ? options.read : []) {
        encoder.copyBufferToBuffer(buffer, 4 * first, readback, at, 4 * words);
        at += 4 * words;
      }
      device.queue.submit([encoder.finish()]);
    });
    // What mapping takes is no matter of the events.
    const worked = this.#guard.wait(device.queue.onSubmittedWorkDone()).then(() => performance.now() - begin);
    const words = isLast ? this.#scratch.read(readback, readWords) : new Uint32Array();
    const [read, took] = await Promise.all([words, worked, done]);
    return { words: read, took: took / 1000 };
  }

  /** Workgroups for each block of a dispatch. */
  #width({ blocks }: Dispatch, workgroup: number): number {
    const largest = Math.max(...blocks.map(({ begin, end }) => end - begin));
    const wanted = Math.ceil((this.#isSoftware ? WORKGROUPS_SOFTWARE : WORKGROUPS) / blocks.length);
    return Math.max(1, Math.min(wanted, Math.ceil(largest / workgroup)));
  }

  #bindGroup(columns: GPUBuffer, buffers: GPUBuffer[]): GPUBindGroup {
    const known = this.#bindGroups.get(columns);
    if (known?.buffers.every((buffer, i) => buffer === buffers[i])) return known.group;
    const [params, constants, results, doubts] = buffers as [GPUBuffer, GPUBuffer, GPUBuffer, GPUBuffer];
    const group = this.#guard.device.createBindGroup({
      layout: this.#pipelines.layout,
      entries: [
        { binding: BINDINGS.PARAMS, resource: { buffer: params, size: PARAMS_BYTES } },
        { binding: BINDINGS.COLUMNS, resource: { buffer: columns } },
        { binding: BINDINGS.CONSTANTS, resource: { buffer: constants } },
        { binding: BINDINGS.RESULTS, resource: { buffer: results } },
        { binding: BINDINGS.DOUBTS, resource: { buffer: doubts } },
      ],
    });
    this.#bindGroups.set(columns, { buffers, group });
    return group;
  }
}

function writeBlock(words: Uint32Array, block: Block, target: SweepTarget, options: SweepOptions): void {
  const { program, sections, held } = target;
  const { at, room } = sections[block.index]!;
  words[PARAMS.BEGIN] = block.begin;
  words[PARAMS.END] = block.end;
  words[PARAMS.MODE] = options.mode;
  words[PARAMS.DOUBTS] = at;
  words[PARAMS.DOUBT_CAPACITY] = room;
  words[PARAMS.WINDOW] = options.window?.first ?? 0;
  words[PARAMS.WINDOW_END] = options.window?.end ?? 0;
  program.arrays.forEach(({ part, column }, i) => {
    const chunk = held[block.index]!;
    const id = { values: valuesId(column), valid: validId(column), offsets: chunk.offsets.get(column) ?? '' }[part];
    const place = block.piece!.places.get(id);
    if (!place) throw new Error(`the ${part} of ${column} are not on the GPU`);
    words[PARAMS.BASES + i] = baseOf(place);
  });
  options.scales.forEach((word, k) => {
    words[PARAMS.BASES + program.arrays.length + k] = word;
  });
}
