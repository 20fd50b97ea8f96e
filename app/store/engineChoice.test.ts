import { expect, test } from 'vitest';
import { formatEngine, parseEngine } from './engineChoice.ts';

test('a link may ask for an engine', () => {
  expect(parseEngine('#a=abc&engine=gpu')).toBe('gpu');
  expect(parseEngine('#a=abc&engine=wasm&log=pt')).toBe('wasm');
  for (const hash of ['#a=abc', '#a=abc&engine=auto', '#a=abc&engine=gpus', '#a=abc&myengine=gpu', ''])
    expect(parseEngine(hash)).toBeUndefined();
  expect(formatEngine('gpu')).toBe('&engine=gpu');
  expect(formatEngine(undefined)).toBe('');
});
