/** Values as generated code holds them: slots with names, and whether they are there. */
import type { Type } from '../../core/expr/typedForm.ts';
import type { WgslType } from './code.ts';
import type { Generator } from './generator.ts';

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

type Union = Extract<Type, { kind: 'union' }>;

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

/** Fresh variables for a value that several branches may set: zero, and missing. */
export function target(g: Generator, type: Type, optional: boolean, float: FloatKind = 'num'): Held {
  const slots = slotKinds(type, float).map((kind): Slot => ({ kind, text: g.code.variable(wgslType(kind)) }));
  return { slots, ...(optional && { valid: g.code.variable('bool') }) };
}

/** Copies a value into the variables of `to`. */
export function assign(g: Generator, to: Held, from: Held): void {
  for (const [k, slot] of to.slots.entries()) g.code.line(`${slot.text} = ${as(g, slot.kind, from.slots[k])};`);
  if (to.valid) g.code.line(`${to.valid} = ${from.valid ?? 'true'};`);
}

/** A slot's value as one of another kind. */
export function as(g: Generator, kind: SlotKind, slot: Slot): string {
  return kind === 'num' ? num(g, slot) : slot.text;
}

/** A float as a `Num`. */
export function num(g: Generator, slot: Slot): string {
  switch (slot.kind) {
    case 'num':
      return slot.text;
    case 'single':
      return g.fn('load_f32', `bitcast<u32>(${slot.text})`);
    case 'constant':
      return g.fn('constant_num', `${g.constants.num(slot.constant as number)}u`);
    default:
      throw new Error(`a slot of kind ${slot.kind} is no float`);
  }
}

/** Runs `body` where `condition` holds (always, if there is none); elsewhere the result is missing, and zero. */
export function whereValid(
  g: Generator,
  condition: string | undefined,
  type: Type,
  optional: boolean,
  body: () => Held,
  float: FloatKind = 'num',
): Held {
  if (!condition) return body();
  const result = target(g, type, optional, float);
  g.code.block(`if (${condition})`, () => g.within([], () => assign(g, result, body())));
  return result;
}

/** True where all are there; undefined where they always are. */
export function bothValid(g: Generator, ...values: Held[]): string | undefined {
  const flags = [...new Set(values.map((value) => value.valid).filter((valid) => valid !== undefined))];
  return flags.length <= 1 ? flags[0] : g.code.hold(flags.join(' && '));
}

/** A part as an item of the union: slots that the part doesn't use are 0, so that equal items have equal slots. */
export function wrapPart(g: Generator, type: Union, part: number, item: Held): Held {
  const places = unionPlaces(type, part);
  const slots = slotKinds(type).map((kind, k): Slot => {
    if (k === 0) return { kind, text: `${part}u` };
    const from = places.indexOf(k);
    return from >= 0 ? { kind, text: as(g, kind, item.slots[from]) } : { kind, text: zeroOf(kind) };
  });
  return { slots, part };
}
