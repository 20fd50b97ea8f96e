/**
 * Values as the reference interpreter holds them. Each accessor insists on the type that the typed form
 * promises: a wrongly typed form must fail loudly in the oracle.
 */

/** An item of a base collection: its index within the event. */
export interface Item {
  index: number;
}

/** An item of a concatenation: which part it is of, and the item of that part. */
export interface UnionItem {
  part: number;
  item: Value;
}

/** A four-vector: px, py, pz, E. */
export type Vector = [number, number, number, number];

/** `undefined` is missing; a bigint is an int or a uint; an array is a tuple or a four-vector. */
export type Value = undefined | boolean | bigint | number | string | Item | UnionItem | Value[];

function fail(wanted: string, value: Value): never {
  throw new TypeError(`typed form promised ${wanted}, got ${Array.isArray(value) ? 'an array' : typeof value}`);
}

export function asBool(value: Value): boolean {
  return typeof value === 'boolean' ? value : fail('bool', value);
}

export function asInt(value: Value): bigint {
  return typeof value === 'bigint' ? value : fail('int', value);
}

export function asFloat(value: Value): number {
  return typeof value === 'number' ? value : fail('float', value);
}

export function asItem(value: Value): Item {
  return typeof value === 'object' && 'index' in value ? value : fail('item', value);
}

export function asUnion(value: Value): UnionItem {
  return typeof value === 'object' && 'part' in value ? value : fail('union item', value);
}

export function asTuple(value: Value): Value[] {
  return Array.isArray(value) ? value : fail('tuple', value);
}

export function asVector(value: Value): Vector {
  if (!Array.isArray(value) || value.length !== 4) return fail('vector', value);
  for (const part of value) asFloat(part);
  return value as Vector;
}

/** Whether two items of one type are the same one: by index, part by part. */
export function sameItem(a: Value, b: Value): boolean {
  if (Array.isArray(a)) {
    const other = asTuple(b);
    return a.length === other.length && a.every((part, k) => sameItem(part, other[k]));
  }
  if (typeof a === 'object' && 'part' in a) {
    const other = asUnion(b);
    return a.part === other.part && sameItem(a.item, other.item);
  }
  return asItem(a).index === asItem(b).index;
}
