import type { ColumnData } from '../../core/schema/column.ts';
import { type ChunkKey, GpuTrouble, type ResidentArray } from '../types.ts';
import { type Piece, type Place, partition, type ResidentChunk, wordsOf } from './chunk.ts';
import { USAGE } from './flags.ts';
import type { Guard } from './guard.ts';
import { type ArrayShape, allValid, type PackedArray, packColumn, validId, valuesId, wordRange } from './packing.ts';
import { aligned, FreeList, type Segment } from './segment.ts';
import type { StringCodes } from './strings.ts';

export interface ResidencyLimits {
  /** Bytes of all segments. */
  budget: number;
  /** Bytes of the first segment; later ones grow with what there is, up to `LARGE_SEGMENT` if no chunk needs more. */
  firstSegment: number;
  /** Bytes that a segment may have: what one binding reaches. */
  maxSegment: number;
}

/** Bytes of a segment past which a dispatch gains nothing. */
const LARGE_SEGMENT = 2 ** 28;
/** Bytes that one `writeBuffer` takes, and after which an upload waits for the GPU, so that copies don't pile up. */
const WRITE_BYTES = 2 ** 23;
const PENDING_BYTES = 2 ** 26;

/** Bytes of the buffer through which arrays move within a segment. */
const BETWEEN_BYTES = 2 ** 20;

const SEGMENT_USAGE = USAGE.STORAGE | USAGE.COPY_DST | USAGE.COPY_SRC;

