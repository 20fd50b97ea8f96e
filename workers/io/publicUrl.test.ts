import { expect, test } from 'vitest';
import { plainUrl } from './cache/cacheKey.ts';
import { publicUrl } from './publicUrl.ts';

const LINK =
  'https://b.s3.amazonaws.com/a.root?v=1&X-Amz-Date=20260101T000000Z&X-Amz-Credential=AKID%2Fx&X-Amz-Security-Token=t0k&X-Amz-Signature=5ec';

test.each([
  [LINK, ['5ec', 't0k', 'AKID']],
  ['https://x.example/a?sv=2024&sig=5ec%3D', ['5ec']],
  ['https://storage.googleapis.com/b/a?X-Goog-Signature=5ec&X-Goog-Credential=AKID', ['5ec', 'AKID']],
  ['https://eos.example//a.root?authz=Bearer%205ec', ['5ec']],
  ['https://x.example/a?access_token=5ec#t', ['5ec']],
  ['https://x.example/a?bearer=5ec&x-cos-security-token=t0k', ['5ec', 't0k']],
  ['https://x.example/a?auth-token=5ec&api_key=k3y&password=pa55', ['5ec', 'k3y', 'pa55']],
  ['https://x.oss.example/a?OSSAccessKeyId=k&x-oss-signature=5ec&q-signature=516', ['5ec', '516']],
  ['https://me:5ec@x.example/a@b', ['5ec', 'me']],
])('of %s nothing is shown that gives access', (url, secrets) => {
  for (const secret of secrets) expect(publicUrl(url)).not.toContain(secret);
  for (const secret of secrets) expect(plainUrl(url)).not.toContain(secret);
});

test('an address without such is shown as it is', () => {
  for (const url of ['https://x.example/a?design=2&tokens=3#sig=1', 's3://b/a@b.root', 'a&sig.parquet']) {
    expect(publicUrl(url)).toBe(url);
  }
});

test('two signed links to one file are kept under one address', () => {
  expect(plainUrl(LINK)).toBe('https://b.s3.amazonaws.com/a.root?v=1');
});

test('a query that is no signature is a part of what a file is kept under', () => {
  expect(plainUrl('https://x.example/a?design=2&file=b#c')).toBe('https://x.example/a?design=2&file=b');
});
