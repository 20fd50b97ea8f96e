/**
 * Snappy's compression: greedy matches of four bytes or more, found by a table of hashes, within blocks of 64 KiB.
 * @see https://github.com/google/snappy/blob/main/format_description.txt
 */

const BLOCK = 1 << 16;
const HASH_BITS = 14;
/** Near the end of a block nothing is looked for: reads of four bytes stay inside. */
const MARGIN = 15;

const table = new Uint16Array(1 << HASH_BITS);

/** Bytes that the compressed form of so many takes at most. */
export function snappyBound(length: number): number {
  return 32 + length + Math.ceil(length / 6);
}

/** Compresses `input` into `output` from `at` on, which has room for `snappyBound` bytes. @returns where it ends */
export function snappyCompress(input: Uint8Array, output: Uint8Array, at: number): number {
  let out = at;
  let rest = input.length;
  while (rest >= 128) {
    output[out++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  output[out++] = rest;
  const words = new DataView(input.buffer, input.byteOffset, input.byteLength);
  for (let begin = 0; begin < input.length; begin += BLOCK)
    out = compressBlock(input, words, begin, Math.min(input.length, begin + BLOCK), output, out);
  return out;
}

function compressBlock(
  input: Uint8Array,
  words: DataView,
  begin: number,
  end: number,
  output: Uint8Array,
  at: number,
): number {
  let out = at;
  let emitted = begin;
  if (end - begin > MARGIN) {
    table.fill(0);
    const limit = end - MARGIN;
    let position = begin + 1;
    // After many misses the search takes longer steps: what does not compress costs little.
    let misses = 32;
    while (position < limit) {
      const word = words.getInt32(position, true);
      const slot = Math.imul(word, 0x1e35a7bd) >>> (32 - HASH_BITS);
      const candidate = begin + table[slot]!;
      table[slot] = position - begin;
      if (words.getInt32(candidate, true) !== word || candidate >= position) {
        position += misses++ >>> 5;
        continue;
      }
      misses = 32;
      let length = 4;
      while (position + length < end && input[candidate + length] === input[position + length]) length++;
      if (position > emitted) out = literal(input, emitted, position, output, out);
      out = copy(position - candidate, length, output, out);
      position += length;
      emitted = position;
      if (position < limit) table[hash(words, position - 1)] = position - 1 - begin;
    }
  }
  return emitted < end ? literal(input, emitted, end, output, out) : out;
}

function hash(words: DataView, at: number): number {
  return Math.imul(words.getInt32(at, true), 0x1e35a7bd) >>> (32 - HASH_BITS);
}

function literal(input: Uint8Array, from: number, to: number, output: Uint8Array, at: number): number {
  let out = at;
  const count = to - from - 1;
  if (count < 60) output[out++] = count << 2;
  else if (count < 256) {
    output[out++] = 60 << 2;
    output[out++] = count;
  } else {
    output[out++] = 61 << 2;
    output[out++] = count;
    output[out++] = count >>> 8;
  }
  if (to - from > 32) {
    output.set(input.subarray(from, to), out);
    return out + to - from;
  }
  for (let i = from; i < to; i++) output[out++] = input[i]!;
  return out;
}

function copy(offset: number, length: number, output: Uint8Array, at: number): number {
  let out = at;
  let rest = length;
  while (rest > 0) {
    // The last piece has four bytes at least.
    const piece = rest >= 68 ? 64 : rest > 64 ? 60 : rest;
    rest -= piece;
    if (piece < 12 && offset < 2048) {
      output[out++] = 1 | ((piece - 4) << 2) | ((offset >>> 8) << 5);
      output[out++] = offset;
    } else {
      output[out++] = 2 | ((piece - 1) << 2);
      output[out++] = offset;
      output[out++] = offset >>> 8;
    }
  }
  return out;
}
