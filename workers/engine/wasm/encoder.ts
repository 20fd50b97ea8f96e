/**
 * A WebAssembly module written byte by byte (https://webassembly.github.io/spec/core/binary/): as much of the format as
 * the event loop needs, which is one function with imports.
 */

export const I32 = 0x7f;
export const I64 = 0x7e;
export const F64 = 0x7c;
export const V128 = 0x7b;
export type WasmType = typeof I32 | typeof I64 | typeof F64 | typeof V128;

export interface FunctionType {
  params: WasmType[];
  results: WasmType[];
}

/** A growing run of bytes. */
export class Bytes {
  private data = new Uint8Array(1024);
  length = 0;

  byte(value: number): this {
    if (this.length === this.data.length) this.reserve(1);
    this.data[this.length++] = value;
    return this;
  }

  append(bytes: Uint8Array): this {
    this.reserve(bytes.length);
    this.data.set(bytes, this.length);
    this.length += bytes.length;
    return this;
  }

  private reserve(more: number): void {
    if (this.length + more <= this.data.length) return;
    const grown = new Uint8Array(Math.max(this.data.length * 2, this.length + more));
    grown.set(this.data.subarray(0, this.length));
    this.data = grown;
  }

  /** Unsigned LEB128. */
  u32(value: number): this {
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    return this.byte(rest);
  }

  /** Signed LEB128 of up to 64 bits. */
  signed(value: number | bigint): this {
    let rest = BigInt(value);
    for (;;) {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      const done = (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0);
      this.byte(done ? low : low | 0x80);
      if (done) return this;
    }
  }

  f64(value: number): this {
    return this.append(new Uint8Array(new Float64Array([value]).buffer));
  }

  name(text: string): this {
    const bytes = new TextEncoder().encode(text);
    return this.u32(bytes.length).append(bytes);
  }

  done(): Uint8Array<ArrayBuffer> {
    return this.data.slice(0, this.length);
  }
}

function section(module: Bytes, id: number, fill: (body: Bytes) => void): void {
  const body = new Bytes();
  fill(body);
  module.byte(id).u32(body.length).append(body.done());
}

/** An imported function; its index is its place in the list. */
export interface ImportedFunction {
  module: string;
  name: string;
  type: FunctionType;
}

/**
 * A module with imported functions, an imported memory `env.memory`, and one function, exported as `run`.
 * @param locals types of the locals after the parameters
 */
export function encodeModule(
  imports: readonly ImportedFunction[],
  type: FunctionType,
  locals: readonly WasmType[],
  code: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const module = new Bytes();
  for (const value of [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]) module.byte(value);
  section(module, 1, (body) => {
    body.u32(imports.length + 1);
    for (const { params, results } of [...imports.map((one) => one.type), type]) {
      body.byte(0x60).u32(params.length);
      for (const param of params) body.byte(param);
      body.u32(results.length);
      for (const result of results) body.byte(result);
    }
  });
  section(module, 2, (body) => {
    body.u32(imports.length + 1);
    // A memory with maximum: an import without one would not match one that has it.
    body.name('env').name('memory').byte(2).byte(1).u32(1).u32(65_536);
    for (const [index, { module: from, name }] of imports.entries()) body.name(from).name(name).byte(0).u32(index);
  });
  section(module, 3, (body) => body.u32(1).u32(imports.length));
  section(module, 7, (body) => body.u32(1).name('run').byte(0).u32(imports.length));
  section(module, 10, (body) => {
    const fn = new Bytes();
    const runs: { type: WasmType; count: number }[] = [];
    for (const local of locals) {
      const last = runs[runs.length - 1];
      if (last?.type === local) last.count++;
      else runs.push({ type: local, count: 1 });
    }
    fn.u32(runs.length);
    for (const { type: local, count } of runs) fn.u32(count).byte(local);
    fn.append(code).byte(0x0b);
    body.u32(1).u32(fn.length).append(fn.done());
  });
  return module.done();
}
