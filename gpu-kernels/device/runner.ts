import { addInto } from '../../core/hist/contents.ts';
import { decodeResults, eventsAtMost, fillsAtMost, paddedWords, resultWindows } from '../fill/decode.ts';
import { chooseScales, type Scale, scaleWord } from '../fill/fixedPoint.ts';
import {
  type ConstantWords,
  type GpuChunk,
  type GpuPartial,
  type GpuRunOptions,
  type GpuRunResult,
  GpuTrouble,
  type LoweredProgram,
} from '../types.ts';
import type { ResidentChunk } from './chunk.ts';
import { doubtfulEvents, NO_ROOM, readSection, type Section, sectionsOf } from './doubts.ts';
import type { Guard } from './guard.ts';
import type { Pipeline, Pipelines } from './pipelines.ts';
import { cutRanges, eventsOf, type Range, sample } from './ranges.ts';
import type { Residency } from './residency.ts';
import { Scratch } from './scratch.ts';
import type { StringCodes } from './strings.ts';
import { Sweeper, type SweepTarget } from './sweep.ts';

/** What runs are made on. */
export interface RunnerParts {
  guard: Guard;
  residency: Residency;
  strings: StringCodes;
  pipelines: Pipelines;
  isSoftware: boolean;
  /** Bytes that a binding reaches. */
  bindingBytes: number;
}

/** Most events in doubt that each chunk of a run gets room for at once; a chunk that has more is run again for them. */
const MOST_ROOM = 4095;
/** Words that positions take when chunks are run again for them. */
const AGAIN_WORDS = 2 ** 22;

