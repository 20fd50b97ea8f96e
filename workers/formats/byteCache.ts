/** Compressed bytes of columns, the least recently used dropped first when they exceed a number of bytes. */
export class ByteCache {
  readonly #limit: number;
  readonly #held = new Map<string, Uint8Array>();
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): Uint8Array | undefined {
    const bytes = this.#held.get(key);
    if (bytes) {
      this.#held.delete(key);
      this.#held.set(key, bytes);
    }
    return bytes;
  }

  /** Keeps a copy: what arrives may be a view of a larger buffer. Nothing where it exceeds the limit alone. */
  put(key: string, bytes: Uint8Array): void {
    if (bytes.length > this.#limit || this.#held.has(key)) return;
    this.#held.set(key, bytes.slice());
    this.#bytes += bytes.length;
    for (const [oldest, { length }] of this.#held) {
      if (this.#bytes <= this.#limit) break;
      this.#held.delete(oldest);
      this.#bytes -= length;
    }
  }
}
