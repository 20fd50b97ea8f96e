/**
 * Elements of pages put together in WebAssembly, compiled by `scripts/build-elements.mjs` from `assembly/`. A block at a time goes through its
 * memory, so that pages may be as long as they like.
 */
import { ELEMENTS_BASE64, ELEMENTS_HEAP_BASE } from './elements.generated.ts';

type Join = (from: number, stride: number, out: number, count: number) => void;
type Zigzag = (at: number, bytes: number) => void;

interface Exports {
  join16: Join;
  join32: Join;
  join64: Join;
  zigzag16: Zigzag;
  zigzag32: Zigzag;
  zigzag64: Zigzag;
  sums(at: number, count: number, sum: number): number;
  narrow(from: number, out: number, count: number): number;
  spreadBits(from: number, out: number, bytes: number): void;
  unpack(from: number, out: number, count: number, bits: number): void;
  isSet(at: number, bytes: number): number;
}

/** Elements of a block: input and output of eight bytes each stay in a core's cache. */
const BLOCK = 16_384;
const SLACK = 128;
const PAGE = 65_536;
const WIDEST = 8;

export interface ElementKernels {
  /**
   * Elements `[from, to)` of `count` whose bytes stand apart, the first ones of all first, to the start of `out`.
   * @param width bytes of an element: 2, 4 or 8
   */
  join(
    bytes: Uint8Array,
    count: number,
    from: number,
    to: number,
    width: number,
    zigzag: boolean,
    out: Uint8Array,
  ): void;
  /** The same of differences of 32 bits (their bytes stand apart), which are summed up from the first on. @returns the last sum, not cut to 32 bits */
  joinSums(bytes: Uint8Array, count: number, from: number, to: number, out: Uint8Array): number;
  /** The lower halves of `[from, to)` of numbers of 64 bits. @returns whether all upper halves are 0 */
  narrow(bytes: Uint8Array, from: number, to: number, out: Uint8Array): boolean;
  /** Bits `[from, to)`, the lowest of each byte first, as bytes. */
  bits(bytes: Uint8Array, from: number, to: number, out: Uint8Array): void;
  /** `[from, to)` of integers of `bits` bits, packed without gaps, as 32 bits each. */
  unpack(bytes: Uint8Array, from: number, to: number, bits: number, out: Uint8Array): void;
  /** Whether all bytes from `from` on are 0. */
  isZero(bytes: Uint8Array, from: number): boolean;
}

let loading: Promise<ElementKernels> | undefined;

/** Compiled once a thread. */
export function loadElementKernels(): Promise<ElementKernels> {
  loading ??= instantiate();
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}

async function instantiate(): Promise<ElementKernels> {
  const input = (ELEMENTS_HEAP_BASE + 15) & ~15;
  const output = input + WIDEST * BLOCK + SLACK;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((output + WIDEST * BLOCK + SLACK) / PAGE) });
  const wasm = Uint8Array.from(atob(ELEMENTS_BASE64), (c) => c.charCodeAt(0));
  const { instance } = await WebAssembly.instantiate(wasm, { env: { memory } });
  const kernels = instance.exports as unknown as Exports;
  const heap = new Uint8Array(memory.buffer);
  const joins = { 2: kernels.join16, 4: kernels.join32, 8: kernels.join64 } as Record<number, Join>;
  const zigzags = { 2: kernels.zigzag16, 4: kernels.zigzag32, 8: kernels.zigzag64 } as Record<number, Zigzag>;

  /** Puts the planes of elements `[begin, begin + length)` side by side, and joins them. */
  const joinBlock = (bytes: Uint8Array, count: number, begin: number, length: number, width: number) => {
    for (let plane = 0; plane < width; plane++)
      heap.set(bytes.subarray(plane * count + begin, plane * count + begin + length), input + plane * BLOCK);
    joins[width]!(input, BLOCK, output, length);
  };
  const block = (begin: number, end: number, step = BLOCK) => Math.min(step, end - begin);

  return {
    join(bytes, count, from, to, width, zigzag, out) {
      for (let begin = from; begin < to; begin += BLOCK) {
        const length = block(begin, to);
        joinBlock(bytes, count, begin, length, width);
        if (zigzag) zigzags[width]!(output, length * width);
        out.set(heap.subarray(output, output + length * width), (begin - from) * width);
      }
    },
    joinSums(bytes, count, from, to, out) {
      let sum = 0;
      for (let begin = 0; begin < to; begin += BLOCK) {
        const length = block(begin, to);
        joinBlock(bytes, count, begin, length, 4);
        sum = kernels.sums(output, length, sum);
        const skip = Math.max(0, from - begin);
        if (skip < length) out.set(heap.subarray(output + 4 * skip, output + 4 * length), 4 * (begin + skip - from));
      }
      return sum;
    },
    narrow(bytes, from, to, out) {
      let upper = 0;
      for (let begin = from; begin < to; begin += BLOCK) {
        const length = block(begin, to);
        heap.set(bytes.subarray(8 * begin, 8 * (begin + length)), input);
        upper |= kernels.narrow(input, output, length);
        out.set(heap.subarray(output, output + 4 * length), 4 * (begin - from));
      }
      return upper === 0;
    },
    bits(bytes, from, to, out) {
      const step = WIDEST * BLOCK;
      for (let begin = from - (from % 8); begin < to; begin += step) {
        const end = begin + block(begin, to, step);
        const packed = bytes.subarray(begin / 8, Math.ceil(end / 8));
        heap.set(packed, input);
        kernels.spreadBits(input, output, packed.length);
        const skip = Math.max(0, from - begin);
        out.set(heap.subarray(output + skip, output + end - begin), begin + skip - from);
      }
    },
    unpack(bytes, from, to, bits, out) {
      // Eight of them begin with a byte.
      for (let begin = from - (from % 8); begin < to; begin += BLOCK) {
        const length = block(begin, to);
        heap.set(bytes.subarray((begin / 8) * bits, Math.ceil(((begin + length) * bits) / 8)), input);
        kernels.unpack(input, output, length, bits);
        const skip = Math.max(0, from - begin);
        out.set(heap.subarray(output + 4 * skip, output + 4 * length), 4 * (begin + skip - from));
      }
    },
    isZero(bytes, from) {
      const step = WIDEST * BLOCK;
      for (let begin = from; begin < bytes.length; begin += step) {
        const length = block(begin, bytes.length, step);
        heap.set(bytes.subarray(begin, begin + length), input);
        heap.fill(0, input + length, input + length + 16);
        if (kernels.isSet(input, length)) return false;
      }
      return true;
    },
  };
}
