import {
  Bytes,
  encodeModule,
  F64,
  type FunctionType,
  I32,
  I64,
  type ImportedFunction,
  V128,
  type WasmType,
} from './encoder.ts';

/** A local variable of the function. */
export interface Local {
  index: number;
  type: WasmType;
}

/** Where a branch goes. */
export interface Label {
  depth: number;
}

/** Instructions without immediates, by their names in the specification. */
const OPS = {
  'i32.eqz': 0x45,
  'i32.eq': 0x46,
  'i32.ne': 0x47,
  'i32.lt_s': 0x48,
  'i32.lt_u': 0x49,
  'i32.gt_s': 0x4a,
  'i32.gt_u': 0x4b,
  'i32.le_s': 0x4c,
  'i32.le_u': 0x4d,
  'i32.ge_s': 0x4e,
  'i32.ge_u': 0x4f,
  'i64.eqz': 0x50,
  'i64.eq': 0x51,
  'i64.ne': 0x52,
  'i64.lt_s': 0x53,
  'i64.lt_u': 0x54,
  'i64.gt_s': 0x55,
  'i64.gt_u': 0x56,
  'i64.le_s': 0x57,
  'i64.le_u': 0x58,
  'i64.ge_s': 0x59,
  'i64.ge_u': 0x5a,
  'f64.eq': 0x61,
  'f64.ne': 0x62,
  'f64.lt': 0x63,
  'f64.gt': 0x64,
  'f64.le': 0x65,
  'f64.ge': 0x66,
  'i32.add': 0x6a,
  'i32.sub': 0x6b,
  'i32.mul': 0x6c,
  'i32.and': 0x71,
  'i32.or': 0x72,
  'i32.xor': 0x73,
  'i32.shl': 0x74,
  'i32.shr_u': 0x76,
  'i64.add': 0x7c,
  'i64.sub': 0x7d,
  'i64.mul': 0x7e,
  'i64.div_s': 0x7f,
  'i64.div_u': 0x80,
  'i64.rem_s': 0x81,
  'i64.and': 0x83,
  'i64.or': 0x84,
  'i64.xor': 0x85,
  'i64.shl': 0x86,
  'i64.shr_s': 0x87,
  'f64.abs': 0x99,
  'f64.neg': 0x9a,
  'f64.ceil': 0x9b,
  'f64.floor': 0x9c,
  'f64.nearest': 0x9e,
  'f64.sqrt': 0x9f,
  'f64.add': 0xa0,
  'f64.sub': 0xa1,
  'f64.mul': 0xa2,
  'f64.div': 0xa3,
  'i32.wrap_i64': 0xa7,
  'i64.extend_i32_s': 0xac,
  'i64.extend_i32_u': 0xad,
  'f64.convert_i32_s': 0xb7,
  'f64.convert_i32_u': 0xb8,
  'f64.convert_i64_s': 0xb9,
  'f64.convert_i64_u': 0xba,
  'f64.promote_f32': 0xbb,
  'i64.reinterpret_f64': 0xbd,
  select: 0x1b,
  drop: 0x1a,
  unreachable: 0x00,
} as const;

const LOADS = {
  'i32.load': 0x28,
  'i64.load': 0x29,
  'f32.load': 0x2a,
  'f64.load': 0x2b,
  'i32.load8_s': 0x2c,
  'i32.load8_u': 0x2d,
  'i32.load16_s': 0x2e,
  'i32.load16_u': 0x2f,
  'i64.load8_s': 0x30,
  'i64.load8_u': 0x31,
  'i64.load16_s': 0x32,
  'i64.load16_u': 0x33,
  'i64.load32_s': 0x34,
  'i64.load32_u': 0x35,
  'i32.store': 0x36,
  'i64.store': 0x37,
  'f64.store': 0x39,
} as const;

/** SIMD, after the prefix 0xfd. */
const SIMD = {
  'f64x2.splat': 0x14,
  'f64x2.lt': 0x49,
  'v128.and': 0x4e,
  'f64x2.promote_low_f32x4': 0x5f,
  'i64x2.all_true': 0xc3,
  'f64x2.abs': 0xec,
  'f64x2.add': 0xf0,
  'f64x2.sub': 0xf1,
  'f64x2.mul': 0xf2,
  'f64x2.pmin': 0xf6,
  'f64x2.pmax': 0xf7,
} as const;

export type Op = keyof typeof OPS;
export type MemoryOp = keyof typeof LOADS;

/** Writes the body of the one function: instructions, structured control, locals, calls of imports. */
export class Code {
  private bytes = new Bytes();
  private readonly locals: WasmType[] = [];
  private readonly free = new Map<WasmType, Local[]>();
  /** Locals taken within `recycled`. */
  private taken: Local[] | undefined;
  private readonly imports: ImportedFunction[] = [];
  private readonly type: FunctionType;
  private depth = 0;

  constructor(type: FunctionType) {
    this.type = type;
  }

  /** A local for good: one that `recycled` never hands out again. */
  lasting(type: WasmType): Local {
    this.locals.push(type);
    return { index: this.type.params.length + this.locals.length - 1, type };
  }

  /** A local with an arbitrary value. */
  local(type: WasmType): Local {
    const local = this.free.get(type)?.pop() ?? this.lasting(type);
    this.taken?.push(local);
    return local;
  }