/** Runs programs over chunks that are on the GPU, one run after the other. */
export class Runner {
  readonly #parts: RunnerParts;
  readonly #scratch: Scratch;
  readonly #sweeper: Sweeper;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: RunnerParts) {
    this.#parts = parts;
    this.#scratch = new Scratch(parts.guard, () => parts.residency.makeRoom());
    this.#sweeper = new Sweeper(parts.guard, parts.pipelines, this.#scratch, parts.isSoftware);
  }

  run(program: LoweredProgram, chunks: readonly GpuChunk[], options: GpuRunOptions = {}): Promise<GpuRunResult> {
    const run = this.#last.then(() => this.#run(program, chunks, options));
    this.#last = run.catch(() => {});
    return run;
  }

  async #run(program: LoweredProgram, chunks: readonly GpuChunk[], options: GpuRunOptions): Promise<GpuRunResult> {
    const { guard, pipelines, residency } = this.#parts;
    guard.check();
    const pipeline = await pipelines.get(program);
    const held: ResidentChunk[] = [];
    try {
      if (program.arrays.length > 0) for (const chunk of chunks) held.push(await residency.hold(chunk, program.arrays));
      for (const chunk of held) checkOffsets(chunk, program.collections);
      return await this.#runHeld(program, pipeline, chunks, held, options);
    } finally {
      for (const chunk of held) residency.release(chunk);
    }
  }

  async #runHeld(
    program: LoweredProgram,
    pipeline: Pipeline,
    chunks: readonly GpuChunk[],
    held: readonly ResidentChunk[],
    options: GpuRunOptions,
  ): Promise<GpuRunResult> {
    const { layout } = program;
    const { bindingBytes } = this.#parts;
    const seconds = { spent: 0 };
    const windows = resultWindows(layout, bindingBytes);
    const fitting = Math.max(0, Math.floor(bindingBytes / 4 / (chunks.length + 1)) - 1);
    const room = Math.min(pipeline.doubtRoom, fitting);
    const { sections, words: doubtWords } = sectionsOf(chunks.map(({ events }) => Math.min(events, room)));
    const doubts = await this.#scratch.need('doubts', 4 * doubtWords);
    const results = await this.#scratch.need('results', 4 * Math.max(...windows.map(({ first, end }) => end - first)));
    await this.#writeConstants(program.constants);
    const target: SweepTarget = { program, pipeline, held, sections, signal: options.signal, seconds };

    const all = chunks.map(({ events }, index): Range => ({ index, begin: 0, end: events }));
    const most = eventsAtMost(layout);
    const scales =
      program.weights > 0
        ? chooseScales(await this.#probe(target, all), fillsAtMost(layout, Math.min(most, eventsOf(all))))
        : [];

    let partial: GpuPartial | undefined;
    let doubted: Uint32Array = new Uint32Array();
    let rest = all;
    do {
      const [part, others] = cutRanges(rest, most);
      const words = new Uint32Array(paddedWords(layout));
      for (const [k, window] of windows.entries()) {
        const size = window.end - window.first;
        const read = await this.#sweeper.sweep(target, part, {
          mode: 1,
          window,
          scales: scales.map(scaleWord),
          clear: [
            { buffer: results, words: size },
            ...(k === 0 && rest === all ? [{ buffer: doubts, words: doubtWords }] : []),
          ],
          read: [{ buffer: results, words: size }, ...(k === 0 ? [{ buffer: doubts, words: doubtWords }] : [])],
          onProgress: k === windows.length - 1 ? options.onProgress : undefined,
        });
        words.set(read.subarray(0, size), window.first);
        if (k === 0) doubted = read.slice(size);
      }
      const decoded = decodeResults(words, layout, scales);
      partial = partial ? sum(partial, decoded) : decoded;
      rest = others;
    } while (rest.length > 0);
    const rows = await this.#rowsInDoubt(target, all, doubted, scales);
    return { partial, doubtful: doubtfulEvents(chunks, rows), seconds: seconds.spent };
  }

  /** Bits of the largest weights of a sample; of all events where one has none in the sample, since any scale would be a guess. */
  async #probe(target: SweepTarget, all: readonly Range[]): Promise<Uint32Array> {
    const { layout, weights } = target.program;
    const results = await this.#scratch.need('results', 4 * (layout.probe + weights));
    const at = { buffer: results, first: layout.probe, words: weights };
    const scales = new Array<number>(weights).fill(0);
    const sections = target.sections.map(() => NO_ROOM);
    const largest = (ranges: readonly Range[]) =>
      this.#sweeper.sweep({ ...target, sections }, ranges, { mode: 0, scales, clear: [at], read: [at] });
    const some = sample(all);
    const found = await largest(some);
    return found.includes(0) && eventsOf(some) < eventsOf(all) ? largest(all) : found;
  }

  /** Positions in doubt of each chunk. Chunks that had more than there was room for are run again. */
  async #rowsInDoubt(
    target: SweepTarget,
    all: readonly Range[],
    words: Uint32Array,
    scales: readonly Scale[],
  ): Promise<Uint32Array[]> {
    const { pipeline, sections } = target;
    const found = sections.map((section) => readSection(words, section));
    const largest = Math.max(0, ...found.map(({ count }) => count));
    pipeline.doubtRoom = Math.min(MOST_ROOM, Math.max(pipeline.doubtRoom, 2 * largest));
    const again = found.flatMap(({ count, rows }, index) => (rows ? [] : [{ index, count }]));
    while (again.length > 0) {
      let taken = 0;
      let some = 0;
      while (some < again.length && (some === 0 || taken + again[some]!.count <= AGAIN_WORDS))
        taken += again[some++]!.count;
      const now = again.splice(0, some);
      const { sections: wider, words: wanted } = sectionsOf(now.map(({ count }) => count));
      const doubts = await this.#scratch.need('doubts', 4 * wanted);
      const own: Section[] = sections.map(() => NO_ROOM);
      for (const [k, { index }] of now.entries()) own[index] = wider[k]!;
      const ranges = now.map(({ index }) => all[index]!);
      const region = { buffer: doubts, words: wanted };
      const read = await this.#sweeper.sweep({ ...target, sections: own }, ranges, {
        mode: 1,
        scales: scales.map(scaleWord),
        clear: [region],
        read: [region],
      });
      for (const [k, { index }] of now.entries()) found[index] = readSection(read, wider[k]!);
    }
    return found.map(({ rows }) => rows!);
  }

  async #writeConstants(constants: readonly ConstantWords[]): Promise<void> {
    const codeOf = this.#parts.strings.finder();
    const words = constants.flatMap((one) => (one.kind === 'words' ? [...one.words] : [codeOf(one.value)]));
    const buffer = await this.#scratch.need('constants', 4 * words.length);
    if (words.length > 0) this.#parts.guard.device.queue.writeBuffer(buffer, 0, Uint32Array.from(words));
  }
}

/** @throws GpuTrouble `code` where columns of a collection have different offsets: the other engine tells which file is at fault */
function checkOffsets({ offsets }: ResidentChunk, collections: readonly string[][]): void {
  for (const columns of collections) {
    const [first, ...others] = columns.filter((column) => offsets.has(column));
    const other = others.find((column) => offsets.get(column) !== offsets.get(first!));
    if (other !== undefined)
      throw new GpuTrouble('code', `columns ${first} and ${other} have different numbers of items`);
  }
}

function sum(a: GpuPartial, b: GpuPartial): GpuPartial {
  for (const [k, histogram] of a.histograms.entries()) addInto(histogram, b.histograms[k]!);
  return {
    events: a.events + b.events,
    cutflow: a.cutflow.map((value, i) => value + b.cutflow[i]!),
    missingWeight: a.missingWeight + b.missingWeight,
    histograms: a.histograms,
  };
}
