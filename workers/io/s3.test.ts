import { expect, test } from 'vitest';
import { httpAddress } from './s3.ts';

test.each([
  ['s3://bucket/Run 2012/a+b.parquet', 'https://bucket.s3.amazonaws.com/Run%202012/a%2Bb.parquet'],
  ['s3://dotted.bucket/key', 'https://s3.amazonaws.com/dotted.bucket/key'],
  ['https://example.org/a b', 'https://example.org/a b'],
  ['a.parquet', 'a.parquet'],
])('%s is reached at %s', (address, expected) => {
  expect(httpAddress(address)).toBe(expected);
});
