/**
 * What was read of an input, up to some line: a file of the work folder, written at once. Its records stand file by file of events, in the order of their GUIDs, so that those of some
 * neighbouring GUIDs are one piece of it. The last segment of an input says how far it was read: there is no other checkpoint.
 */
import { open, rename, rm } from 'node:fs/promises';
import { LumiscopeError } from '../../../core/errors.ts';
import type { LegacyCounts } from '../../../core/ingest/legacyRecord.ts';
import { type PackedRecords, WORD } from '../../../core/ingest/packedRecords.ts';
import type { BadLine } from './badLines.ts';

export interface SegmentHeader {
  input: number;
  /** How far the input was read: bytes of its text, their CRC-32, lines, and the state of the file that they are of. */
  text: number;
  crc: number;
  lines: number;
  state?: string | undefined;
  /** Whether that is all of it. */
  isLast: boolean;
  /** Of this segment. */
  records: number;
  blank: number;
  bad: BadLine[];
  counts: LegacyCounts;
  /** Of the dataset, so far. */
  smk?: number | undefined;
  /** Records' data types of origins are counted in these. */
  provenanceTypes: string[];
  /** Files of events in it. */
  files: number;
}

/** Files of events in a segment, in the order of their GUIDs. */
export interface SegmentIndex {
  /** 16 bytes each. */
  guids: Uint8Array;
  /** Records, and where they begin in the segment; behind the last one's end. */
  records: Uint32Array;
  offsets: Float64Array;
}

const MAGIC = 'LSEG';
const GUID_BYTES = 16;
const PREFIX = 8;

/** @throws LumiscopeError `source` where the folder can't be written */
export async function writeSegment(
  path: string,
  header: Omit<SegmentHeader, 'files'>,
  records: PackedRecords,
): Promise<void> {
  const { order, guids, counts } = byGuid(records);
  const text = Buffer.from(JSON.stringify({ ...header, files: counts.length }));
  const padding = (8 - ((PREFIX + text.length) % 8)) % 8;
  const prefix = Buffer.alloc(PREFIX);
  prefix.write(MAGIC, 'latin1');
  prefix.writeUInt32LE(text.length + padding, 4);
  const { words } = records;
  const sorted = new Uint32Array(records.length / 4);
  const bytes = new Float64Array(counts.length);
  let at = 0;
  let next = 0;
  for (let file = 0; file < counts.length; file++) {
    const begin = at;
    for (let k = 0; k < counts[file]!; k++, next++) {
      const from = order[next]!;
      const to = from + words[from]! / 4;
      for (let word = from; word < to; word++) sorted[at++] = words[word]!;
    }
    bytes[file] = 4 * (at - begin);
  }
  const parts = [
    prefix,
    text,
    Buffer.alloc(padding, ' '),
    guids,
    new Uint8Array(counts.buffer),
    new Uint8Array((counts.length % 2) * 4),
    new Uint8Array(bytes.buffer),
    new Uint8Array(sorted.buffer),
  ];
  await writeWhole(path, parts);
}

