import { expect, it } from 'vitest';
import { flat, jagged, strings } from '../testing/data.ts';
import { gatherEvents } from './gatherEvents.ts';

const rows = Uint32Array.of(0, 2, 3);

it('takes values, gaps and items of the chosen events', () => {
  const columns = [
    flat('float32', [1, 2, undefined, 4]),
    jagged('int64', [[1n], [2n, 3n], [], [4n, undefined]]),
    strings(['a', 'b', 'a', 'c']),
  ];
  expect(gatherEvents(columns, rows)).toEqual([
    flat('float32', [1, undefined, 4]),
    jagged('int64', [[1n], [], [4n, undefined]]),
    { ...strings(['a', 'a', 'c']), values: Uint32Array.of(0, 0, 2), dictionary: ['a', 'b', 'c'] },
  ]);
});

it('of no event makes empty columns', () => {
  const [values, items] = gatherEvents([flat('int32', [1, 2]), jagged('float32', [[1], [2]])], new Uint32Array());
  expect(values).toMatchObject({ length: 0, values: new Int32Array() });
  expect(items).toMatchObject({ length: 0, offsets: [Uint32Array.of(0)], values: new Float32Array() });
});
