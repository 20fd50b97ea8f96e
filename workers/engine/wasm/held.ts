/** Values in locals: copied, made missing, joined. */
import type { Type } from '../../../core/expr/typedForm.ts';
import { I32, type Local } from './code.ts';
import type { Generator } from './generator.ts';
import { type Held, slotsOf, unionPlaces } from './layout.ts';

/** Fresh locals for a value that several branches may set. */
export function target(g: Generator, type: Type, optional: boolean): Held {
  return { slots: slotsOf(type).map((wasm) => g.code.local(wasm)), ...(optional && { valid: g.code.local(I32) }) };
}

/** Copies a value into `to`. */
export function assign(g: Generator, to: Held, from: Held): void {
  for (const [k, slot] of to.slots.entries()) g.code.get(from.slots[k]).set(slot);
  if (!to.valid) return;
  if (from.valid) g.code.get(from.valid);
  else g.code.i32(1);
  g.code.set(to.valid);
}

/** Makes `to` missing: all slots zero. */
export function assignMissing(g: Generator, to: Held): void {
  for (const slot of to.slots) g.code.zeroOf(slot.type).set(slot);
  if (to.valid) g.code.i32(0).set(to.valid);
}

/** Runs `body` where `condition` holds (always, if there is none); elsewhere the result is missing. */
export function whereValid(
  g: Generator,
  condition: Local | undefined,
  type: Type,
  optional: boolean,
  body: () => Held,
): Held {
  if (!condition) return body();
  const result = target(g, type, optional);
  g.code.get(condition).if(
    () => g.within([], () => assign(g, result, body())),
    () => assignMissing(g, result),
  );
  return result;
}

/** 1 where all are there; undefined where they always are. */
export function bothValid(g: Generator, ...values: Held[]): Local | undefined {
  const flags = [...new Set(values.map((value) => value.valid).filter((valid) => valid !== undefined))];
  if (flags.length <= 1) return flags[0];
  g.code.get(flags[0]);
  for (const flag of flags.slice(1)) g.code.get(flag).op('i32.and');
  return g.code.hold(I32);
}

/** A part as an item of the union: slots that the part doesn't use are 0, so that equal items have equal slots. */
export function wrapPart(g: Generator, type: Extract<Type, { kind: 'union' }>, part: number, item: Held): Held {
  const { code } = g;
  const places = unionPlaces(type, part);
  const slots = slotsOf(type).map((wasm, k) => {
    if (k === 0) return code.i32(part).hold(I32);
    const from = places.indexOf(k);
    return from >= 0 ? item.slots[from] : code.zeroOf(wasm).hold(wasm);
  });
  return { slots, part };
}
