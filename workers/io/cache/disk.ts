/** What the cache needs of a file system; OPFS and Node's differ in nothing else. */

/** An open pack. Positions and lengths in bytes. */
export interface PackFile {
  size(): number;
  /** @returns how many bytes came: fewer than `into` holds where the file ends before */
  read(into: Uint8Array, at: number): number;
  write(bytes: Uint8Array, at: number): void;
  truncate(size: number): void;
}

export interface StoredFile {
  name: string;
  bytes: number;
  /** When it was written or touched, in milliseconds since 1970. */
  used: number;
}

/** Folders of files, one level deep. What is gone, or held by another thread, is told by the answer; anything else throws. */
export interface CacheDisk {
  folders(): Promise<string[]>;
  /** Empty where there is no such folder. */
  files(folder: string): Promise<StoredFile[]>;
  /** @returns undefined where the file is gone */
  read<T>(folder: string, name: string, work: (file: PackFile) => T): Promise<T | undefined>;
  /**
   * Works on a file that no other thread or tab writes to meanwhile.
   * @param create whether a file that is not there is made; else it counts as gone
   * @returns false where it is gone, or another one works on it
   */
  change(folder: string, name: string, work: (file: PackFile) => void, create: boolean): Promise<boolean>;
  /** Sets the time of use of a file to now. */
  touch(folder: string, name: string): Promise<void>;
  /** A small file; `folder` is empty for the top. */
  readText(folder: string, name: string): Promise<string | undefined>;
  writeText(folder: string, name: string, text: string): Promise<void>;
  /** Removes a file, or a folder with all that is in it; nothing where it is gone or in use. */
  remove(folder: string, name?: string): Promise<void>;
  /** Bytes that may be taken up on this machine, as far as that is known. */
  granted(): Promise<number | undefined>;
}
