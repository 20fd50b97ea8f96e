import { expect, it } from 'vitest';
import { asTree } from './treeObject.ts';

const treeOf = (fEntries: number) => ({ fEntries, fBranches: { arr: [] } });

it('a tree has as many entries as it says, but not more than any file could have', () => {
  expect(asTree(treeOf(1e10)).fEntries).toBe(1e10);
  // Without this, a damaged tree is cut into a thousand million chunks.
  expect(() => asTree(treeOf(2 ** 48))).toThrow('it claims to have 281474976710656 entries');
  expect(() => asTree(treeOf(-1))).toThrow('its number of entries is -1');
});
