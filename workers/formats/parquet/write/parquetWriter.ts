import { fileEnd, type PlacedGroup } from './footer.ts';
import type { EncodedGroup } from './rowGroup.ts';
import type { Codec, WrittenColumn } from './types.ts';

/** Where the bytes of a file go, in order. */
export interface ByteSink {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

/** What is said of a file beside its columns. */
export interface FileAbout {
  codec: Codec;
  createdBy: string;
  /** Key-value metadata. */
  metadata: Readonly<Record<string, string>>;
}

/**
 * Writes a Parquet file front to back: each row group as it comes, then page indexes and footer. Without the footer nothing reads it.
 * @see https://parquet.apache.org/docs/file-format/
 */
export class ParquetWriter {
  readonly #sink: ByteSink;
  readonly #columns: readonly WrittenColumn[];
  readonly #about: FileAbout;
  readonly #groups: PlacedGroup[] = [];
  #offset = 0;

  constructor(sink: ByteSink, columns: readonly WrittenColumn[], about: FileAbout) {
    this.#sink = sink;
    this.#columns = columns;
    this.#about = about;
  }

  get bytes(): number {
    return this.#offset;
  }

  /** @returns where its columns lie */
  async group({ rows, columns }: EncodedGroup): Promise<PlacedGroup> {
    await this.#begin();
    const placed: PlacedGroup = { rows, columns: [] };
    for (const { bytes, ...column } of columns) {
      placed.columns.push({ ...column, offset: this.#offset, bytes: bytes.length });
      await this.#write(bytes);
    }
    this.#groups.push(placed);
    return placed;
  }

  /** Indexes and footer. */
  async finish(): Promise<void> {
    await this.#begin();
    for (const part of fileEnd(this.#columns, this.#groups, this.#offset, this.#about)) await this.#write(part);
  }

  async #begin(): Promise<void> {
    if (this.#offset === 0) await this.#write(Uint8Array.of(0x50, 0x41, 0x52, 0x31));
  }

  async #write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#offset += bytes.length;
    await this.#sink.write(bytes);
  }
}
