/**
 * Objects of a ROOT file, built by JSROOT from the file's own description of its classes (streamer infos). JSROOT gets nothing but bytes
 * that are unpacked already: it opens no file, asks no host, and prints nothing.
 */
import type { TBuffer, TFile } from 'jsroot/io';
import { Corrupt } from '../errors.ts';
import type { Classes, ClassMember } from './rootFile.ts';

/** An object: members by their names in C++. */
export type RootObject = Record<string, unknown>;

/** Reads objects of one file. */
export interface ObjectReader {
  /** @param keyBytes length of the key's header, from which references within the object count. @throws Corrupt */
  read(bytes: Uint8Array, className: string, keyBytes: number): RootObject;
  classes: Classes;
}

/** The description of classes, unpacked. */
export interface StreamerInfo {
  bytes: Uint8Array;
  keyBytes: number;
}

/** More items than this has no array in a class. */
const MAX_ARRAY = 1_000_000;
/** What ROOT has places for. */
const MAX_DIMENSIONS = 5;

type Jsroot = typeof import('jsroot/io');

interface Loaded {
  jsroot: Jsroot;
  Guarded: ReturnType<typeof guardedBuffer>;
}

let loading: Promise<Loaded> | undefined;

/** @throws Corrupt where the description can't be read */
export async function openObjects(info: StreamerInfo | undefined): Promise<ObjectReader> {
  loading ??= load();
  const loaded = await loading;
  const { Guarded } = loaded;
  const file = await asCorrupt(() => (info ? openInfos(loaded, info) : openEmpty(loaded.jsroot)));
  return {
    classes: classesOf(file.fStreamerInfos?.arr ?? []),
    read(bytes, className, keyBytes) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const object: RootObject = {};
      const said: string[] = [];
      try {
        quietly(() => {
          const buffer = new Guarded(view, 0, file);
          buffer.fTagOffset = keyBytes;
          buffer.mapObject(1, object);
          buffer.classStreamer(object, className);
        }, said);
      } catch (cause) {
        throw cause instanceof Corrupt ? cause : new Corrupt(said[0] ?? reason(cause));
      }
      return object;
    },
  };
}

function classesOf(infos: readonly RootObject[]): Classes {
  const versions = new Map<string, RootObject[]>();
  for (const info of infos) {
    const name = plain(info?.fName);
    versions.set(name, [...(versions.get(name) ?? []), info]);
  }
  for (const list of versions.values()) list.sort((a, b) => Number(b.fClassVersion) - Number(a.fClassVersion));
  const elementsOf = (info: RootObject | undefined) =>
    ((info?.fElements as { arr?: RootObject[] } | undefined)?.arr ?? []).filter((element) => element !== null);
  /** Of several versions of a class, the newest one that has the member. */
  const within = (className: string, name: string, seen: Set<string>): RootObject | undefined => {
    if (seen.has(className)) return undefined;
    seen.add(className);
    const elements = (versions.get(className) ?? []).flatMap(elementsOf);
    const own = elements.find((element) => element.fName === name && element.fTypeName !== 'BASE');
    if (own) return own;
    for (const { fName, fTypeName } of elements) {
      const inherited = fTypeName === 'BASE' ? within(plain(fName), name, seen) : undefined;
      if (inherited) return inherited;
    }
    return undefined;
  };
  return {
    find(className, owner, name) {
      const found = within(plain(owner), name, new Set()) ?? within(plain(className), name, new Set());
      return found && memberOf(found);
    },
    membersOf: (className) => elementsOf(versions.get(plain(className))?.[0]).map(memberOf),
  };
}

/** Names of templates are spelled with spaces here and there. */
function plain(name: unknown): string {
  return String(name).replace(/\s+|\bstd::/g, '');
}

function memberOf({ fName, fTitle, fTypeName, fType }: RootObject): ClassMember {
  return {
    name: String(fName),
    title: String(fTitle ?? ''),
    typeName: String(fTypeName ?? ''),
    code: Number(fType),
  };
}

async function load(): Promise<Loaded> {
  // It greets on the console where it is not in Node.
  const { log } = console;
  console.log = () => {};
  try {
    const jsroot = await import('jsroot/io');
    const Guarded = guardedBuffer(jsroot);
    // Its own makes an array of whatever length it reads.
    jsroot.addUserStreamer('TObjArray', (buffer, list) => readObjArray(buffer, list));
    // Nothing here reads them, and a damaged length would make as many objects.
    jsroot.addUserStreamer('TClonesArray', (_buffer, list) => {
      list.arr = [];
    });
    return { jsroot, Guarded };
  } finally {
    console.log = log;
  }
}

/** JSROOT's buffer, which never makes more than its bytes can fill, and reads texts as UTF-8. */
function guardedBuffer({ TBuffer }: Jsroot) {
  const utf8 = new TextDecoder();
  return class GuardedBuffer extends TBuffer {
    override readFastArray(count: number, kind: number): ArrayLike<number> {
      if (!(count >= 0 && count <= this.remain())) throw new Corrupt(`an array claims to have ${count} items`);
      return super.readFastArray(count, kind);
    }

    override substring(begin: number, end: number): string {
      const { buffer, byteOffset, byteLength } = this.arr;
      if (end > byteLength) throw new Corrupt('a text is cut short');
      return utf8.decode(new Uint8Array(buffer, byteOffset + begin, end - begin));
    }
  };
}

