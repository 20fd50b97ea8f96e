/** Hashes the file that it is sent, in slices; answers `{ read }` now and then, and `{ sha256 }` or `{ error }`. */
import { Sha256 } from './sha256.ts';

const SLICE = 4 << 20;

self.onmessage = async ({ data: file }: MessageEvent<Blob>) => {
  try {
    const hash = new Sha256();
    for (let at = 0; at < file.size; at += SLICE) {
      hash.update(new Uint8Array(await file.slice(at, at + SLICE).arrayBuffer()));
      self.postMessage({ read: at });
    }
    self.postMessage({ sha256: hash.digest() });
  } catch (error) {
    self.postMessage({ error: error instanceof Error ? error.message : String(error) });
  }
};
