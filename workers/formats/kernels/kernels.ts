/**
 * Decompressors and byte order in WebAssembly, compiled by `scripts/build-kernels.mjs` from `assembly/`: fast ones, that stay within their bounds whatever they
 * are given. One instance a thread; what it unpacks lies in its own memory until the next call, which callers therefore copy it from.
 */
import { Corrupt } from '../errors.ts';
import { KERNELS_BASE64, KERNELS_HEAP_BASE } from './kernels.generated.ts';

type Decoder = (from: number, length: number, out: number, size: number) => number;

interface Exports {
  inflate: Decoder;
  lz4: Decoder;
  zstd: Decoder;
  /** Returns the bytes that it took. */
  lzma2: Decoder;
  adler32(from: number, length: number): number;
  xxh64(from: number, length: number): bigint;
  swap(from: number, length: number, width: number): void;
  places(from: number, count: number, base: number, most: number): number;
}

/** Bytes that decoders may read or write past the end of a block. */
const INPUT_SLACK = 32;
const OUTPUT_SLACK = 320;
const PAGE = 65_536;
/** Taken at a time: they stay in the processor's cache. */
const SWAP_BYTES = 131_072;

export interface Kernels {
  /** A bare deflate stream. @throws Corrupt as the others where it does not give `size` bytes */
  inflate(input: Uint8Array, size: number): Uint8Array;
  /** An LZ4 block. */
  lz4(input: Uint8Array, size: number): Uint8Array;
  /** Zstandard frames. */
  zstd(input: Uint8Array, size: number): Uint8Array;
  /** An LZMA2 stream, and how many bytes of the input it takes. */
  lzma2(input: Uint8Array, size: number): { bytes: Uint8Array; taken: number };
  /** Adler-32 of what was unpacked last. */
  adler32(): number;
  /** XXH64 of any bytes. */
  xxh64(input: Uint8Array): bigint;
  /** Writes big-endian numbers of 2, 4 or 8 bytes as this machine holds them. `out` is as long as `input`. */
  swap(input: Uint8Array, width: number, out: Uint8Array): void;
  /** Big-endian places of four bytes, less `base`, as they lie in the kernels' memory. @throws Corrupt where one goes back, or past `most` */
  places(input: Uint8Array, base: number, most: number): Uint32Array;
}

let loading: Promise<Kernels> | undefined;

/** Compiled once a thread, and asynchronously, as main threads of browsers demand. */
export function loadKernels(): Promise<Kernels> {
  loading ??= instantiate();
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}

async function instantiate(): Promise<Kernels> {
  const memory = new WebAssembly.Memory({ initial: 16 });
  const wasm = Uint8Array.from(atob(KERNELS_BASE64), (c) => c.charCodeAt(0));
  const { instance } = await WebAssembly.instantiate(wasm, { env: { memory } });
  const kernels = instance.exports as unknown as Exports;
  const from = align(KERNELS_HEAP_BASE);
  let heap = new Uint8Array(memory.buffer);
  let out = from;
  let unpacked = 0;

  const take = (input: Uint8Array, size: number): void => {
    out = align(from + input.length + INPUT_SLACK);
    const end = out + size + OUTPUT_SLACK;
    if (end > heap.length) {
      memory.grow(Math.ceil((end - heap.length) / PAGE));
      heap = new Uint8Array(memory.buffer);
    }
    heap.set(input, from);
    unpacked = size;
  };
  const decode = (name: string, decoder: Decoder, input: Uint8Array, size: number): Uint8Array => {
    take(input, size);
    if (decoder(from, input.length, out, size) !== size) throw new Corrupt(`${name} does not unpack to ${size} bytes`);
    return heap.subarray(out, out + size);
  };
  return {
    inflate: (input, size) => decode('a deflate stream', kernels.inflate, input, size),
    lz4: (input, size) => decode('an LZ4 block', kernels.lz4, input, size),
    zstd: (input, size) => decode('a Zstandard frame', kernels.zstd, input, size),
    lzma2(input, size) {
      take(input, size);
      const taken = kernels.lzma2(from, input.length, out, size);
      if (taken < 0) throw new Corrupt(`an LZMA2 stream does not unpack to ${size} bytes`);
      return { bytes: heap.subarray(out, out + size), taken };
    },
    adler32: () => kernels.adler32(out, unpacked) >>> 0,
    xxh64(input) {
      take(input, 0);
      return BigInt.asUintN(64, kernels.xxh64(from, input.length));
    },
    swap(input, width, out) {
      for (let at = 0; at < input.length; at += SWAP_BYTES) {
        const block = input.subarray(at, at + SWAP_BYTES);
        take(block, 0);
        kernels.swap(from, block.length, width);
        out.set(heap.subarray(from, from + block.length), at);
      }
    },
    places(input, base, most) {
      take(input, 0);
      if (!kernels.places(from, input.length / 4, base, most)) throw new Corrupt('its table of entries does not fit');
      return new Uint32Array(memory.buffer, from, input.length / 4);
    },
  };
}

function align(place: number): number {
  return (place + 15) & ~15;
}
