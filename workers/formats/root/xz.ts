/**
 * The `.xz` container, as far as ROOT's writers use it: one stream, one block, LZMA2 without other filters.
 * @see https://github.com/tukaani-project/xz/blob/master/doc/xz-file-format.txt
 */
import { Corrupt } from '../errors.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { crc32 } from '../parquet/crc32.ts';

const STREAM_HEADER_BYTES = 12;
const MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0];
const LZMA2 = 0x21;
const CHECK_CRC32 = 1;
/** Of a block's header: how many filters come before LZMA2, and which sizes are told. */
const OTHER_FILTERS = 3;
const PACKED_SIZE = 0x40;
const UNPACKED_SIZE = 0x80;

/** @returns `size` bytes in the kernels' memory @throws Corrupt */
export function unpackXz(kernels: Kernels, input: Uint8Array, size: number): Uint8Array {
  if (input.length < STREAM_HEADER_BYTES + 4 || MAGIC.some((byte, i) => input[i] !== byte))
    throw new Corrupt('an LZMA record is no xz stream');
  const check = input[7]! & 15;
  const headerBytes = (input[STREAM_HEADER_BYTES]! + 1) * 4;
  const header = input.subarray(STREAM_HEADER_BYTES, STREAM_HEADER_BYTES + headerBytes);
  const flags = header[1]!;
  let at = 2;
  if (flags & PACKED_SIZE) at += varintBytes(header, at);
  if (flags & UNPACKED_SIZE) at += varintBytes(header, at);
  if (flags & OTHER_FILTERS || header[at] !== LZMA2) throw new Corrupt('an xz stream uses a filter besides LZMA2');
  const packed = input.subarray(STREAM_HEADER_BYTES + headerBytes);
  const { bytes, taken } = kernels.lzma2(packed, size);
  if (check === CHECK_CRC32) {
    // Blocks are filled up to four bytes before their checksum.
    const place = (taken + 3) & ~3;
    if (place + 4 > packed.length) throw new Corrupt('an xz stream is cut short');
    const stored = new DataView(packed.buffer, packed.byteOffset + place, 4).getUint32(0, true);
    if (crc32(bytes) >>> 0 !== stored) throw new Corrupt('the checksum of an xz stream is not that of its bytes');
  }
  return bytes;
}

function varintBytes(bytes: Uint8Array, at: number): number {
  let count = 1;
  while ((bytes[at + count - 1] ?? 0) >= 128) count++;
  return count;
}
