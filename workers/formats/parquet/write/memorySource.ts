import type { ByteSource } from '../../../io/byteSource.ts';

/** A file in memory, for tests. */
export class MemorySource implements ByteSource {
  readonly url = 'memory';
  readonly etag = undefined;
  readonly size: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = Uint8Array.from(bytes);
    this.size = bytes.length;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    return this.#bytes.slice(offset, offset + length);
  }

  /** As hyparquet reads metadata. */
  cursor(offset: number, length: number): { view: DataView; offset: number } {
    const bytes = this.#bytes.slice(offset, offset + length);
    return { view: new DataView(bytes.buffer), offset: 0 };
  }
}
