import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ColumnData } from '../../../core/schema/column.ts';
import { openSourceInNode } from '../../io/nodeFile.ts';
import type { EventFile } from '../eventFile.ts';
import { openEventFile } from '../open.ts';
import { openTree as describedTree } from './openTree.ts';
import type { RootFile, RootKey } from './rootFile.ts';

const FOLDER = new URL('fixtures/trees/', import.meta.url);

interface Known {
  lengths: number[];
  values?: number;
  sum?: number;
  weighted?: number;
  texts?: string[];
}

/** Files, their trees and columns, as uproot reads them: made by fixtures/trees/values.py. */
const KNOWN: Record<string, Record<string, Record<string, Known>>> = JSON.parse(
  readFileSync(new URL('values.json', FOLDER), 'utf8'),
);

describe.each(Object.entries(KNOWN))('%s, which ROOT wrote', (name, trees) => {
  it.each(Object.entries(trees))('has the values of %s that uproot finds', async (tree, known) => {
    const file = await openTree(name, tree);
    const { columns } = file.summary;
    for (const { name: column, depth } of columns) {
      const expected = known[column];
      if (!expected) continue;
      const data = (await file.readChunk(0, [column]))[0]!;
      expect([column, depth]).toEqual([column, expected.lengths.length]);
      expect([column, ...described(data)]).toEqual([column, ...inOrder(expected)]);
    }
  });
});

describe('columns of a tree', () => {
  const infoOf = async (name: string, tree: string) => {
    const { columns } = (await openTree(name, tree)).summary;
    return new Map(columns.map(({ name: column, type, depth }) => [column, `${type}${'[]'.repeat(depth)}`]));
  };

  it('are the leaves of a list of leaves', async () => {
    const found = await infoOf('uproot-leaflist.root', 'tree');
    expect([...found]).toEqual([
      ['leaflist.x', 'float64'],
      ['leaflist.y', 'int32'],
      ['leaflist.z', 'int8'],
    ]);
  });

  it('are the members of objects that were taken apart, by the names that ROOT gave their branches', async () => {
    const found = await infoOf('uproot-small-evnt-tree-fullsplit.root', 'tree');
    expect(Object.fromEntries(found)).toMatchObject({
      Beg: 'string',
      I64: 'int64',
      U64: 'uint64',
      'P3.Px': 'int32',
      ArrayI16: 'int16[]',
      N: 'int32',
      SliceF64: 'float64[]',
      StdStr: 'string',
      StlVecU32: 'uint32[]',
      StlVecStr: 'string[]',
    });
  });

  it('are lists of what standard containers hold; of what is not read, the reason is told', async () => {
    const { columns, unsupported } = (await openTree('uproot-stl_containers.root', 'tree')).summary;
    const found = new Map(columns.map(({ name, type, depth }) => [name, type + '[]'.repeat(depth)]));
    expect(Object.fromEntries(found)).toMatchObject({
      string: 'string',
      tstring: 'string',
      vector_int32: 'int32[]',
      set_int32: 'int32[]',
      vector_vector_int32: 'int32[][]',
      vector_string: 'string[]',
    });
    expect(unsupported).toContainEqual({
      name: 'map_int32_int16',
      reason: 'objects of class map<int, short> are not taken apart',
    });
  });
});

describe('a tree by its description alone', () => {
  const list = <T>(arr: T[]) => ({ arr });
  const leaf = { _typename: 'TLeafElement', fName: 'x', fTitle: 'x', fLen: 1, fLeafCount: null };
  const member = (fName: string, inner: object[] = [], fType = 0): object => ({
    _typename: 'TBranchElement',
    fName,
    fEntries: 0,
    fTotBytes: 0,
    fWriteBasket: 0,
    fBasketBytes: [],
    fBasketEntry: [],
    fBasketSeek: [],
    fBaskets: list([]),
    fBranches: list(inner),
    fLeaves: list(inner.length > 0 ? [] : [leaf]),
    fFileName: '',
    fStreamerType: 3,
    fClassName: 'Hit',
    fType,
  });
  const describeTree = (fBranches: object[], fFriends: object[] = []) => {
    const file = {
      source: { url: 'tree.root', size: 1000 },
      readObject: async () => ({ fEntries: 0, fBranches: list(fBranches), fFriends: list(fFriends) }),
      readClasses: async () => ({ find: () => undefined, membersOf: () => [] }),
    };
    return describedTree(file as unknown as RootFile, { name: 'tree', directory: '' } as RootKey);
  };

  it('names members by their branches, and those of one name with the branches around them', async () => {
    const objects = ['before.', 'after'].map((name) =>
      member(name, [member('TObject', [member('id')], 1), member('hits', [member('hits.x')]), member(`${name[0]}[3]`)]),
    );
    const { branches } = await describeTree(objects);
    expect(branches.map(({ info }) => info.name)).toEqual([
      ...['before.id', 'before.hits.x', 'b'],
      ...['after.id', 'after.hits.x', 'a'],
    ]);
  });

  it('tells of friends where they are', async () => {
    const friend = { fTreeName: 'weights', fTitle: 'weights.root' };
    expect((await describeTree([member('x')], [friend])).unsupported).toEqual([
      { name: 'weights', reason: 'it is a friend of this tree in weights.root: open it as a data set of its own' },
    ]);
  });
});

function described({ offsets, values, dictionary }: ColumnData): unknown[] {
  const lengths = offsets.map((bounds) => {
    let sum = 0;
    for (let i = 1; i < bounds.length; i++) sum += (bounds[i]! - bounds[i - 1]!) * i;
    return sum;
  });
  if (dictionary) return [lengths, Array.from(values as Uint32Array, (code) => dictionary[code])];
  const numbers = Array.from(values, Number);
  if (numbers.length === 0) return [lengths, []];
  return [
    lengths,
    numbers.length,
    rounded(numbers.reduce((sum, value) => sum + value, 0)),
    rounded(numbers.reduce((sum, value, i) => sum + value * (i + 1), 0)),
  ];
}

function inOrder({ lengths, values, sum, weighted, texts }: Known): unknown[] {
  if (values === 0 && !sum) return [lengths, []];
  return texts ? [lengths, texts] : [lengths, values, rounded(sum!), rounded(weighted!)];
}

/** Sums in another order differ in their last digits. */
function rounded(value: number): string {
  return Math.abs(value) < 1e-9 ? '0' : value.toPrecision(7);
}

async function openTree(name: string, tree: string): Promise<EventFile> {
  const path = fileURLToPath(new URL(name, FOLDER));
  const { source, file } = await openSourceInNode({ kind: 'path', path, tree }, { counter: { bytes: 0, requests: 0 } });
  return openEventFile(source, file);
}
