/** The whole I/O interface: a pinned version of some bytes, read by ranges. */
export interface ByteSource {
  /** URL, or the name of a local file: what error messages call it. */
  readonly url: string;
  /** Bytes. */
  readonly size: number;
  /** What pins the version: an ETag, else size and date. Undefined where the server tells neither. */
  readonly etag: string | undefined;
  /**
   * Reads `[offset, offset + length)`, exactly `length` bytes.
   * @throws LumiscopeError `source` when the bytes can't be had, are cut short or belong to another version;
   *   `cancelled` when `signal` fires.
   */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
}

/** How to reach a file: what crosses thread borders instead of a `ByteSource`. */
export type FileAddress =
  /** `http:`, `https:`; an address relative to the page is made absolute before. */
  | { kind: 'url'; url: string }
  /** A file that the user picked or dropped (browser). */
  | { kind: 'blob'; name: string; blob: Blob }
  /** A path (Node). */
  | { kind: 'path'; path: string };

/** A file whose version is pinned: any thread that opens it again reads the same bytes or gets an error. */
export interface PinnedFile {
  address: FileAddress;
  size: number;
  etag: string | undefined;
}

/** What reading cost, counted where the bytes arrive. */
export interface ReadCounter {
  bytes: number;
  requests: number;
}
