import { LumiscopeError } from '../../core/errors.ts';

const PAGE = 65_536;
const ALIGNMENT = 16;
/** One page short of 4 GiB, so that no address of a byte or of an end reaches 2^32. */
const MAX_PAGES = 65_535;
/** Grown at least by this, so that many small columns don't mean as many `grow` calls. */
const GROWTH = 1 << 20;

interface Block {
  at: number;
  size: number;
}

/**
 * The memory of one worker's WebAssembly: columns, scratch and histograms of the event loop live in it.
 *
 * One `WebAssembly.Memory` that libm and the generated modules import; nothing is allocated below `base`
 * (libm's static data). Growing detaches every `ArrayBuffer` view: never keep a typed array over `memory.buffer`
 * across an `alloc`, make it again from the address.
 *
 * First fit over free blocks sorted by address, neighbours joined. Contents of a new block are arbitrary.
 */
export class EngineHeap {
  readonly memory: WebAssembly.Memory;
  /** Who lets go of what nobody uses before the memory grows past `budget` bytes; `evict` is false where nothing is left. */
  spare: { budget: number; evict: () => boolean } = { budget: 0, evict: () => false };
  readonly #free: Block[];
  readonly #sizes = new Map<number, number>();
  #used = 0;

  constructor(base: number) {
    const start = align(Math.max(base, ALIGNMENT));
    const pages = Math.ceil((start + GROWTH) / PAGE);
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: MAX_PAGES + 1 });
    this.#free = [{ at: start, size: pages * PAGE - start }];
  }

  /** Bytes that are allocated now. */
  get used(): number {
    return this.#used;
  }

  /** Bytes that the memory takes; it never shrinks. */
  get size(): number {
    return this.memory.buffer.byteLength;
  }

  /**
   * The address of `bytes` bytes, 16-byte aligned, never 0 and below 2^32.
   * @throws LumiscopeError `limit` when the memory can't grow as far
   */
  alloc(bytes: number): number {
    let at = this.tryAlloc(bytes, this.spare.budget);
    while (at === undefined && this.spare.evict()) at = this.tryAlloc(bytes, this.spare.budget);
    at ??= this.tryAlloc(bytes, MAX_PAGES * PAGE);
    if (at === undefined) {
      throw new LumiscopeError(
        'limit',
        `out of memory: ${Math.ceil(bytes / 1e6)} MB more were needed beside ${Math.ceil(this.#used / 1e6)} MB in use`,
        {
          hint: 'read fewer columns, use fewer bins, or close other tabs',
        },
      );
    }
    return at;
  }

  /** As `alloc`, but undefined where the memory would have to grow past `limit` bytes, or can't. */
  tryAlloc(bytes: number, limit: number): number | undefined {
    const size = align(Math.max(bytes, 1));
    let index = this.#free.findIndex((block) => block.size >= size);
    if (index < 0) {
      if (!this.#grow(size, limit)) return undefined;
      index = this.#free.length - 1;
    }
    const block = this.#free[index]!;
    const at = block.at;
    if (block.size === size) this.#free.splice(index, 1);
    else {
      block.at += size;
      block.size -= size;
    }
    this.#sizes.set(at, size);
    this.#used += size;
    return at;
  }

  /** Gives back what `alloc` returned. */
  free(at: number): void {
    const size = this.#sizes.get(at);
    if (size === undefined) throw new Error(`no block at address ${at}`);
    this.#sizes.delete(at);
    this.#used -= size;
    this.#release({ at, size });
  }

  /** Makes the last free block at least `size` bytes long. */
  #grow(size: number, limit: number): boolean {
    const end = this.size;
    const last = this.#free.at(-1);
    const tail = last && last.at + last.size === end ? last.size : 0;
    const least = Math.ceil((size - tail) / PAGE);
    const most = Math.floor((Math.min(limit, MAX_PAGES * PAGE) - end) / PAGE);
    if (least > most) return false;
    for (const pages of new Set([Math.min(Math.max(least, GROWTH / PAGE), most), least])) {
      try {
        this.memory.grow(pages);
      } catch {
        continue;
      }
      this.#release({ at: end, size: pages * PAGE });
      return true;
    }
    return false;
  }

  /** Puts a block among the free ones and joins it with its neighbours. */
  #release(block: Block): void {
    const blocks = this.#free;
    let low = 0;
    for (let high = blocks.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if (blocks[middle]!.at < block.at) low = middle + 1;
      else high = middle;
    }
    const before = blocks[low - 1];
    const after = blocks[low];
    if (after && block.at + block.size === after.at) {
      block.size += after.size;
      blocks.splice(low, 1);
    }
    if (before && before.at + before.size === block.at) before.size += block.size;
    else blocks.splice(low, 0, block);
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
