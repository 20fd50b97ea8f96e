import { snappyBound, snappyCompress } from './snappy.ts';
import type { Codec } from './types.ts';

/** @returns the compressed bytes: valid until the next call */
export type Compressor = (body: Uint8Array<ArrayBuffer>) => Uint8Array | Promise<Uint8Array>;

/** Compression of pages, set up for one column. */
export async function compressor(codec: Codec): Promise<Compressor> {
  switch (codec) {
    case 'UNCOMPRESSED':
      return (body) => body;
    case 'SNAPPY': {
      let output = new Uint8Array(0);
      return (body) => {
        if (output.length < snappyBound(body.length)) output = new Uint8Array(snappyBound(body.length));
        return output.subarray(0, snappyCompress(body, output, 0));
      };
    }
    case 'GZIP':
      return async (body) => {
        const stream = new Blob([body]).stream().pipeThrough(new CompressionStream('gzip'));
        return new Uint8Array(await new Response(stream).arrayBuffer());
      };
  }
}
