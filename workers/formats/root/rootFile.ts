import type { ByteSource } from '../../io/byteSource.ts';

/** A key of a ROOT file: where one object lies. */
export interface RootKey {
  name: string;
  title: string;
  /** Versions of one name: the highest is the newest. */
  cycle: number;
  /** `TTree`, `ROOT::RNTuple`, `TH1D`, … */
  className: string;
  /** Path of the folder that it lies in, without slashes at the ends; empty at the top. */
  directory: string;
  /** Place of the key in the file. */
  offset: number;
  /** Bytes on disk, the key's own header included. */
  bytes: number;
  /** Bytes of the key's own header. */
  keyBytes: number;
  /** Bytes of the object once unpacked. */
  objectBytes: number;
}

/** A member of a class, as the file's streamer infos say. */
export interface ClassMember {
  name: string;
  /** Comment in the class; of `Double32_t`, it may begin with a range: `[0,1,10]`. */
  title: string;
  /** In C++: `vector<float>`. */
  typeName: string;
  /** TVirtualStreamerInfo::EReadWrite. */
  code: number;
}

/** The classes of a file, by its streamer infos. */
export interface Classes {
  /** Finds a member by the class that declares it (`owner`), else in `className`, and there among its base classes too. */
  find(className: string, owner: string, name: string): ClassMember | undefined;
  /** Of the newest version of a class, base classes among them (`BASE`); none of a class that is not known. */
  membersOf(className: string): ClassMember[];
}

/** A ROOT file whose folders are read. */
export interface RootFile {
  readonly source: ByteSource;
  /** Of all folders; of each name the newest cycle first. */
  readonly keys: readonly RootKey[];
  /** The unpacked bytes of a key's object. @throws LumiscopeError `format`, `source`, `cancelled` */
  readBytes(key: RootKey, signal?: AbortSignal): Promise<Uint8Array>;
  /**
   * A key's object as JSROOT builds it, by the file's own streamer infos: members by their names in C++.
   * @throws LumiscopeError as `readBytes`
   */
  readObject(key: RootKey, signal?: AbortSignal): Promise<Record<string, unknown>>;
  /** What the classes in this file are made of. @throws LumiscopeError as `readBytes` */
  readClasses(signal?: AbortSignal): Promise<Classes>;
}
