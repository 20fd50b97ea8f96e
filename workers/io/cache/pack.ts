/**
 * A pack: byte ranges one after the other, in the order in which they were fetched. Sixteen bytes of head, then records of
 *
 * | bytes | |
 * |---|---|
 * | 4 | state: `LIVE` or `DEAD` |
 * | 4 | length |
 * | 8 | offset in the file that it came from, as a double |
 * | 4 | CRC-32 of the range |
 * | 4 | CRC-32 of length, offset and the sum before |
 *
 * and the range itself; little-endian. A pack that was cut off while it was written is good up to the last whole record: whoever
 * writes to it next begins there.
 */
import { crc32 } from '../../formats/parquet/crc32.ts';
import type { ByteRange } from '../byteSource.ts';
import type { PackFile } from './disk.ts';

export const PACK_HEAD = new TextEncoder().encode('LUMIPACK0001\n\n\n\n');
const RECORD_HEAD = 24;
const LIVE = 0x4556494c;
const DEAD = 0x44414544;

/** Read at a time where heads are looked for. */
const SCAN_BYTES = 16_384;
/** Entries that lie one behind the other are read together, up to so many bytes. */
const READ_BYTES = 4e6;

/** Where a range lies in a pack. */
export interface PackEntry {
  offset: number;
  length: number;
  /** Of its record. */
  at: number;
  sum: number;
}

/** Bytes that a range takes up in a pack. */
export const recordBytes = (length: number): number => RECORD_HEAD + length;

/**
 * The live records from position `from` on, which is 0 or what a scan before gave as `end`.
 * @returns `end`: one past the last whole record; 0 where it is no pack
 */
export function scanPack(file: PackFile, from: number): { entries: PackEntry[]; end: number } {
  const size = file.size();
  const entries: PackEntry[] = [];
  let end = from;
  if (end === 0) {
    const head = new Uint8Array(PACK_HEAD.length);
    if (file.read(head, 0) < head.length || head.some((byte, k) => byte !== PACK_HEAD[k])) return { entries, end: 0 };
    end = PACK_HEAD.length;
  }
  // Heads of short ranges come many at a time: a read costs more than the bytes.
  const block = new Uint8Array(SCAN_BYTES);
  const view = new DataView(block.buffer);
  let [begin, past] = [end, end];
  while (end + RECORD_HEAD <= size) {
    if (end + RECORD_HEAD > past) {
      begin = end;
      past = begin + file.read(block, begin);
      if (end + RECORD_HEAD > past) break;
    }
    const at = end - begin;
    const state = view.getUint32(at, true);
    const length = view.getUint32(at + 4, true);
    const isHead =
      (state === LIVE || state === DEAD) && view.getInt32(at + 20, true) === crc32(block.subarray(at + 4, at + 20));
    if (!isHead || end + recordBytes(length) > size) break;
    const entry = { offset: view.getFloat64(at + 8, true), length, at: end, sum: view.getInt32(at + 16, true) };
    if (state === LIVE) entries.push(entry);
    end += recordBytes(length);
  }
  return { entries, end };
}

/** Puts ranges behind `end`, the last whole record; what lies there goes. @returns their places */
export function appendToPack(
  file: PackFile,
  end: number,
  ranges: readonly ByteRange[],
  bytes: readonly Uint8Array[],
): PackEntry[] {
  if (end === 0) file.write(PACK_HEAD, 0);
  const start = Math.max(end, PACK_HEAD.length);
  if (file.size() > start) file.truncate(start);
  const block = new Uint8Array(bytes.reduce((sum, { length }) => sum + recordBytes(length), 0));
  const view = new DataView(block.buffer);
  let at = 0;
  const entries = bytes.map((one, k): PackEntry => {
    const [offset] = ranges[k]!;
    const sum = crc32(one);
    view.setUint32(at, LIVE, true);
    view.setUint32(at + 4, one.length, true);
    view.setFloat64(at + 8, offset, true);
    view.setInt32(at + 16, sum, true);
    view.setInt32(at + 20, crc32(block.subarray(at + 4, at + 20)), true);
    block.set(one, at + RECORD_HEAD);
    const entry = { offset, length: one.length, at: start + at, sum };
    at += recordBytes(one.length);
    return entry;
  });
  file.write(block, start);
  return entries;
}

/**
 * The bytes of entries, as views of larger blocks; undefined where they are not those that were written.
 * @param entries in the order of the pack
 */
export function readEntries(file: PackFile, entries: readonly PackEntry[]): (Uint8Array | undefined)[] {
  const results: (Uint8Array | undefined)[] = [];
  for (let first = 0; first < entries.length; ) {
    const begin = entries[first]!.at;
    let last = first;
    let past = begin + recordBytes(entries[first]!.length);
    for (let next = entries[last + 1]; next; next = entries[last + 1]) {
      const end = next.at + recordBytes(next.length);
      if (next.at > past || end - begin > READ_BYTES) break;
      past = Math.max(past, end);
      last++;
    }
    const block = new Uint8Array(past - begin);
    const came = file.read(block, begin);
    for (; first <= last; first++) {
      const { at, length, sum } = entries[first]!;
      const from = at - begin + RECORD_HEAD;
      const bytes = block.subarray(from, from + length);
      results.push(from + length <= came && crc32(bytes) === sum ? bytes : undefined);
    }
  }
  return results;
}

/** Nobody finds an entry again. */
export function markDead(file: PackFile, { at }: PackEntry): void {
  const state = new Uint8Array(4);
  new DataView(state.buffer).setUint32(0, DEAD, true);
  file.write(state, at);
}
