import { expect, test } from 'vitest';
import type { PlainError } from '../../core/errors.ts';
import type { FileState } from '../store/state.ts';
import { failuresOf } from './failures.ts';

const file = (name: string, message: string, place: PlainError['place'] = {}): FileState => ({
  entry: name,
  key: name,
  name,
  status: 'failed',
  error: { tag: 'source', message, place },
});
const told = (sets: FileState[][]) => failuresOf(sets).map(({ file: { name }, at, more }) => [name, at, more]);

test('the same reason is told once a data set, with the number of files', () => {
  const refused = ['a', 'b', 'c'].map((name) =>
    file(`https://host/${name}.root`, `https://host/${name}.root: no access`),
  );
  expect(told([[...refused, file('d', 'd: the file is empty')], [refused[0]!]])).toEqual([
    ['https://host/a.root', 0, 2],
    ['d', 0, 0],
    ['https://host/a.root', 1, 0],
  ]);
});

test('one choice of a tree is asked for files with the same ones', () => {
  const trees = [['a', 'b'], ['a', 'b'], ['a']].map((names, i) => file(`${i}`, `${i} has trees`, { trees: names }));
  expect(told([trees])).toEqual([
    ['0', 0, 1],
    ['2', 0, 0],
  ]);
});

test('files of histograms are told one by one, and what is open is not', () => {
  const two = ['a', 'b'].map((name) => file(name, 'no events', { histograms: 3 }));
  expect(told([[...two, { ...file('c', ''), status: 'open' }]])).toEqual([
    ['a', 0, 0],
    ['b', 0, 0],
  ]);
});
