/**
 * A store of objects: a folder of this machine, or a bucket. What is written is seen whole or not at all, and a write can hang on what is there: that is all that
 * several programs need to work on the same store, and to be killed at any time.
 */
export interface ObjectStore {
  /** As error messages call it; without credentials. */
  readonly address: string;
  /** @returns undefined where there is none. @throws LumiscopeError `source`; `cancelled` */
  read(path: string, signal?: AbortSignal): Promise<{ bytes: Uint8Array; version: string } | undefined>;
  /** Bytes from `offset` on, `length` of them or up to the end. @returns undefined where there is no such object */
  readRange(path: string, offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array | undefined>;
  stat(path: string, signal?: AbortSignal): Promise<ObjectInfo | undefined>;
  /**
   * @param condition `absent`: only if there is none. `version`: only if that is what is there. Without one it is written over.
   * @returns the version that is there now; undefined where the condition does not hold: nothing is changed then. Where the store's answer got lost what is there is read: undefined may then mean
   *   that it was written, and has been replaced by somebody else since
   * @throws LumiscopeError `source` where the store refuses, is full, can't be reached after some tries, or takes no conditions
   */
  write(
    path: string,
    bytes: Uint8Array,
    condition?: 'absent' | { version: string },
    signal?: AbortSignal,
  ): Promise<string | undefined>;
  /** All objects whose path begins with `prefix`, in the order of their paths. */
  list(prefix: string, signal?: AbortSignal): AsyncIterable<ObjectInfo & { path: string }>;
  /** Nothing happens where there is none. */
  remove(path: string, signal?: AbortSignal): Promise<void>;
  /** The part of the store below a folder. @param folder without slashes at its ends */
  below(folder: string): ObjectStore;
}

export interface ObjectInfo {
  bytes: number;
  /** Differs whenever the bytes do; in a bucket the same bytes have the same one. */
  version: string;
  /** ms since 1970-01-01 UTC, by the store's clock. */
  modified: number;
}
