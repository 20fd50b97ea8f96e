/**
 * LZ4: bare blocks (codec LZ4_RAW), and what writers have called LZ4: blocks in Hadoop's frames, LZ4's own frames, or a
 * bare block.
 * @see https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md
 * @see https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
 * @see https://github.com/apache/parquet-format/blob/master/Compression.md#lz4
 */
import { Corrupt } from './errors.ts';

const MIN_MATCH = 4;
/** The four bytes that LZ4's own frames begin with. */
const FRAME_MAGIC = 0x184d2204;

/** A bare block. @throws Corrupt where it has another length than `size` */
export function decompressLz4Raw(input: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  checkSize(decodeBlock(input, out, 0), size);
  return out;
}

/** The deprecated codec, whose framing the bytes themselves tell. @throws Corrupt */
export function decompressLz4(input: Uint8Array, size: number): Uint8Array {
  const view = new DataView(input.buffer, input.byteOffset, input.length);
  if (isHadoop(view, size)) return decodeHadoop(input, view, size);
  if (input.length >= 7 && view.getUint32(0, true) === FRAME_MAGIC) return decodeFrame(input, view, size);
  return decompressLz4Raw(input, size);
}

/** Frames of `[bytes when decompressed, bytes, block]` with big-endian lengths, which fit together and to the end. */
function isHadoop(view: DataView, size: number): boolean {
  let total = 0;
  let at = 0;
  while (at + 8 <= view.byteLength) {
    total += view.getUint32(at);
    at += 8 + view.getUint32(at + 4);
  }
  return at === view.byteLength && total === size;
}

function decodeHadoop(input: Uint8Array, view: DataView, size: number): Uint8Array {
  const out = new Uint8Array(size);
  let done = 0;
  for (let at = 0; at < input.length; ) {
    const wanted = view.getUint32(at);
    const end = at + 8 + view.getUint32(at + 4);
    const next = decodeBlock(input.subarray(at + 8, end), out, done);
    checkSize(next - done, wanted);
    done = next;
    at = end;
  }
  return out;
}

/** Checksums of frames are passed over: pages have their own. */
function decodeFrame(input: Uint8Array, view: DataView, size: number): Uint8Array {
  const flags = input[4]!;
  const [blockChecksum, contentSize, dictionary] = [flags & 16, flags & 8, flags & 1];
  const out = new Uint8Array(size);
  let done = 0;
  for (let at = 7 + (contentSize ? 8 : 0) + (dictionary ? 4 : 0); at + 4 <= input.length; ) {
    const head = view.getUint32(at, true);
    if (head === 0) break;
    const length = head & 0x7fffffff;
    const block = input.subarray(at + 4, at + 4 + length);
    // The highest bit says that a block is not compressed.
    if (head >= 2 ** 31) {
      if (done + block.length > size) throw tooLong();
      out.set(block, done);
      done += block.length;
    } else {
      done = decodeBlock(block, out, done);
    }
    at += 4 + length + (blockChecksum ? 4 : 0);
  }
  checkSize(done, size);
  return out;
}

/** Decodes a block to `out[begin…]`; matches may reach back before it. @returns where it ends */
function decodeBlock(input: Uint8Array, out: Uint8Array, begin: number): number {
  let at = 0;
  let to = begin;
  const longer = (nibble: number): number => {
    if (nibble < 15) return nibble;
    let length = nibble;
    for (let byte = 255; byte === 255; length += byte) {
      if (at >= input.length) throw new Corrupt('an LZ4 block is cut short');
      byte = input[at++]!;
    }
    return length;
  };
  while (at < input.length) {
    const token = input[at++]!;
    const literals = longer(token >> 4);
    if (literals > input.length - at) throw new Corrupt('an LZ4 block is cut short');
    if (literals > out.length - to) throw tooLong();
    out.set(input.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    // The last sequence has literals only.
    if (at === input.length) break;
    const distance = input[at]! | ((input[at + 1] ?? 0) << 8);
    at += 2;
    const length = longer(token & 15) + MIN_MATCH;
    if (distance === 0 || distance > to) throw new Corrupt('an LZ4 block refers to bytes before its start');
    if (length > out.length - to) throw tooLong();
    if (distance >= length) out.copyWithin(to, to - distance, to - distance + length);
    else for (let i = to; i < to + length; i++) out[i] = out[i - distance]!;
    to += length;
  }
  return to;
}

function checkSize(found: number, wanted: number): void {
  if (found !== wanted) throw new Corrupt(`an LZ4 block has ${found} bytes instead of ${wanted}`);
}

function tooLong(): Corrupt {
  return new Corrupt('an LZ4 block has more bytes than its page');
}
