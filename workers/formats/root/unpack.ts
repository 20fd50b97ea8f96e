/**
 * ROOT's compressed records: how objects, baskets, headers and pages are packed, in TTree files and RNTuple files alike.
 *
 * ```ts
 * const bytes = await unpack(packed, objectBytes); // what follows the key's header
 * ```
 *
 * Records follow one another, each of at most 16 MiB unpacked: a method (`ZL`, `XZ`, `L4`, `ZS`, of old files `CS`), its version, and the
 * packed and unpacked sizes in three bytes each, the lowest first. What is as long as it shall be was not packed.
 * @see https://github.com/root-project/root/blob/master/core/zip/src/RZip.cxx
 */
import { Corrupt } from '../errors.ts';
import { type Kernels, loadKernels } from '../kernels/kernels.ts';
import { unpackXz } from './xz.ts';

const HEADER_BYTES = 9;
/** Of a zlib stream. */
const ZLIB_HEADER_BYTES = 2;
const ADLER_BYTES = 4;
/** Before an LZ4 block comes its hash, XXH64. */
const HASH_BYTES = 8;

/** Each gives exactly `size` bytes, in the kernels' memory, or throws. */
const METHODS: Record<string, (kernels: Kernels, input: Uint8Array, size: number) => Uint8Array> = {
  ZL: unpackZlib,
  CS: (kernels, input, size) => kernels.inflate(input, size),
  XZ: unpackXz,
  L4: unpackLz4,
  ZS: (kernels, input, size) => kernels.zstd(input, size),
};

/**
 * What `packed` was before ROOT packed it; `packed` itself where it was not.
 * @param size bytes when unpacked
 * @throws Corrupt
 */
export async function unpack(packed: Uint8Array, size: number): Promise<Uint8Array> {
  if (packed.length === size) return packed;
  const bytes = unpackLent(await loadKernels(), packed, size);
  return bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice();
}

/** The same at once, for who is done with it before the kernels unpack anything else: what it gives may lie in their memory. */
export function unpackLent(kernels: Kernels, packed: Uint8Array, size: number): Uint8Array {
  if (packed.length === size) return packed;
  const records = recordsOf(packed, size);
  const one = ({ method, from, to, length }: PackedRecord) =>
    METHODS[method]!(kernels, packed.subarray(from, to), length);
  if (records.length === 1) return one(records[0]!);
  const out = new Uint8Array(size);
  let done = 0;
  for (const record of records) {
    out.set(one(record), done);
    done += record.length;
  }
  return out;
}

interface PackedRecord {
  method: string;
  /** Place of the packed bytes. */
  from: number;
  to: number;
  /** Bytes when unpacked. */
  length: number;
}

/** Nothing is made before all headers add up to what they should. */
function recordsOf(packed: Uint8Array, size: number): PackedRecord[] {
  const records: PackedRecord[] = [];
  let total = 0;
  for (let at = 0; total < size; ) {
    if (at + HEADER_BYTES > packed.length) throw new Corrupt(`records hold ${total} bytes instead of ${size}`);
    const method = String.fromCharCode(packed[at]!, packed[at + 1]!);
    if (!Object.hasOwn(METHODS, method)) throw new Corrupt('a record is packed in no way that ROOT knows');
    const from = at + HEADER_BYTES;
    const to = from + threeBytes(packed, at + 3);
    const length = threeBytes(packed, at + 6);
    if (to > packed.length) throw new Corrupt('a packed record is cut short');
    if (length === 0) throw new Corrupt('a packed record is empty');
    records.push({ method, from, to, length });
    total += length;
    at = to;
  }
  if (total !== size) throw new Corrupt(`records hold ${total} bytes instead of ${size}`);
  return records;
}

function threeBytes(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
}

function unpackZlib(kernels: Kernels, input: Uint8Array, size: number): Uint8Array {
  const end = input.length - ADLER_BYTES;
  if (end < ZLIB_HEADER_BYTES) throw new Corrupt('a zlib stream is cut short');
  const bytes = kernels.inflate(input.subarray(ZLIB_HEADER_BYTES, end), size);
  if (kernels.adler32() !== viewOf(input).getUint32(end))
    throw new Corrupt('the checksum of a zlib stream is not that of its bytes');
  return bytes;
}

function unpackLz4(kernels: Kernels, input: Uint8Array, size: number): Uint8Array {
  if (input.length < HASH_BYTES) throw new Corrupt('an LZ4 block is cut short');
  const block = input.subarray(HASH_BYTES);
  if (kernels.xxh64(block) !== viewOf(input).getBigUint64(0))
    throw new Corrupt('the checksum of an LZ4 block is not that of its bytes');
  return kernels.lz4(block, size);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