/** Columns of chunks in the memory of a GPU, the least recently used chunks first to go. */
export class Residency {
  readonly #guard: Guard;
  readonly #strings: StringCodes;
  readonly #limits: ResidencyLimits;
  #budget: number;
  readonly #chunks = new Map<string, ResidentChunk>();
  #segments: Segment[] = [];
  #clock = 0;
  #pending = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(guard: Guard, strings: StringCodes, limits: ResidencyLimits) {
    this.#guard = guard;
    this.#strings = strings;
    this.#limits = limits;
    this.#budget = limits.budget;
  }

  /** Bytes that columns take. */
  get bytes(): number {
    let words = 0;
    for (const { arrays, pieces } of this.#chunks.values())
      for (const { begin, end } of pieces) words += wordsOf(arrays.values(), begin, end);
    return 4 * words;
  }

  columns(key: ChunkKey): ReadonlySet<string> {
    return this.#chunks.get(nameOf(key))?.columns ?? new Set();
  }

  /** One after the other. */
  upload(key: ChunkKey, columns: ReadonlyMap<string, ColumnData>): Promise<void> {
    return this.#inTurn(async () => {
      const chunk = this.#chunkFor(key, columns);
      const arrays: PackedArray[] = [];
      const offsetIds = new Map<string, string>();
      for (const [name, column] of columns) {
        if (chunk.columns.has(name)) continue;
        const { values, valid, offsets } = packColumn(name, column, this.#strings);
        arrays.push(values);
        if (valid) arrays.push(valid);
        if (!offsets) continue;
        offsetIds.set(name, offsets.id);
        if (!chunk.arrays.has(offsets.id) && !arrays.some(({ id }) => id === offsets.id)) arrays.push(offsets);
      }
      await this.#add(chunk, arrays);
      for (const [name, id] of offsetIds) chunk.offsets.set(name, id);
      for (const name of columns.keys()) chunk.columns.add(name);
    });
  }

  /**
   * Holds a chunk until `release`.
   * @throws GpuTrouble `memory` where some of the arrays are not there (any more)
   */
  async hold(key: ChunkKey, arrays: readonly ResidentArray[]): Promise<ResidentChunk> {
    const chunk = this.#chunks.get(nameOf(key));
    const absent = arrays.find(({ column }) => !chunk?.columns.has(column));
    if (!chunk || absent)
      throw new GpuTrouble('memory', `the column ${absent?.column} of chunk ${key.chunk} is not on the GPU`);
    chunk.pins++;
    chunk.lastUsed = ++this.#clock;
    const unknown = arrays.filter(({ part, column }) => part === 'valid' && !chunk.arrays.has(validId(column)));
    if (unknown.length === 0) return chunk;
    try {
      await this.#inTurn(() => {
        const missing = unknown.filter(({ column }) => !chunk.arrays.has(validId(column)));
        return this.#add(
          chunk,
          missing.map(({ column }) => allValid(column, chunk.arrays.get(valuesId(column))!)),
        );
      });
    } catch (error) {
      this.release(chunk);
      throw error;
    }
    return chunk;
  }

  /** Lets chunks go until memory of the GPU is free. @returns false where all that is left is in use */
  makeRoom(): boolean {
    for (const before = this.#segments.length; this.#segments.length === before; ) if (!this.#evict()) return false;
    return true;
  }

  release(chunk: ResidentChunk): void {
    if (--chunk.pins > 0) return;
    giveBack(chunk.left);
    chunk.left = [];
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }

  #chunkFor(key: ChunkKey, columns: ReadonlyMap<string, ColumnData>): ResidentChunk {
    const name = nameOf(key);
    const known = this.#chunks.get(name);
    const events = known?.events ?? columns.values().next().value?.length ?? 0;
    for (const [column, { length }] of columns)
      if (length !== events) throw new Error(`${column} has ${length} events, but chunk ${name} has ${events}`);
    const chunk = known ?? {
      name,
      events,
      columns: new Set(),
      arrays: new Map(),
      offsets: new Map(),
      pieces: [],
      left: [],
      pins: 0,
      lastUsed: 0,
    };
    chunk.lastUsed = ++this.#clock;
    return chunk;
  }

  /** Places arrays beside those that a chunk has, and writes them. */
  async #add(chunk: ResidentChunk, arrays: readonly PackedArray[]): Promise<void> {
    this.#guard.check();
    if (arrays.length === 0) return;
    chunk.pins++;
    try {
      if (!this.#placeBeside(chunk, arrays)) await this.#placeAnew(chunk, arrays);
      const written: Promise<void>[] = [];
      for (const piece of chunk.pieces) for (const array of arrays) written.push(...(await this.#write(piece, array)));
      await Promise.all(written);
      for (const { id, bits, extra, before } of arrays) chunk.arrays.set(id, { bits, extra, before });
      this.#chunks.set(chunk.name, chunk);
    } catch (error) {
      for (const { segment, places } of chunk.pieces)
        for (const { id } of arrays) {
          const place = places.get(id);
          places.delete(id);
          if (place) segment.free.give(place.at, place.to - place.from);
        }
      throw error;
    } finally {
      this.release(chunk);
    }
  }

  /** Places arrays in the segments where the chunk's pieces are. @returns false, and nothing is placed, where there is no room */
  #placeBeside(chunk: ResidentChunk, arrays: readonly PackedArray[]): boolean {
    const placed: { piece: Piece; ranges: Place[] }[] = [];
    for (const piece of chunk.pieces) {
      const ranges = arrays.map((array) => wordRange(array, piece.begin, piece.end));
      const at = piece.segment.free.takeAll(ranges.map(({ from, to }) => to - from));
      if (!at) {
        for (const { piece, ranges } of placed)
          for (const { at, from, to } of ranges) piece.segment.free.give(at, to - from);
        return false;
      }
      placed.push({ piece, ranges: ranges.map((range, i) => ({ ...range, at: at[i]! })) });
    }
    for (const { piece, ranges } of placed)
      arrays.forEach(({ id }, i) => {
        piece.places.set(id, ranges[i]!);
      });
    return placed.length > 0;
  }

  /** Places all arrays of a chunk, in more pieces if need be, and copies those that are there already. */
  async #placeAnew(chunk: ResidentChunk, arrays: readonly PackedArray[]): Promise<void> {
    const all = new Map<string, ArrayShape>([...chunk.arrays, ...arrays.map((array) => [array.id, array] as const)]);
    const parts = partition([...all.values()], chunk.events, Math.floor(this.#limits.maxSegment / 4));
    if (!parts) throw new GpuTrouble('memory', `events of chunk ${chunk.name} take more than the GPU can bind`);
    const pieces: Piece[] = [];
    try {
      for (const { begin, end } of parts) {
        const ranges = [...all.values()].map((shape) => wordRange(shape, begin, end));
        const { segment, at } = await this.#reserve(ranges.map(({ from, to }) => to - from));
        const places = new Map([...all.keys()].map((id, i) => [id, { ...ranges[i]!, at: at[i]! }]));
        pieces.push({ begin, end, segment, places });
      }
      if (chunk.arrays.size > 0) await this.#copy(chunk, pieces);
    } catch (error) {
      giveBack(pieces);
      throw error;
    }
    chunk.left.push(...chunk.pieces);
    chunk.pieces = pieces;
  }

  /** Copies the arrays that a chunk has to pieces of it that have them elsewhere. */
  #copy(chunk: ResidentChunk, pieces: readonly Piece[]): Promise<void> {
    return this.#guard.scoped(() => this.#submitCopies(chunk, pieces)).done;
  }

  #submitCopies(chunk: ResidentChunk, pieces: readonly Piece[]): void {
    const { device } = this.#guard;
    const encoder = device.createCommandEncoder();
    // Within one buffer WebGPU copies nothing.
    let between: GPUBuffer | undefined;
    const copy = (source: GPUBuffer, from: number, target: GPUBuffer, to: number, bytes: number) => {
      if (source !== target) return encoder.copyBufferToBuffer(source, from, target, to, bytes);
      between ??= device.createBuffer({ size: BETWEEN_BYTES, usage: USAGE.COPY_DST | USAGE.COPY_SRC });
      for (let at = 0; at < bytes; at += BETWEEN_BYTES) {
        const size = Math.min(BETWEEN_BYTES, bytes - at);
        encoder.copyBufferToBuffer(source, from + at, between, 0, size);
        encoder.copyBufferToBuffer(between, 0, target, to + at, size);
      }
    };
    for (const { segment, places } of pieces)
      for (const id of chunk.arrays.keys()) {
        const target = places.get(id)!;
        for (const piece of chunk.pieces) {
          const source = piece.places.get(id)!;
          const [from, to] = [Math.max(source.from, target.from), Math.min(source.to, target.to)];
          if (from >= to) continue;
          const [a, b] = [source.at + from - source.from, target.at + from - target.from];
          copy(piece.segment.buffer, 4 * a, segment.buffer, 4 * b, 4 * (to - from));
        }
      }
    device.queue.submit([encoder.finish()]);
    between?.destroy();
  }

  /** Room for arrays of these words in one segment; the chunks that were used the longest ago make it. */
  async #reserve(sizes: readonly number[]): Promise<{ segment: Segment; at: number[] }> {
    const needed = 4 * sizes.reduce((sum, size) => sum + aligned(size), 0);
    for (;;) {
      for (const segment of this.#segments) {
        const at = segment.free.takeAll(sizes);
        if (at) return { segment, at };
      }
      if (await this.#addSegment(needed)) continue;
      if (!this.#evict())
        throw new GpuTrouble('memory', `${needed.toLocaleString('en')} bytes of columns have no room on the GPU`);
    }
  }

  /** @returns false where the budget or the GPU has no room for a segment of so many bytes */
  async #addSegment(needed: number): Promise<boolean> {
    const held = this.#segments.reduce((sum, { buffer }) => sum + buffer.size, 0);
    const { firstSegment, maxSegment } = this.#limits;
    const wanted = Math.min(Math.max(firstSegment, held), LARGE_SEGMENT, maxSegment, this.#budget - held);
    for (const size of new Set([Math.max(needed, wanted), needed])) {
      if (size > this.#budget - held) return false;
      const { value: buffer, done } = this.#guard.scoped(() =>
        this.#guard.device.createBuffer({ size: Math.ceil(size / 256) * 256, usage: SEGMENT_USAGE }),
      );
      try {
        await done;
        this.#segments.push({ buffer, free: new FreeList(buffer.size / 4) });
        return true;
      } catch (error) {
        buffer.destroy();
        if (!(error instanceof GpuTrouble && error.kind === 'memory')) throw error;
      }
    }
    // What the GPU gave until now is all that it gives.
    this.#budget = held;
    return false;
  }

  /** @returns false where no chunk can go */
  #evict(): boolean {
    let oldest: ResidentChunk | undefined;
    for (const chunk of this.#chunks.values())
      if (chunk.pins === 0 && (!oldest || chunk.lastUsed < oldest.lastUsed)) oldest = chunk;
    if (!oldest) return false;
    this.#chunks.delete(oldest.name);
    giveBack(oldest.pieces);
    this.#segments = this.#segments.filter(({ buffer, free }) => {
      if (free.isEmpty) buffer.destroy();
      return !free.isEmpty;
    });
    return true;
  }

  /** @returns what ends when the GPU has taken each part */
  async #write({ segment, places }: Piece, array: PackedArray): Promise<Promise<void>[]> {
    const written: Promise<void>[] = [];
    const { at, from, to } = places.get(array.id)!;
    for (let word = from; word < to; word += WRITE_BYTES / 4) {
      const bytes = array.read(word, Math.min(to, word + WRITE_BYTES / 4));
      const { done } = this.#guard.scoped(() =>
        this.#guard.device.queue.writeBuffer(segment.buffer, 4 * (at + word - from), bytes),
      );
      written.push(done);
      this.#pending += bytes.length;
      if (this.#pending < PENDING_BYTES) continue;
      this.#pending = 0;
      await this.#guard.wait(this.#guard.device.queue.onSubmittedWorkDone());
    }
    return written;
  }
}

const nameOf = ({ file, chunk }: ChunkKey) => `${file}/${chunk}`;

function giveBack(pieces: readonly Piece[]): void {
  for (const { segment, places } of pieces)
    for (const { at, from, to } of places.values()) segment.free.give(at, to - from);
}
