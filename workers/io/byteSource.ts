/** The whole I/O interface: a pinned version of some bytes, read by ranges. */
export interface ByteSource {
  /** URL, or the name of a local file: what error messages call it. */
  readonly url: string;
  /** Bytes. */
  readonly size: number;
  /** What pins the version: an ETag, else size and date. Undefined where the server tells neither. */
  readonly etag: string | undefined;
  /** Ranges of this version that are held on this machine; `readRanges` looks there first. */
  readonly cache?: RangeCache;
  /** Bytes that are worth reading to spare a request, as far as is known by now. Absent: none, as for files of this machine. */
  readonly gap?: () => number;
  /** Headers of answers that its server does not let this page see, or does not send: what they tell can't be checked. */
  readonly hidden?: readonly string[] | undefined;
  /** Of a file with replicas: see `PinnedFile`. */
  readonly replica?: PinnedFile['replica'];
  /**
   * Reads `[offset, offset + length)`, exactly `length` bytes.
   * @throws LumiscopeError `source` when the bytes can't be had, are cut short or belong to another version;
   *   `cancelled` when `signal` fires.
   */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
}

/** `[offset, length]` of a file, in bytes. */
export type ByteRange = readonly [offset: number, length: number];

/** Byte ranges of one version of one file that were fetched before, by exactly the same range. */
export interface RangeCache {
  /** As many as `ranges`; undefined where a range is not held, or is damaged. Never throws. */
  get(ranges: readonly ByteRange[]): Promise<(Uint8Array | undefined)[]>;
  /** Which ranges are held, as far as is known without reading them. Never throws. */
  holds(ranges: readonly ByteRange[]): Promise<boolean[]>;
  /** Keeps ranges, in the background; the bytes may be views, which are copied first. Never throws. */
  put(ranges: readonly ByteRange[], bytes: readonly Uint8Array[]): void;
}

/** How to reach a file: what crosses thread borders instead of a `ByteSource`. */
export type FileAddress = Place & {
  /** Of a ROOT file: which of its trees (or ntuples) is meant; without it, the one that `chooseTree` takes. */
  tree?: string;
};

type Place =
  /**
   * `http:`, `https:`; an address relative to the page is made absolute before. `replicas`: further addresses of the same
   * bytes, to be tried in this order. `region`: of an S3 store, for which requests with keys are signed.
   */
  | { kind: 'url'; url: string; replicas?: readonly string[]; region?: string }
  /** A file that the user picked or dropped (browser). */
  | { kind: 'blob'; name: string; blob: Blob }
  /** A path (Node). */
  | { kind: 'path'; path: string };

/** A file whose version is pinned: any thread that opens it again reads the same bytes or gets an error. */
export interface PinnedFile {
  address: FileAddress;
  size: number;
  etag: string | undefined;
  /** Where its server can't be asked: when it last said that this is the present version, in milliseconds since 1970. */
  asOf?: number;
  /** As of a source: `ETag` where nothing tells one version from another, `Content-Range` where nothing tells which bytes came. */
  hidden?: readonly string[];
  /** Of a file with replicas: the one that it was opened from, and a digest of the end, which another one has to have too. */
  replica?: { url: string; tail: string };
}

/** What reading cost, counted where the bytes arrive. */
export interface ReadCounter {
  bytes: number;
  requests: number;
  /** Bytes that the cache on this machine had. */
  cachedBytes?: number;
  /** Replicas that failed last time, by their address, and why. */
  failed?: Map<string, string>;
}
