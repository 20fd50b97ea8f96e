/**
 * The one libm that every engine calls, so that all browsers and Node give the same bits.
 *
 * ```ts
 * const memory = new WebAssembly.Memory({ initial: 1 });
 * const libm = await instantiateLibm(memory);
 * libm.exp(1); // 2.718281828459045
 * ```
 *
 * The module keeps its tables in `[0, LIBM_HEAP_BASE)` of the memory that it is given; the rest is the
 * caller's. Built by `scripts/build-libm.mjs` from `assembly/`.
 */
import { LIBM_BASE64, LIBM_HEAP_BASE } from './libm.generated.ts';

export { LIBM_HEAP_BASE };

type Unary = (x: number) => number;
type Binary = (x: number, y: number) => number;

/** The module's exports: callable from here, and linkable into another module as they are. */
export interface Libm {
  exp: Unary;
  log: Unary;
  log10: Unary;
  sin: Unary;
  cos: Unary;
  tan: Unary;
  asin: Unary;
  acos: Unary;
  atan: Unary;
  sinh: Unary;
  cosh: Unary;
  tanh: Unary;
  asinh: Unary;
  /** `atan2(y, x)`. */
  atan2: Binary;
  hypot: Binary;
  pow: Binary;
  /** Python's `a % b` on floats; b must not be 0. */
  mod: Binary;
  /** Python's `a // b` on floats; b must not be 0. */
  floordiv: Binary;
  /**
   * Four-vector of pt, eta, phi, m: stores px, py, pz, E as float64 at byte `out`. The same bits as op
   * `vector` of the typed form, composed of the functions above.
   */
  polar(pt: number, eta: number, phi: number, m: number, out: number): void;
}

/** The module's bytes. It imports `env.memory` only. */
export const LIBM_WASM: Uint8Array<ArrayBuffer> = Uint8Array.from(atob(LIBM_BASE64), (c) => c.charCodeAt(0));

let compiled: Promise<WebAssembly.Module> | undefined;

/**
 * An instance over `memory`, whose first `LIBM_HEAP_BASE` bytes it writes. Compiles once a thread, and
 * asynchronously, as main threads of browsers demand.
 */
export async function instantiateLibm(memory: WebAssembly.Memory): Promise<Libm> {
  compiled ??= WebAssembly.compile(LIBM_WASM);
  const instance = await WebAssembly.instantiate(await compiled, { env: { memory } });
  return instance.exports as unknown as Libm;
}
