/**
 * Watches how much memory code asks for in typed arrays and WebAssembly memories. Must be imported before the code that is
 * watched: that may hold on to the classes.
 */

/** Larger ones are not tried. */
const REFUSED_BYTES = 2 ** 31;

let asked = 0;

function count(bytes: number): void {
  asked += bytes;
  if (bytes > REFUSED_BYTES) throw new RangeError(`Array buffer allocation failed: ${bytes} bytes`);
}

const CLASSES = [
  ['ArrayBuffer', 1],
  ['Int8Array', 1],
  ['Uint8Array', 1],
  ['Uint8ClampedArray', 1],
  ['Int16Array', 2],
  ['Uint16Array', 2],
  ['Int32Array', 4],
  ['Uint32Array', 4],
  ['Float32Array', 4],
  ['Float64Array', 8],
  ['BigInt64Array', 8],
  ['BigUint64Array', 8],
] as const;

for (const [name, bytes] of CLASSES) {
  globalThis[name] = new Proxy(globalThis[name], {
    construct(target, args, self) {
      if (typeof args[0] === 'number' && args[0] > 0) count(args[0] * bytes);
      return Reflect.construct(target, args, self);
    },
  }) as never;
}

const { grow } = WebAssembly.Memory.prototype;
WebAssembly.Memory.prototype.grow = function (pages: number) {
  count(pages * 65_536);
  return grow.call(this, pages);
};

/** Bytes asked for since the last call. */
export function takeAllocated(): number {
  const bytes = asked;
  asked = 0;
  return bytes;
}
