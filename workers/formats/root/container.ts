/**
 * A ROOT file as a container: its header, its folders, and the keys in them. What the objects are does not matter here.
 * @see https://github.com/root-project/root/blob/master/io/io/src/TFile.cxx (class comment: the layout of a file)
 */
import type { ByteRange, ByteSource } from '../../io/byteSource.ts';
import { readRanges } from '../../io/coalesce.ts';
import { Corrupt, formatError } from '../errors.ts';
import { RootCursor } from './rootCursor.ts';
import type { RootKey } from './rootFile.ts';

/** Holds the header and the top folder's record of nearly all files, and the key of the first object. */
const START_BYTES = 4096;
/** Files of this version and later have places of eight bytes. */
const LARGE_FILE = 1_000_000;
/** The same of a key and of a folder's record. */
const LARGE_RECORD = 1000;
/** A key takes at least its fixed part and three empty texts. */
const SMALLEST_KEY = 29;
/** Folders may lie within one another this deep; damaged files may have them lie within themselves. */
const MAX_DEPTH = 64;
/** Keys of all folders. Files of monitoring histograms have some hundred thousand. */
const MAX_KEYS = 2_000_000;
/** What an object may take unpacked. */
const MAX_OBJECT_BYTES = 2 ** 30;

const FOLDERS = new Set(['TDirectory', 'TDirectoryFile']);

export interface Container {
  /** Of objects, folders left out. */
  keys: RootKey[];
  /** Where the description of the classes (the streamer infos) lies: its packed bytes with their key; undefined where there is none. */
  streamerInfo: ByteRange | undefined;
}

/**
 * Reads header and folders, those of one level at once.
 * @param known the first bytes of the file
 * @throws Corrupt, or what the source throws
 */
export async function readContainer(source: ByteSource, signal?: AbortSignal, known?: Uint8Array): Promise<Container> {
  const start = known ?? (await source.read(0, Math.min(source.size, START_BYTES), signal));
  const read = async (ranges: ByteRange[]): Promise<Uint8Array[]> => {
    const isKnown = ([offset, length]: ByteRange) => offset + length <= start.length;
    const fetched = await readRanges(
      source,
      ranges.filter((range) => !isKnown(range)),
      signal,
    );
    let next = 0;
    return ranges.map((range) => (isKnown(range) ? start.subarray(range[0], range[0] + range[1]) : fetched[next++]!));
  };
  const header = readHeader(start);
  if (header.end > source.size)
    throw new Corrupt(`it is cut short: its header says ${header.end} bytes, it has ${source.size}`);
  const keys: RootKey[] = [];
  const seen = new Set<number>();
  const within = (offset: number, bytes: number, what: string): ByteRange => {
    if (offset < header.begin || bytes <= 0 || offset + bytes > source.size)
      throw new Corrupt(`${what} lies at bytes ${offset}–${offset + bytes} of ${source.size}`);
    return [offset, bytes];
  };

  const topAt = header.begin + header.nameBytes;
  const recordBytes = Math.min(60, source.size - topAt);
  const top = readFolder((await read([within(topAt, recordBytes, 'the top folder')]))[0]!);
  const streamerInfo =
    header.infoBytes > 0 ? within(header.infoOffset, header.infoBytes, 'the description of classes') : undefined;
  if (top.keysOffset === 0) {
    const hint =
      'open it once with ROOT for writing, TFile::Open(name, "UPDATE"), which finds what is in it, or write it anew';
    throw formatError(source.url, 'it was not closed when it was written, so that nothing says what is in it', hint);
  }

  let level: { path: string; list: ByteRange }[] = [];
  const enter = (path: string, folder: Folder) => {
    if (folder.keysOffset === 0 || folder.keysBytes === 0 || seen.has(folder.keysOffset)) return;
    seen.add(folder.keysOffset);
    level.push({ path, list: within(folder.keysOffset, folder.keysBytes, `the list of keys of '${path || '/'}'`) });
  };
  enter('', top);
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw new Corrupt(`its folders lie more than ${MAX_DEPTH} deep`);
    const lists = await read(level.map(({ list }) => list));
    const inner: { path: string; record: ByteRange }[] = [];
    level.forEach(({ path }, index) => {
      for (const key of newestFirst(readKeyList(lists[index]!, path))) {
        within(key.offset, key.bytes, `'${key.name}'`);
        if (key.objectBytes > MAX_OBJECT_BYTES)
          throw new Corrupt(`'${key.name}' claims to take ${key.objectBytes} bytes`);
        if (!FOLDERS.has(key.className)) keys.push(key);
        else
          inner.push({
            path: path ? `${path}/${key.name}` : key.name,
            record: [key.offset + key.keyBytes, key.bytes - key.keyBytes],
          });
        if (keys.length + inner.length > MAX_KEYS) throw new Corrupt(`it has more than ${MAX_KEYS} keys`);
      }
    });
    const records = await read(inner.map(({ record }) => record));
    level = [];
    inner.forEach(({ path }, index) => {
      enter(path, readFolder(records[index]!));
    });
  }
  return { keys, streamerInfo };
}

