import { expect, test } from 'vitest';
import { eventSet } from '../../../core/catalogue/stream.ts';
import { type KeptList, KeptLists, type ListStorage, MOST_EVENTS_KEPT } from './keptLists.ts';

const some = (...events: bigint[]) => eventSet(358031, BigUint64Array.from(events));

/** What a browser's database does. */
function memory(): ListStorage & { held: Map<string, KeptList> } {
  const held = new Map<string, KeptList>();
  return {
    held,
    all: async () => [...held.values()],
    put: async (list) => void held.set(list.name, list),
    remove: async (name) => void held.delete(name),
  };
}

test('lists last: another page finds them, the latest first', async () => {
  const storage = memory();
  const first = new KeptLists(storage);
  expect(await first.keep('mine', some(2n ** 64n - 1n), 'typed')).toBe('mine');
  storage.held.get('mine')!.kept = 1;
  expect(await first.keep('mine', some(5n))).toBe('mine (2)');
  const second = new KeptLists(storage);
  await second.load();
  expect(second.state().lists.map(({ name }) => name)).toEqual(['mine (2)', 'mine']);
  expect(second.state().lists[1]!.events).toEqual(some(2n ** 64n - 1n));
});

test('a list can be renamed and removed', async () => {
  const storage = memory();
  const lists = new KeptLists(storage);
  await lists.keep('a', some(1n));
  await lists.keep('b', some(2n));
  expect(await lists.rename('a', 'b')).toBe('b (2)');
  await lists.remove('b');
  expect([...storage.held.keys()]).toEqual(['b (2)']);
  expect(lists.state().lists.map(({ name }) => name)).toEqual(['b (2)']);
});

test('where storage is refused, lists stay for the page, and it is said', async () => {
  const refuse = () => Promise.reject(new Error('storage is blocked'));
  const lists = new KeptLists({ all: refuse, put: refuse, remove: refuse });
  await lists.keep('a', some(1n));
  expect(lists.state().lists.map(({ name }) => name)).toEqual(['a']);
  expect(lists.state().trouble).toBe('storage is blocked');
});

test('what is too much is refused with what there is', async () => {
  const lists = new KeptLists(memory());
  await lists.keep('a', some(1n));
  const many = { runs: [{ runNumber: 1, events: { length: MOST_EVENTS_KEPT } as BigUint64Array }] };
  await expect(lists.keep('b', many)).rejects.toThrow(/no room for b with 10000000 events: 1 lists with 1 events/);
  expect(lists.state().lists).toHaveLength(1);
});
