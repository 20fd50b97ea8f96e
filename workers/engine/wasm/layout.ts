import type { Type } from '../../../core/expr/typedForm.ts';
import { type Code, F64, I32, I64, type Local, type WasmType } from './code.ts';

/**
 * How a value lies in locals and in memory. A value is a row of slots:
 * bool, string (an interned number) and item (its index within the event): one i32; int, uint: i64; float: f64; vector: four f64; tuple: the
 * slots of its parts one after the other; union: an i32 that tells the part, then slots that its parts share.
 */
export function slotsOf(type: Type): WasmType[] {
  switch (type.kind) {
    case 'bool':
    case 'string':
    case 'item':
      return [I32];
    case 'int':
    case 'uint':
      return [I64];
    case 'float':
      return [F64];
    case 'vector':
      return [F64, F64, F64, F64];
    case 'tuple':
      return type.parts.flatMap(slotsOf);
    case 'union':
      return [I32, ...unionSlots(type)];
  }
}

type Union = Extract<Type, { kind: 'union' }>;

/** The shared slots of a union: as many of each type as the part that has most of it. */
function unionSlots(type: Union): WasmType[] {
  return [I32, I64, F64].flatMap((wasm) => {
    const counts = type.parts.map((part) => slotsOf(part).filter((slot) => slot === wasm).length);
    return Array<WasmType>(Math.max(...counts)).fill(wasm as WasmType);
  });
}

/** For part `k` of a union: which of the union's slots (the tag is 0) hold the part's slots. */
export function unionPlaces(type: Union, k: number): number[] {
  const shared = unionSlots(type);
  const taken = new Set<number>();
  return slotsOf(type.parts[k]).map((wasm) => {
    const place = shared.findIndex((slot, at) => slot === wasm && !taken.has(at));
    taken.add(place);
    return place + 1;
  });
}

/** A value in locals. */
export interface Held {
  slots: Local[];
  /** 1 where the value is there; undefined where it always is. A missing bool's slot is 0, other slots then hold anything. */
  valid?: Local;
  /** Of a union: the part, where it is known while generating. */
  part?: number;
}

/** Where the slots of a row lie in memory. */
export interface RowLayout {
  types: WasmType[];
  places: number[];
  /** Of the `valid` flag, where items may be missing. */
  validAt?: number;
  size: number;
}

export function rowLayout(type: Type, optional: boolean): RowLayout {
  const types = slotsOf(type);
  let size = 0;
  const places = types.map((wasm) => {
    const bytes = wasm === I32 ? 4 : 8;
    size = Math.ceil(size / bytes) * bytes;
    size += bytes;
    return size - bytes;
  });
  const validAt = optional ? size : undefined;
  if (optional) size += 4;
  const align = types.some((wasm) => wasm !== I32) ? 8 : 4;
  return { types, places, validAt, size: Math.max(align, Math.ceil(size / align) * align) };
}

const storeOf = (wasm: WasmType) => (wasm === I32 ? 'i32.store' : wasm === I64 ? 'i64.store' : 'f64.store');
const loadOf = (wasm: WasmType) => (wasm === I32 ? 'i32.load' : wasm === I64 ? 'i64.load' : 'f64.load');

/** Writes a value as a row at the address in `at`. */
export function storeRow(code: Code, layout: RowLayout, at: Local, value: Held): void {
  for (const [k, wasm] of layout.types.entries()) code.get(at).get(value.slots[k]).mem(storeOf(wasm), layout.places[k]);
  if (layout.validAt === undefined) return;
  code.get(at);
  if (value.valid) code.get(value.valid);
  else code.i32(1);
  code.mem('i32.store', layout.validAt);
}

/** Reads a row at the address in `at`. */
export function loadRow(code: Code, layout: RowLayout, at: Local): Held {
  const slots = layout.types.map((wasm, k) => code.get(at).mem(loadOf(wasm), layout.places[k]).hold(wasm));
  if (layout.validAt === undefined) return { slots };
  return { slots, valid: code.get(at).mem('i32.load', layout.validAt).hold(I32) };
}
