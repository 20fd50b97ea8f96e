/** Objects that were written whole, and of which each has the same bytes: where their numbers lie. */
import { storedBytes } from './numbers.ts';
import type { Classes, ClassMember } from './rootFile.ts';
import { type NumberType, numberOfCode } from './storedNumbers.ts';

/** A number in an object. */
interface LaidOut {
  /** With the objects that it lies in, by dots. */
  name: string;
  number: NumberType;
  /** Bytes before it, counted from the object's own header. */
  at: number;
}

export interface ClassLayout {
  /** With the header. */
  bytes: number;
  numbers: LaidOut[];
}

/** Before an object's members: the length of what follows, and the version of its class. */
const HEADER_BYTES = 6;
/** `TObject`: a version, an identity and bits. */
const TOBJECT_BYTES = 10;
/** Codes of members (TVirtualStreamerInfo::EReadWrite). */
const [DOUBLE, OBJECT, ANY] = [8, 61, 62];

/**
 * Classes of which all objects are known to be written in this way. Of others nothing in a tree's description tells whether a checksum
 * follows the version, or whether lists of them were written member by member.
 */
const KNOWN = new Set(['TVector2', 'TVector3', 'TLorentzVector']);

/** What expressions call the numbers of a four-vector. */
const FOUR_VECTOR: Record<string, string> = { 'fP.fX': 'px', 'fP.fY': 'py', 'fP.fZ': 'pz', fE: 'E' };

/** Undefined where the class is not one of those that are known, or has other members here. */
export function layoutOf(className: string, classes: Classes): ClassLayout | undefined {
  if (!KNOWN.has(className)) return undefined;
  const members = classes.membersOf(className);
  if (members.length === 0) return undefined;
  const numbers: LaidOut[] = [];
  let at = HEADER_BYTES;
  for (const member of members) {
    const bytes = layOut(member, at, classes, numbers);
    if (bytes === undefined) return undefined;
    at += bytes;
  }
  const names = className === 'TLorentzVector' ? FOUR_VECTOR : {};
  return { bytes: at, numbers: numbers.map((one) => ({ ...one, name: names[one.name] ?? one.name })) };
}

/** Adds a member's numbers. @returns the bytes that it takes */
function layOut(
  { name, typeName, title, code }: ClassMember,
  at: number,
  classes: Classes,
  into: LaidOut[],
): number | undefined {
  if (typeName === 'BASE' && name === 'TObject') return TOBJECT_BYTES;
  if (code === OBJECT || code === ANY) {
    const inner = layoutOf(typeName, classes);
    for (const one of inner?.numbers ?? []) into.push({ ...one, at: at + one.at, name: `${name}.${one.name}` });
    return inner?.bytes;
  }
  const number = code === DOUBLE ? numberOfCode(code, title) : undefined;
  if (!number) return undefined;
  into.push({ name, number, at });
  return storedBytes(number.stored);
}
