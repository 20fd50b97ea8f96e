/** Values as generated code holds them: copied, made missing, joined. */
import type { Type } from '../../core/expr/typedForm.ts';
import type { Generator } from './generator.ts';
import {
  type FloatKind,
  type Held,
  type Slot,
  type SlotKind,
  slotKinds,
  type Union,
  unionPlaces,
  wgslType,
  zeroOf,
} from './slots.ts';

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
  return flags.length <= 1 ? flags[0] : g.code.hold(flags.join(' & '));
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
