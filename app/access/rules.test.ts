import { expect, test } from 'vitest';
import { hostOf, withAccess, withoutHost } from './rules.ts';

test.each([
  ['s3.cern.ch', 's3.cern.ch'],
  ['127.0.0.1:7070', '127.0.0.1:7070'],
  ['https://s3.cern.ch/bucket/a b', undefined],
  ['https://S3.cern.ch:443/bucket', 's3.cern.ch'],
  ['davs://door.example:2880/pnfs', 'door.example:2880'],
  ['me@s3.cern.ch', undefined],
  ['', undefined],
  ['a b', undefined],
])('the host of "%s" is %s', (text, host) => {
  expect(hostOf(text)).toBe(host);
});

test('what is given for a host takes the place of what was', () => {
  const keys = { host: 'a', accessKeyId: 'id', secretAccessKey: 'secret' };
  const first = withAccess({ keys: [], tokens: [{ host: 'b', token: 't' }], proxy: 'https://p' }, keys);
  const second = withAccess(first, { host: 'a', token: 'new' });
  expect(second).toEqual({
    keys: [],
    tokens: [
      { host: 'b', token: 't' },
      { host: 'a', token: 'new' },
    ],
    proxy: 'https://p',
  });
  expect(withoutHost(second, 'a').tokens).toHaveLength(1);
});
