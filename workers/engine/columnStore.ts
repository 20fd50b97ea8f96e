import { type ColumnData, VALUE_ARRAYS, type Values, type ValueType } from '../../core/schema/column.ts';
import type { EngineHeap } from './heap.ts';

/** Which column of which chunk; `file` is the session's number of the file. */
export interface ColumnKey {
  file: number;
  chunk: number;
  column: string;
}

/** An array in the heap. Offsets that several columns share have as many `uses`. */
interface Stored {
  at: number;
  bytes: number;
  length: number;
  uses: number;
}

interface Entry {
  key: ColumnKey;
  type: ValueType;
  length: number;
  values: Stored;
  offsets: Stored[];
  valid?: Stored;
  dictionary?: string[];
  pins: number;
}

/**
 * Decoded columns of one worker, kept in the engine's heap so that a second run reads them in place.
 *
 * The least recently used columns make room when the heap would grow past `budget` bytes, for whatever is allocated there;
 * pinned ones stay. What doesn't fit beside the pinned ones is stored past the budget, as far as the heap can grow: a chunk that
 * alone is larger than the budget still runs. Equal offsets of a chunk's columns are stored once.
 */
export class ColumnStore {
  readonly #heap: EngineHeap;
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry>();
  /** The distinct offsets of each chunk. */
  readonly #offsets = new Map<string, Stored[]>();

  constructor(heap: EngineHeap, budget: number) {
    this.#heap = heap;
    heap.spare = { budget, evict: () => this.#evictOldest() };
  }

  /** What is held now. */
  keys(): ColumnKey[] {
    return [...this.#entries.values()].map((entry) => entry.key);
  }

  has(key: ColumnKey): boolean {
    return this.#entries.has(keyOf(key));
  }

  /** Pins a column if it is here, and says whether it is. */
  pin(key: ColumnKey): boolean {
    const id = keyOf(key);
    const entry = this.#entries.get(id);
    if (!entry) return false;
    entry.pins++;
    this.#entries.delete(id);
    this.#entries.set(id, entry);
    return true;
  }

  unpin(key: ColumnKey): void {
    this.#entry(key).pins--;
  }

  /**
   * Copies a column into the heap and pins it.
   * @throws LumiscopeError `limit` when the heap can't hold it even with everything unpinned gone
   */
  put(key: ColumnKey, data: ColumnData): void {
    if (this.pin(key)) return;
    const chunk = chunkOf(key);
    const stored: Stored[] = [];
    try {
      const keep = (array: Values) => {
        const block = this.#copy(array);
        stored.push(block);
        return block;
      };
      const offsets = data.offsets.map((array) => {
        const block = this.#sharedOffsets(chunk, array);
        stored.push(block);
        return block;
      });
      const values = keep(data.values);
      const valid = data.valid && keep(data.valid);
      const entry: Entry = {
        key,
        type: data.type,
        length: data.length,
        values,
        offsets,
        valid,
        dictionary: data.dictionary,
        pins: 1,
      };
      this.#entries.set(keyOf(key), entry);
    } catch (error) {
      for (const block of stored) this.#drop(chunk, block);
      throw error;
    }
  }

  /**
   * A column that is here, as views into the heap's memory. Growing the heap detaches them, so that their
   * `byteOffset` reads 0: take the addresses first, then allocate.
   */
  view(key: ColumnKey): ColumnData {
    const { type, length, values, offsets, valid, dictionary } = this.#entry(key);
    const buffer = this.#heap.memory.buffer;
    return {
      type,
      length,
      offsets: offsets.map((block) => new Uint32Array(buffer, block.at, block.length)),
      values: new VALUE_ARRAYS[type](buffer, values.at, values.length),
      ...(valid && { valid: new Uint8Array(buffer, valid.at, valid.length) }),
      ...(dictionary && { dictionary }),
    };
  }

  #entry(key: ColumnKey): Entry {
    const entry = this.#entries.get(keyOf(key));
    if (!entry) throw new Error(`column ${keyOf(key)} is not in memory`);
    return entry;
  }

  #copy(array: Values): Stored {
    const bytes = array.byteLength;
    const at = this.#heap.alloc(bytes);
    new Uint8Array(this.#heap.memory.buffer, at, bytes).set(new Uint8Array(array.buffer, array.byteOffset, bytes));
    return { at, bytes, length: array.length, uses: 1 };
  }

  #sharedOffsets(chunk: string, array: Uint32Array): Stored {
    const known = this.#offsets.get(chunk) ?? [];
    const same = known.find((block) => equal(new Uint32Array(this.#heap.memory.buffer, block.at, block.length), array));
    if (same) {
      same.uses++;
      return same;
    }
    const block = this.#copy(array);
    this.#offsets.set(chunk, [...(this.#offsets.get(chunk) ?? []), block]);
    return block;
  }

  /** Lets the least recently used column go that is not pinned, if there is one. */
  #evictOldest(): boolean {
    for (const [id, entry] of this.#entries) {
      if (entry.pins > 0) continue;
      this.#evict(id, entry);
      return true;
    }
    return false;
  }

  #evict(id: string, entry: Entry): void {
    this.#entries.delete(id);
    const chunk = chunkOf(entry.key);
    for (const block of [entry.values, ...entry.offsets, ...(entry.valid ? [entry.valid] : [])])
      this.#drop(chunk, block);
  }

  #drop(chunk: string, block: Stored): void {
    if (--block.uses > 0) return;
    this.#heap.free(block.at);
    const left = this.#offsets.get(chunk)?.filter((other) => other !== block);
    if (left?.length) this.#offsets.set(chunk, left);
    else this.#offsets.delete(chunk);
  }
}

function keyOf(key: ColumnKey): string {
  return `${chunkOf(key)}/${key.column}`;
}

function chunkOf(key: ColumnKey): string {
  return `${key.file}/${key.chunk}`;
}

function equal(a: Uint32Array, b: Uint32Array): boolean {
  if (a.length !== b.length || a.at(-1) !== b.at(-1)) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
