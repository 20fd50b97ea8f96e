import { createXXHash3 } from 'hash-wasm';

/** Whether eight bytes, little-endian as RNTuple stores them, are the XXH3 hash (64 bits, seed 0) of some others. */
export type ChecksumTest = (bytes: Uint8Array, checksum: Uint8Array) => boolean;

let loading: Promise<ChecksumTest> | undefined;

/** The hash is WebAssembly: it is set up once. */
export function loadChecksumTest(): Promise<ChecksumTest> {
  loading ??= createXXHash3().then((hasher) => (bytes, checksum) => {
    const digest = hasher.init().update(bytes).digest('binary');
    if (checksum.length !== 8) return false;
    // The digest is big-endian.
    for (let i = 0; i < 8; i++) if (digest[i] !== checksum[7 - i]) return false;
    return true;
  });
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}
