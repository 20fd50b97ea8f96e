import { expect, it } from 'vitest';
import { outputPaths } from './outputPaths.ts';

it('gives each data set a file of its own, be their names ever so alike', () => {
  expect(outputPaths('out.parquet', ['Z → μμ', 'Z → ττ', 'a/b', 'A_b'])).toEqual([
    'out-Z_μμ.parquet',
    'out-Z_ττ.parquet',
    'out-a_b.parquet',
    'out-A_b-2.parquet',
  ]);
  expect(outputPaths('folder.d/out', ['!', '?'])).toEqual(['folder.d/out-_', 'folder.d/out-_-2']);
  expect(outputPaths('out.parquet', ['data'])).toEqual(['out.parquet']);
});