interface Header {
  begin: number;
  end: number;
  /** From the first key to the top folder's record. */
  nameBytes: number;
  infoOffset: number;
  infoBytes: number;
}

function readHeader(start: Uint8Array): Header {
  const cursor = new RootCursor(start, 4);
  const version = cursor.uint32();
  const large = version >= LARGE_FILE;
  const begin = cursor.uint32();
  const end = cursor.place(large);
  cursor.place(large);
  cursor.skip(8);
  const nameBytes = cursor.uint32();
  cursor.skip(5);
  return { begin, end, nameBytes, infoOffset: cursor.place(large), infoBytes: cursor.uint32() };
}

interface Folder {
  keysBytes: number;
  keysOffset: number;
}

/** The record of a folder: TDirectoryFile::Streamer. */
function readFolder(bytes: Uint8Array): Folder {
  const cursor = new RootCursor(bytes);
  const large = cursor.uint16() > LARGE_RECORD;
  cursor.skip(8);
  const keysBytes = cursor.int32();
  cursor.skip(4);
  cursor.place(large);
  cursor.place(large);
  return { keysBytes, keysOffset: cursor.place(large) };
}

/** A list of keys: a key of its own, their number, and they. */
function readKeyList(bytes: Uint8Array, directory: string): RootKey[] {
  const cursor = new RootCursor(bytes);
  cursor.at = readKey(cursor, directory).keyBytes;
  const count = cursor.int32();
  if (count < 0 || count * SMALLEST_KEY > bytes.length) throw new Corrupt(`a folder claims to hold ${count} keys`);
  return Array.from({ length: count }, () => readKey(cursor, directory));
}

/** TKey::Streamer. The cursor stands behind the key's header then. */
export function readKey(cursor: RootCursor, directory: string): RootKey {
  const bytes = cursor.int32();
  const large = cursor.uint16() > LARGE_RECORD;
  const objectBytes = cursor.int32();
  cursor.skip(4);
  const keyBytes = cursor.uint16();
  const cycle = cursor.uint16();
  const offset = cursor.place(large);
  cursor.place(large);
  const className = cursor.text();
  const name = cursor.text();
  const title = cursor.text();
  if (objectBytes < 0 || keyBytes < SMALLEST_KEY - 3 || keyBytes > bytes)
    throw new Corrupt(`the key of '${name}' says that it takes ${keyBytes} of ${bytes} bytes`);
  return { name, title, cycle, className, directory, offset, bytes, keyBytes, objectBytes };
}

/** Versions of one name stand where its newest one does. */
function newestFirst(keys: RootKey[]): RootKey[] {
  const byName = new Map<string, RootKey[]>();
  for (const key of keys) byName.set(key.name, [...(byName.get(key.name) ?? []), key]);
  return [...byName.values()].flatMap((versions) => versions.sort((a, b) => b.cycle - a.cycle));
}