/** TObjArray::Streamer. */
function readObjArray(buffer: TBuffer, list: RootObject): void {
  const version = buffer.last_read_version;
  if (version > 2) buffer.classStreamer(list, 'TObject');
  if (version > 1) list.name = buffer.readTString();
  const count = buffer.ntou4();
  if (count > buffer.remain()) throw new Corrupt(`a list claims to have ${count} objects`);
  list.fLowerBound = buffer.ntou4();
  const items: unknown[] = [];
  for (let i = 0; i < count; i++) items.push(buffer.readObjectAny());
  list.arr = items;
}

/** Reads the description of classes into a file of JSROOT's. */
async function openInfos({ jsroot, Guarded }: Loaded, { bytes, keyBytes }: StreamerInfo): Promise<TFile> {
  const file = await openEmpty(jsroot);
  const buffer = new Guarded(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, file);
  buffer.fTagOffset = keyBytes;
  const said: string[] = [];
  file.fStreamerInfos = null;
  quietly(() => file.extractStreamerInfos(buffer), said);
  if (!file.fStreamerInfos) throw new Corrupt(said[0] ?? 'it is not a list');
  checkInfos(file.fStreamerInfos);
  return file;
}

/** JSROOT makes a file only by opening one: this has a header, an empty folder, an empty list of keys and no classes. */
function openEmpty({ openFile, FileProxy }: Jsroot): Promise<TFile> {
  const [begin, keysAt, infoAt, keyBytes] = [100, 1000, 2000, 32];
  const header = new DataView(new ArrayBuffer(400));
  'root'.split('').forEach((letter, index) => {
    header.setUint8(index, letter.charCodeAt(0));
  });
  header.setUint32(4, 62_400);
  header.setUint32(8, begin);
  header.setUint32(28, keyBytes);
  header.setUint32(37, infoAt);
  header.setUint32(41, keyBytes + EMPTY_LIST.length);
  const folder = new DataView(new ArrayBuffer(300));
  writeKey(folder, begin, keyBytes, 60);
  folder.setUint16(keyBytes, 5);
  folder.setInt32(keyBytes + 10, keyBytes + 4);
  folder.setUint32(keyBytes + 26, keysAt);
  const keys = new DataView(new ArrayBuffer(keyBytes + 4));
  writeKey(keys, keysAt, keyBytes, 4);
  const info = new DataView(new ArrayBuffer(keyBytes + EMPTY_LIST.length));
  writeKey(info, infoAt, keyBytes, EMPTY_LIST.length);
  const views = new Map([
    [0, header],
    [begin, folder],
    [keysAt, keys],
    [infoAt, info],
    [infoAt + keyBytes, new DataView(EMPTY_LIST.buffer)],
  ]);
  class InMemory extends FileProxy {
    override openFile = async () => true;
    override getFileName = () => 'classes.root';
    override getFileSize = () => infoAt + info.byteLength;
    override readBuffer = async (offset: number) => views.get(offset)!;
  }
  return openFile(new InMemory());
}

/** A `TList` without objects: byte count and version, TObject's version, id and bits, no name. */
const EMPTY_LIST = Uint8Array.of(0x40, 0, 0, 17, 0, 5, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

/** The header of a key, with empty texts. */
function writeKey(view: DataView, offset: number, keyBytes: number, objectBytes: number): void {
  view.setInt32(0, keyBytes + objectBytes);
  view.setInt16(4, 4);
  view.setInt32(6, objectBytes);
  view.setUint16(14, keyBytes);
  view.setUint16(16, 1);
  view.setUint32(18, offset);
}

/** Lengths of arrays in classes: objects are made by them. */
function checkInfos(infos: { arr: RootObject[] }): void {
  for (const info of infos.arr) {
    for (const element of (info?.fElements as { arr?: RootObject[] } | undefined)?.arr ?? []) {
      const dimensions = Number(element?.fArrayDim ?? 0);
      const sizes = [...((element?.fMaxIndex as Uint32Array | undefined) ?? [])].slice(0, dimensions);
      const length = Math.max(Number(element?.fArrayLength ?? 0), ...sizes);
      if (dimensions > MAX_DIMENSIONS || length > MAX_ARRAY)
        throw new Corrupt(
          `a member of ${info.fName} claims to be an array of ${length}, with ${dimensions} dimensions`,
        );
    }
  }
}

async function asCorrupt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw cause instanceof Corrupt ? cause : new Corrupt(`the description of its classes: ${reason(cause)}`);
  }
}

/** Runs `work` with JSROOT's complaints kept instead of printed: it goes on after some that are of no consequence. */
function quietly(work: () => void, said: string[]): void {
  const { log, warn, error } = console;
  console.log =
    console.warn =
    console.error =
      (...words: unknown[]) => {
        said.push(words.map(String).join(' '));
      };
  try {
    work();
  } finally {
    Object.assign(console, { log, warn, error });
  }
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
