import type { ColumnInfo, ValueType } from '../schema/column.ts';

const INTEGERS: readonly { type: ValueType; bits: number; signed: boolean }[] = [8, 16, 32, 64].flatMap((bits) => [
  { type: `uint${bits}` as ValueType, bits, signed: false },
  { type: `int${bits}` as ValueType, bits, signed: true },
]);

/** One column for values of both, none of which changes; undefined where there is none: other kinds, or other depths. */
export function commonColumn(a: ColumnInfo, b: ColumnInfo): ColumnInfo | undefined {
  const type = commonType(a.type, b.type);
  if (!type || a.depth !== b.depth) return undefined;
  return { ...a, type, nullable: a.nullable || b.nullable };
}

/** Integers of both signs go into the narrowest type that holds all. */
function commonType(a: ValueType, b: ValueType): ValueType | undefined {
  if (a === b) return a;
  if (a.startsWith('float') && b.startsWith('float')) return 'float64';
  const [x, y] = [a, b].map((type) => INTEGERS.find((one) => one.type === type));
  if (!x || !y) return undefined;
  const holds = (one: typeof x, other: typeof x) =>
    one.signed === other.signed ? one.bits >= other.bits : one.signed && one.bits > other.bits;
  return INTEGERS.find((one) => holds(one, x) && holds(one, y))?.type;
}
