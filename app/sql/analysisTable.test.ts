import { expect, it } from 'vitest';
import { analysisColumns, expectedColumns } from './analysisTable.ts';

it('the table of events becomes columns with names that differ: identity, data set, values; flags are flags', () => {
  const table = {
    rows: 2,
    complete: true,
    passed: 2,
    dataset: Uint16Array.of(0, 1),
    file: Uint16Array.of(0, 0),
    event: Float64Array.of(5, 6),
    columns: [
      { name: 'event', type: 'uint' as const, values: BigUint64Array.of(2n ** 64n - 1n, 1n) },
      { name: 'met', type: 'float' as const, values: Float64Array.of(1.5, 0), valid: Uint8Array.of(1, 0) },
      { name: 'MET', type: 'bool' as const, values: Float64Array.of(1, 0) },
    ],
  };
  const identity = [{ label: 'event', column: 'event' }];
  const columns = analysisColumns(table, identity, [
    { name: 'data', files: ['a'] },
    { name: 'mc', files: ['b'] },
  ]);
  expect(columns.map(({ info }) => [info.name, info.type, info.nullable])).toEqual([
    ['data set', 'string', false],
    ['event', 'uint64', false],
    ['met', 'float64', true],
    ['MET 2', 'bool', false],
  ]);
  expect(columns.at(-1)!.data.values).toEqual(Uint8Array.of(1, 0));
  expect(columns[0]!.data.dictionary).toEqual(['data', 'mc']);
  expect(
    expectedColumns({ identity, values: [{ text: 'met', type: 'float' }] }).map(({ name, type }) => [name, type]),
  ).toEqual([
    ['event', 'uint64'],
    ['met', 'float64'],
  ]);
});
