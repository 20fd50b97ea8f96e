/** How the entries of a branch become values: by its leaves, or by the class that it is a member of. */
import type { ValueType } from '../../../core/schema/column.ts';
import type { Branch, Interpretation } from './branch.ts';
import { layoutOf } from './classLayout.ts';
import { type CppType, isText, itemType, parseCppType } from './cppTypes.ts';
import { storedBytes } from './numbers.ts';
import type { Classes, ClassMember } from './rootFile.ts';
import { type NumberType, numberOfCode, numberOfLeaf, numberOfName } from './storedNumbers.ts';
import type { BranchObject, LeafObject } from './treeObject.ts';

/** What is known of a column before its baskets are. */
export interface Readable {
  /** Of the leaf, where the branch has several. */
  leaf?: string;
  type: ValueType;
  depth: number;
  interpretation: Interpretation;
  interleaved?: Branch['interleaved'];
}

/** Why a branch can't be read. */
export interface Unreadable {
  reason: string;
}

/** Codes of streamers (TVirtualStreamerInfo::EReadWrite). */
const [ARRAY, POINTER, TEXT, COLLECTION, TEXT_COLLECTION, STREAMER] = [20, 40, 65, 300, 365, 500];
const [BITS, CHARS] = [15, 7];
const OBJECTS = new Set([61, 62]);
/** Bytes of an object's length and version before what it holds, and of the count after them. */
const [OBJECT_HEADER, LIST_HEADER] = [6, 10];
/** Collections that are split into their members (TBranchElement::fType). */
const COLLECTION_MEMBERS = new Set([31, 41]);

/** @returns one of a branch, or one for each leaf of a list of leaves */
export function interpret(branch: BranchObject, classes: Classes): Readable[] | Unreadable {
  if (branch._typename === 'TBranch') return interpretLeaves(branch.fLeaves.arr);
  if (branch._typename !== 'TBranchElement') return { reason: `branches of class ${branch._typename} are not read` };
  const found = interpretMember(branch, classes);
  return 'reason' in found || Array.isArray(found) ? found : [found];
}

function interpretLeaves(leaves: readonly LeafObject[]): Readable[] | Unreadable {
  const [leaf] = leaves;
  if (!leaf) return { reason: 'it has no leaves' };
  if (leaves.length > 1) return interpretLeafList(leaves);
  if (leaf._typename === 'TLeafC') return [text(0)];
  const number = numberOfLeaf(leaf);
  if (!number) return { reason: `leaves of class ${leaf._typename} are not read` };
  return [leaf.fLeafCount ? jagged(number, leaf.fLen, 0) : fixed(number, leaf)];
}

/** `x/F:y/F`: in each entry, the values of one leaf after those of the other. */
function interpretLeafList(leaves: readonly LeafObject[]): Readable[] | Unreadable {
  if (leaves.some(({ fLeafCount }) => fLeafCount)) return { reason: 'it is a list of leaves of varying length' };
  const found: Readable[] = [];
  let at = 0;
  for (const leaf of leaves) {
    const number = numberOfLeaf(leaf);
    if (!number) return { reason: `it is a list of leaves, of which one is of class ${leaf._typename}` };
    found.push({ ...fixed(number, leaf), leaf: leaf.fName, interleaved: { entryBytes: 0, at } });
    at += storedBytes(number.stored) * leaf.fLen;
  }
  for (const { interleaved } of found) interleaved!.entryBytes = at;
  return found;
}

