/**
 * Decompressors of ROOT's records, and byte order, over blocks of one memory that the host lays out. All are bounded: they read and write within
 * their blocks and the slack after them, and return where they stopped, or a negative number for damaged bytes.
 */
export { inflate } from './inflate';
export { adler32, xxh64 } from './checksums';
export { lz4 } from './lz4';
export { lzma2 } from './lzma';
export { places, swap } from './bigEndian';
export { zstd } from './zstd';

/** First free byte after the tables. */
export const heapBase: usize = __heap_base;