  /**
   * Runs `write`; the locals that it took are free afterwards. Browsers allow 50,000 locals a function, which hundreds of
   * histograms would pass.
   */
  recycled(write: () => void): void {
    this.taken = [];
    write();
    for (const local of this.taken) {
      const free = this.free.get(local.type);
      if (free) free.push(local);
      else this.free.set(local.type, [local]);
    }
    this.taken = undefined;
  }

  param(index: number): Local {
    return { index, type: this.type.params[index] };
  }

  op(name: Op): this {
    this.bytes.byte(OPS[name]);
    return this;
  }

  /** A load or store at the address on the stack plus `offset`. */
  mem(name: MemoryOp, offset = 0): this {
    this.bytes.byte(LOADS[name]).u32(0).u32(offset);
    return this;
  }

  simd(name: keyof typeof SIMD): this {
    this.bytes.byte(0xfd).u32(SIMD[name]);
    return this;
  }

  v128Load(offset = 0): this {
    this.bytes.byte(0xfd).u32(0x00).u32(0).u32(offset);
    return this;
  }

  /** Eight bytes, the rest zero. */
  v128Load64(offset = 0): this {
    this.bytes.byte(0xfd).u32(0x5d).u32(0).u32(offset);
    return this;
  }

  /** Of two vectors a and b: a's and b's f64 `lane`, side by side. */
  shuffleLanes(lane: number): this {
    this.bytes.byte(0xfd).u32(0x0d);
    for (let k = 0; k < 16; k++) this.bytes.byte((k < 8 ? k : k + 8) + 8 * lane);
    return this;
  }

  extractLaneI32(lane: number): this {
    this.bytes.byte(0xfd).u32(0x1b).byte(lane);
    return this;
  }

  v128Store(offset = 0): this {
    this.bytes.byte(0xfd).u32(0x0b).u32(0).u32(offset);
    return this;
  }

  /** Replaces one lane of a `f64x2`. */
  replaceLane(lane: 0 | 1): this {
    this.bytes.byte(0xfd).u32(0x22).byte(lane);
    return this;
  }

  /** Saturating conversion, signed: NaN gives 0. */
  truncI32(): this {
    this.bytes.byte(0xfc).u32(2);
    return this;
  }

  i32(value: number): this {
    this.bytes.byte(0x41).signed(value | 0);
    return this;
  }

  i64(value: bigint): this {
    this.bytes.byte(0x42).signed(BigInt.asIntN(64, value));
    return this;
  }

  f64(value: number): this {
    this.bytes.byte(0x44).f64(value);
    return this;
  }

  get(local: Local): this {
    this.bytes.byte(0x20).u32(local.index);
    return this;
  }

  set(local: Local): this {
    this.bytes.byte(0x21).u32(local.index);
    return this;
  }

  tee(local: Local): this {
    this.bytes.byte(0x22).u32(local.index);
    return this;
  }

  /** Sets a new local to what is on the stack. */
  hold(type: WasmType): Local {
    const local = this.local(type);
    this.set(local);
    return local;
  }

  copyBytes(): this {
    this.bytes.byte(0xfc).u32(10).byte(0).byte(0);
    return this;
  }

  zeroOf(type: WasmType): this {
    if (type === I32) return this.i32(0);
    if (type === I64) return this.i64(0n);
    if (type === F64) return this.f64(0);
    throw new TypeError('no zero of this type');
  }

  block(body: (end: Label) => void): this {
    return this.nested(0x02, body);
  }

  /** `body` gets the label of the loop's start. */
  loop(body: (start: Label) => void): this {
    return this.nested(0x03, body);
  }

  /** Takes an i32 off the stack. */
  if(then: () => void, otherwise?: () => void): this {
    this.bytes.byte(0x04).byte(0x40);
    this.depth++;
    then();
    if (otherwise) {
      this.bytes.byte(0x05);
      otherwise();
    }
    this.depth--;
    this.bytes.byte(0x0b);
    return this;
  }

  private nested(opcode: number, body: (label: Label) => void): this {
    this.bytes.byte(opcode).byte(0x40);
    this.depth++;
    body({ depth: this.depth });
    this.depth--;
    this.bytes.byte(0x0b);
    return this;
  }

  br(label: Label): this {
    this.bytes.byte(0x0c).u32(this.depth - label.depth);
    return this;
  }

  brIf(label: Label): this {
    this.bytes.byte(0x0d).u32(this.depth - label.depth);
    return this;
  }

  /** Calls an imported function. */
  call(module: string, name: string, params: WasmType[], results: WasmType[]): this {
    let index = this.imports.findIndex((one) => one.module === module && one.name === name);
    if (index < 0) index = this.imports.push({ module, name, type: { params, results } }) - 1;
    this.bytes.byte(0x10).u32(index);
    return this;
  }

  /** What `write` emits, for `append`: where something has to stand before it that is known only afterwards. */
  capture(write: () => void): Uint8Array {
    const before = this.bytes;
    this.bytes = new Bytes();
    write();
    const captured = this.bytes.done();
    this.bytes = before;
    return captured;
  }

  append(captured: Uint8Array): void {
    this.bytes.append(captured);
  }

  /** Puts what `write` emits before everything so far. */
  prepend(write: () => void): void {
    const body = this.bytes;
    this.bytes = new Bytes();
    write();
    this.bytes.append(body.done());
  }

  module(): Uint8Array<ArrayBuffer> {
    return encodeModule(this.imports, this.type, this.locals, this.bytes.done());
  }
}

export { F64, I32, I64, V128, type WasmType };