/** A file that has its name once it is on the disk. @throws LumiscopeError `source` */
export async function writeWhole(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const unfinished = `${path}.${process.pid}.part`;
  try {
    const file = await open(unfinished, 'w');
    try {
      for (const part of parts) await file.writeFile(part);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw new LumiscopeError('source', `${path} can't be written: ${(error as Error).message}`);
  }
}

/** Files of events, in the order of their GUIDs, with how many records each has, and where records begin, in words, file by file. */
export function byGuid({ words, length, rows }: PackedRecords): {
  order: Uint32Array;
  guids: Buffer;
  counts: Uint32Array;
} {
  const fileOf = new Uint32Array(rows);
  const places = new Uint32Array(rows);
  const first: number[] = [];
  const counts: number[] = [];
  let slots = new Int32Array(1 << 12).fill(-1);
  const find = (at: number): number => {
    const mask = slots.length - 1;
    const hash = Math.imul(words[at + WORD.GUID]! ^ Math.imul(words[at + WORD.GUID + 3]!, 0x9e3779b1), 0x85ebca6b);
    for (let slot = (hash ^ (hash >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const file = slots[slot]!;
      if (file < 0) {
        slots[slot] = first.length;
        return slot;
      }
      if (isSameGuid(words, first[file]!, at)) return slot;
    }
  };
  for (let at = 0, row = 0; row < rows; row++, at += words[at]! >> 2) {
    places[row] = at;
    const file = slots[find(at)]!;
    if (file === first.length) {
      first.push(at);
      counts.push(0);
      if (2 * first.length > slots.length) {
        slots = new Int32Array(4 * slots.length).fill(-1);
        const known = first.splice(0);
        for (const begin of known) {
          find(begin);
          first.push(begin);
        }
      }
    }
    fileOf[row] = file;
    counts[file]!++;
  }
  if (length > 0 && rows === 0) throw new RangeError('bytes without records');
  const ranked = first.map((_, file) => file).sort((a, b) => compareGuids(words, first[a]!, words, first[b]!));
  const next = new Uint32Array(first.length);
  const guids = Buffer.alloc(GUID_BYTES * first.length);
  let begin = 0;
  ranked.forEach((file, rank) => {
    next[file] = begin;
    begin += counts[file]!;
    for (let k = 0; k < 4; k++) guids.writeUInt32BE(words[first[file]! + WORD.GUID + k]!, GUID_BYTES * rank + 4 * k);
  });
  const order = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) order[next[fileOf[row]!]!++] = places[row]!;
  return { order, guids, counts: Uint32Array.from(ranked, (file) => counts[file]!) };
}

function isSameGuid(words: Uint32Array, a: number, b: number): boolean {
  return compareGuids(words, a, words, b) === 0;
}

function compareGuids(a: Uint32Array, atA: number, b: Uint32Array, atB: number): number {
  for (let k = WORD.GUID; k < WORD.GUID + 4; k++) if (a[atA + k] !== b[atB + k]) return a[atA + k]! - b[atB + k]!;
  return 0;
}

/** A segment that is there. */
export interface Segment {
  path: string;
  header: SegmentHeader;
  index: SegmentIndex;
}

/** @throws LumiscopeError `format` where it is none of this version */
export async function openSegment(path: string): Promise<Segment> {
  const file = await open(path);
  try {
    const read = async (from: number, length: number) => {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, from);
      if (bytesRead < length) throw new Error('it is cut');
      return buffer;
    };
    const prefix = await read(0, PREFIX);
    if (prefix.toString('latin1', 0, 4) !== MAGIC) throw new Error('it is no segment');
    const text = await read(PREFIX, prefix.readUInt32LE(4));
    const header = JSON.parse(text.toString()) as SegmentHeader;
    const { files } = header;
    const begin = PREFIX + text.length;
    const evenFiles = files + (files % 2);
    const bytes = await read(begin, (GUID_BYTES + 8) * files + 4 * evenFiles);
    const lengths = new Float64Array(
      bytes.buffer.slice(bytes.byteOffset + bytes.length - 8 * files, bytes.byteOffset + bytes.length),
    );
    const offsets = new Float64Array(files + 1);
    offsets[0] = begin + bytes.length;
    for (let k = 0; k < files; k++) offsets[k + 1] = offsets[k]! + lengths[k]!;
    const counts = bytes.buffer.slice(
      bytes.byteOffset + GUID_BYTES * files,
      bytes.byteOffset + (GUID_BYTES + 4) * files,
    );
    return {
      path,
      header,
      index: { guids: bytes.subarray(0, GUID_BYTES * files), records: new Uint32Array(counts), offsets },
    };
  } catch (error) {
    throw new LumiscopeError('format', `${path} can't be read: ${(error as Error).message}`, {
      hint: 'remove the work folder, and begin anew',
    });
  } finally {
    await file.close();
  }
}

/** GUIDs as text that sorts as they do. */
export function guidAt({ guids }: SegmentIndex, file: number): string {
  return Buffer.from(guids.buffer, guids.byteOffset + GUID_BYTES * file, GUID_BYTES).toString('hex');
}

/** The first file of events at or behind a GUID. */
export function firstAt(index: SegmentIndex, guid: string): number {
  let low = 0;
  let high = index.records.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (guidAt(index, middle) < guid) low = middle + 1;
    else high = middle;
  }
  return low;
}
