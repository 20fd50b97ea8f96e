import { expect, test } from 'vitest';
import { openFiles } from './openFiles.ts';
import type { FileState } from './state.ts';

const file = (status: FileState['status']): FileState => ({
  entry: 'https://data.example/a.root',
  key: 'a',
  name: 'a.root',
  status,
  address: { kind: 'url', url: 'https://data.example/a.root' },
});

test('files are asked for once all are open', () => {
  expect(openFiles({ files: [[file('open')], [file('open')]] })).toEqual([
    [file('open').address],
    [file('open').address],
  ]);
});

test.each(['asks', 'opening', 'failed', 'missing', 'differs'] as const)('none is while one is "%s"', (status) => {
  expect(openFiles({ files: [[file('open')], [file('open'), file(status)]] })).toBeUndefined();
});

test('of one data set, whatever the others are', () => {
  const files = [[file('asks')], [file('open')]];
  expect(openFiles({ files }, 1)).toEqual([[], [file('open').address]]);
  expect(openFiles({ files }, 0)).toBeUndefined();
});
