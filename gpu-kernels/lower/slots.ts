import type { Type } from '../../core/expr/typedForm.ts';
import type { WgslType } from './code.ts';

/**
 * How a slot's value is known.
 *
 * - `bool`; `word`: a string's code, an item's index within the event, the part of a union; `int`: an i32, which also stands for unsigned ones
 * - of floats: `num` (with its error), `single`: a single-precision number, exactly that; `constant`: one of the document
 */
export type SlotKind = 'bool' | 'word' | 'int' | 'num' | 'single' | 'constant';

export interface Slot {
  kind: SlotKind;
  /** A name, or an expression that costs nothing. */
  text: string;
  /** Of a constant: its words are chosen where it is used. */
  constant?: number;
}

export interface Held {
  slots: Slot[];
  /** A name: whether the value is there; undefined where it always is. A missing bool's slot is false. */
  valid?: string;
  /** Of a union: the part, where it is known while generating. */
  part?: number;
}

/** Kinds of floats in variables and rows. */
export type FloatKind = 'num' | 'single';

const WGSL: Record<Exclude<SlotKind, 'constant'>, WgslType> = {
  bool: 'bool',
  word: 'u32',
  int: 'i32',
  num: 'Num',
  single: 'f32',
};

export const wgslType = (kind: SlotKind): WgslType => (kind === 'constant' ? 'Num' : WGSL[kind]);

/**
 * The slots of a type: one for a scalar or an item; four for a four-vector; those of a tuple's parts one after the other; of a union the part's
 * number, then slots that its parts share.
 */
export function slotKinds(type: Type, float: FloatKind = 'num'): SlotKind[] {
  switch (type.kind) {
    case 'bool':
      return ['bool'];
    case 'string':
    case 'item':
      return ['word'];
    case 'int':
    case 'uint':
      return ['int'];
    case 'float':
      return [float];
    case 'vector':
      return ['num', 'num', 'num', 'num'];
    case 'tuple':
      return type.parts.flatMap((part) => slotKinds(part));
    case 'union':
      return ['word', ...sharedKinds(type)];
  }
}

export type Union = Extract<Type, { kind: 'union' }>;

/** The shared slots of a union: as many of each kind as the part that has most of it. */
function sharedKinds(type: Union): SlotKind[] {
  const ofParts = type.parts.map((part) => slotKinds(part));
  return (['bool', 'word', 'int', 'num'] as const).flatMap((kind) => {
    const counts = ofParts.map((kinds) => kinds.filter((one) => one === kind).length);
    return Array<SlotKind>(Math.max(...counts)).fill(kind);
  });
}

/** For part `k` of a union: which of the union's slots (the part's number is 0) hold the part's slots. */
export function unionPlaces(type: Union, k: number): number[] {
  const shared = sharedKinds(type);
  const taken = new Set<number>();
  return slotKinds(type.parts[k]).map((kind) => {
    const place = shared.findIndex((slot, at) => slot === kind && !taken.has(at));
    taken.add(place);
    return place + 1;
  });
}

const ZERO: Record<SlotKind, string> = {
  bool: 'false',
  word: '0u',
  int: '0i',
  num: 'Num()',
  single: '0f',
  constant: 'Num()',
};

export const zeroOf = (kind: SlotKind): string => ZERO[kind];
