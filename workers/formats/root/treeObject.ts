/** A tree as JSROOT builds it: the members that are read, by their names in C++. Numbers of eight bytes may come as BigInt. */
import { Corrupt } from '../errors.ts';
import type { RootObject } from './objects.ts';

type Long = number | bigint;

interface List<T> {
  arr: T[];
}

export interface TreeObject {
  fName: string;
  fTitle: string;
  fEntries: Long;
  fBranches: List<BranchObject>;
  fFriends?: List<RootObject> | null;
}

export interface BranchObject {
  _typename: string;
  fName: string;
  fTitle: string;
  fEntries: Long;
  /** Unpacked bytes of the baskets in the file. */
  fTotBytes: Long;
  fWriteBasket: number;
  fBasketBytes: ArrayLike<number>;
  fBasketEntry: ArrayLike<Long>;
  fBasketSeek: ArrayLike<Long>;
  fBaskets: List<BasketObject | null>;
  fBranches: List<BranchObject>;
  fLeaves: List<LeafObject>;
  fFileName: string;
  fIOFeatures?: { fIOBits: number };
  /** The following of a `TBranchElement` only. */
  fParentName?: string;
  fClassName?: string;
  /** 1 a base class, 2 a class, 3 a `TClonesArray`, 31 its member, 4 an STL collection, 41 its member. */
  fType?: number;
  /** Of TVirtualStreamerInfo::EReadWrite; −1 of a branch at the top. */
  fStreamerType?: number;
}

export interface LeafObject {
  _typename: string;
  fName: string;
  fTitle: string;
  /** Numbers of an entry, or of an item where there is a counter. */
  fLen: number;
  fIsUnsigned: boolean;
  fLeafCount: LeafObject | null;
  /** Of a `TLeafElement`: as the branch's `fStreamerType`. */
  fType?: number;
}

/** A basket within the tree's object. */
export interface BasketObject {
  fKeylen: number;
  fNevBuf: number;
  fLast: number;
  fEntryOffset?: ArrayLike<number>;
  fBufferRef?: { arr: DataView };
}

/** More can only be damage, which would be cut into chunks without end. */
const MOST_ENTRIES = 2 ** 36;

/** Holds an object against what the rest relies on. @throws Corrupt */
export function asTree(object: RootObject): TreeObject {
  const tree = object as unknown as TreeObject;
  if (!Array.isArray(tree.fBranches?.arr)) throw new Corrupt('it has no branches');
  const entries = toNumber(tree.fEntries, 'its number of entries');
  if (entries > MOST_ENTRIES) throw new Corrupt(`it claims to have ${entries} entries`);
  return tree;
}

/** Branches of a branch or tree. @throws Corrupt where one is damaged */
export function branchesOf({ fBranches }: TreeObject | BranchObject): BranchObject[] {
  for (const branch of fBranches.arr) {
    const lists = [branch?.fBranches?.arr, branch?.fLeaves?.arr, branch?.fBaskets?.arr];
    if (typeof branch?.fName !== 'string' || !lists.every(Array.isArray))
      throw new Corrupt('one of its branches is damaged');
    if (!branch.fLeaves.arr.every((leaf) => typeof leaf?.fName === 'string' && typeof leaf.fTitle === 'string'))
      throw new Corrupt(`the leaves of branch '${branch.fName}' are damaged`);
  }
  return fBranches.arr;
}

/** A count or place. @throws Corrupt */
export function toNumber(value: Long, what: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0) throw new Corrupt(`${what} is ${value}`);
  return number;
}
