/** A tree's description: its branches, as far as they can be read. */
import { asFormatError, Corrupt } from '../errors.ts';
import { readBasketTable } from './basketTable.ts';
import type { Branch } from './branch.ts';
import { interpret } from './interpret.ts';
import { pathOf } from './openRootFile.ts';
import type { Classes, RootFile, RootKey } from './rootFile.ts';
import { asTree, type BranchObject, branchesOf, type TreeObject, toNumber } from './treeObject.ts';

export interface Tree {
  events: number;
  branches: Branch[];
  /** Unpacked bytes of an event in each of the branches. */
  entryBytes: number[];
  unsupported: { name: string; reason: string }[];
}

/** Branches may lie within one another this deep. */
const MAX_DEPTH = 32;

/** @throws LumiscopeError `format`, `source`, `cancelled` */
export async function openTree(file: RootFile, key: RootKey, signal?: AbortSignal): Promise<Tree> {
  const [object, classes] = await Promise.all([file.readObject(key, signal), file.readClasses(signal)]);
  try {
    return describe(asTree(object), classes, file.source.size);
  } catch (cause) {
    throw asFormatError(cause, `${file.source.url}, ${pathOf(key)}`);
  }
}

interface Found {
  name: string;
  /** With the branches that it lies in. */
  path: string;
  branch: BranchObject;
}

function describe(object: TreeObject, classes: Classes, fileBytes: number): Tree {
  const events = toNumber(object.fEntries, 'its number of entries');
  const unsupported: Tree['unsupported'] = [];
  const branches: Branch[] = [];
  const entryBytes: number[] = [];
  const found: Found[] = [];
  for (const branch of branchesOf(object)) collect(branch, { name: '', path: '' }, 0, found);
  const times = new Map<string, number>();
  for (const { name } of found) times.set(name, (times.get(name) ?? 0) + 1);
  const taken = new Set<string>();
  const counted: [Branch, string][] = [];
  for (const { name, path, branch } of found) {
    const unique = times.get(name) === 1 ? name : path;
    const read = readBranch(branch, unique, classes, events, fileBytes);
    if ('reason' in read) unsupported.push({ name: unique, reason: read.reason });
    else
      for (const one of read) {
        if (taken.has(one.info.name))
          unsupported.push({ name: one.info.name, reason: 'another branch has the same name' });
        else {
          branches.push(one);
          const counter = counterOf(branch);
          if (counter !== undefined) counted.push([one, counter]);
          entryBytes.push(unpackedBytes(branch, one) / Math.max(events, 1));
        }
        taken.add(one.info.name);
      }
  }
  for (const [branch, counter] of counted) {
    const found = branches.find(({ info }) => info.name === counter && info.depth === 0);
    if (found) branch.counter = found;
  }
  for (const friend of object.fFriends?.arr ?? []) {
    const from = friend?.fTitle ? ` in ${friend.fTitle}` : '';
    unsupported.push({
      name: String(friend?.fTreeName ?? friend?.fName ?? 'friend'),
      reason: `it is a friend of this tree${from}: open it as a data set of its own`,
    });
  }
  return { events, branches, entryBytes, unsupported };
}

/** Branches that hold values: of objects that were taken apart, the innermost ones. */
function collect(branch: BranchObject, parent: { name: string; path: string }, depth: number, into: Found[]): void {
  if (depth > MAX_DEPTH) throw new Corrupt('its branches lie too deep within one another');
  const name = branch.fName.replace(/\[.*$/, '').replace(/\.+$/, '');
  const rest = name.startsWith(`${parent.name}.`) ? name.slice(parent.name.length + 1) : name;
  const path = parent.path ? `${parent.path}.${rest}` : name;
  const inner = branchesOf(branch);
  if (inner.length === 0 && isNode(branch)) return;
  if (inner.length === 0) into.push({ name, path, branch });
  // Members of a base class are members of the class.
  else
    for (const child of inner) collect(child, branch.fType === BASE_CLASS ? parent : { name, path }, depth + 1, into);
}

/** TIOFeatures: baskets have no table of their entries. */
const OFFSETS_LEFT_OUT = 1;

/** The branch that says how many items each entry has, where nothing else does. */
function counterOf({ fIOFeatures, fLeaves }: BranchObject): string | undefined {
  return (fIOFeatures?.fIOBits ?? 0) & OFFSETS_LEFT_OUT ? fLeaves.arr[0]?.fLeafCount?.fName : undefined;
}

/** Of all entries; the tree counts what is in baskets that were written. */
function unpackedBytes({ fTotBytes }: BranchObject, { embedded }: Branch): number {
  return Math.max(Number(fTotBytes) || 0, 0) + (embedded?.values.length ?? 0);
}

const BASE_CLASS = 1;
const CLASS = 2;

/** A class without members that are stored. */
function isNode({ fType, fLeaves }: BranchObject): boolean {
  return (fType === BASE_CLASS || fType === CLASS) && fLeaves.arr.length === 0;
}

function readBranch(
  branch: BranchObject,
  name: string,
  classes: Classes,
  events: number,
  fileBytes: number,
): Branch[] | { reason: string } {
  const read = interpret(branch, classes);
  if ('reason' in read) return read;
  if (branch.fFileName) return { reason: `its baskets are in another file, ${branch.fFileName}` };
  try {
    const table = readBasketTable(branch, events, fileBytes);
    return read.map(({ leaf, type, depth, interpretation, interleaved }) => ({
      info: { name: leaf === undefined ? name : `${name}.${leaf}`, type, depth, nullable: false },
      interpretation,
      ...table,
      ...(interleaved && { interleaved }),
    }));
  } catch (cause) {
    if (!(cause instanceof Corrupt)) throw cause;
    return { reason: cause.message };
  }
}
