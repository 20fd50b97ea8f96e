/** What is said of the cache, and asked of it: plain data, which crosses thread borders. */

/** A file that is held, in part or as a whole. */
export interface CachedFile {
  /** Names it in requests. */
  key: string;
  /** Address without query, user and password. */
  url: string;
  /** Bytes of the file. */
  size: number;
  /** Bytes of it that are held. */
  bytes: number;
  /** When it was last read, in milliseconds since 1970. */
  used: number;
  /** When its server last said that this is the present version. */
  seen: number;
  pinned: boolean;
}

export interface StorageReport {
  /** Why nothing can be kept; undefined where it can. */
  trouble?: string;
  /** The last used one first. */
  files: CachedFile[];
  /** Of all files. */
  bytes: number;
  /** Bytes that may be taken up: what was chosen, or what there is room for. */
  quota: number;
  /** Bytes that the browser grants to this site; undefined in Node. */
  granted?: number;
}

export type StorageRequest =
  | { kind: 'report' }
  | { kind: 'remove'; key: string }
  /** Removes all, pinned files too. */
  | { kind: 'clear' }
  | { kind: 'pin'; key: string; pinned: boolean }
  | { kind: 'pinUrl'; url: string; pinned: boolean }
  /** 0 keeps nothing. */
  | { kind: 'quota'; bytes: number };