function interpretMember(branch: BranchObject, classes: Classes): Readable | Readable[] | Unreadable {
  const code = branch.fStreamerType ?? -1;
  const [leaf] = branch.fLeaves.arr;
  const className = branch.fClassName ?? '';
  if (!leaf || branch.fLeaves.arr.length > 1) return { reason: `objects of class ${className} are not taken apart` };
  const inCollection = COLLECTION_MEMBERS.has(branch.fType ?? 0);
  if (code < 0) return interpretType(parseCppType(className), 0, classes);
  const member = classes.find(branch.fParentName || className, className, memberName(branch.fName));
  if (code === BITS) return { reason: 'it holds the status bits of an object' };
  if (code < POINTER && code !== CHARS && code !== ARRAY + CHARS) {
    const number = numberOfCode(code % ARRAY, member?.title ?? '');
    if (!number) return { reason: `members with streamer code ${code} are not read` };
    return inCollection || leaf.fLeafCount ? jagged(number, leaf.fLen, 0) : fixed(number, leaf);
  }
  if (inCollection) return { reason: `of each item of a collection, it holds ${namedType(member, code)}` };
  if (code > POINTER && code < POINTER + ARRAY) {
    const number = numberOfCode(code - POINTER, member?.title ?? '');
    // A byte says whether there is an array.
    return number && leaf.fLeafCount ? jagged(number, leaf.fLen, 1) : { reason: 'arrays of texts are not read' };
  }
  if (code === TEXT) return text(0);
  if (code === COLLECTION || code === TEXT_COLLECTION || code === STREAMER) {
    return member
      ? interpretType(parseCppType(member.typeName), OBJECT_HEADER, classes)
      : { reason: `the file does not say what ${branch.fName} is made of` };
  }
  if (member && OBJECTS.has(code)) return interpretType(parseCppType(member.typeName), OBJECT_HEADER, classes);
  return { reason: `it holds ${namedType(member, code)}` };
}

function namedType(member: ClassMember | undefined, code: number): string {
  return member ? `a ${member.typeName}` : `something with streamer code ${code}`;
}

/** @param textHeader bytes before a text that is no item of a list */
function interpretType(type: CppType, textHeader: number, classes: Classes): Readable | Readable[] | Unreadable {
  if (isText(type)) return text(type.name === 'TString' ? 0 : textHeader);
  const item = itemType(type);
  const number = item && numberOfName(item.name);
  if (number) return jagged(number, 1, LIST_HEADER);
  if (item && isText(item))
    return {
      type: 'string',
      depth: 1,
      interpretation: { kind: 'text', header: OBJECT_HEADER, list: true },
    };
  const inner = item && itemType(item);
  const innerNumber = inner && numberOfName(inner.name);
  if (innerNumber) {
    const { stored } = innerNumber;
    return { type: innerNumber.type, depth: 2, interpretation: { kind: 'nested', stored, header: OBJECT_HEADER } };
  }
  const parts = interpretObject(item ?? type, item !== undefined, classes);
  if (parts.length > 0) return parts;
  return {
    reason: item ? `lists of ${spelled(item)} are not read` : `objects of class ${spelled(type)} are not taken apart`,
  };
}

/** Objects that all take the same bytes: their numbers, one after the other as in a list of leaves. */
function interpretObject(type: CppType, inList: boolean, classes: Classes): Readable[] {
  const layout = layoutOf(spelled(type), classes);
  return (layout?.numbers ?? []).map(({ name, number: { stored, type: valueType }, at }) => ({
    leaf: name,
    type: valueType,
    depth: inList ? 1 : 0,
    interpretation: {
      kind: 'numbers',
      stored,
      perEntry: inList ? undefined : 1,
      header: inList ? LIST_HEADER : 0,
      innerLength: 1,
    },
    interleaved: { entryBytes: layout!.bytes, at, counted: true },
  }));
}

function spelled({ name, arguments: inside }: CppType): string {
  return inside.length ? `${name}<${inside.map(spelled).join(', ')}>` : name;
}

function fixed({ stored, type }: NumberType, { fLen, fTitle }: LeafObject): Readable {
  const sizes = [...fTitle.matchAll(/\[(\d+)\]/g)].map(([, size]) => Number(size));
  const asTold = sizes.length > 1 && sizes.reduce((product, size) => product * size) === fLen;
  return {
    type,
    depth: fLen === 1 ? 0 : asTold ? 2 : 1,
    interpretation: { kind: 'numbers', stored, perEntry: fLen, header: 0, innerLength: asTold ? fLen / sizes[0]! : 1 },
  };
}

function jagged({ stored, type }: NumberType, innerLength: number, header: number): Readable {
  const interpretation: Interpretation = { kind: 'numbers', stored, perEntry: undefined, header, innerLength };
  return { type, depth: innerLength > 1 ? 2 : 1, interpretation };
}

function text(header: number): Readable {
  return { type: 'string', depth: 0, interpretation: { kind: 'text', header, list: false } };
}

/** `hits.pos.x` → `x`, `fCovar[6]` → `fCovar`. */
function memberName(branchName: string): string {
  return branchName.replace(/\[.*$/, '').replace(/\.$/, '').replace(/^.*\./, '');
}
