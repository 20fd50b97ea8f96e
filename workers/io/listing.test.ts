import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type S3Server, startS3Server } from '../testing/s3Server.ts';
import { matcher } from './glob.ts';
import { listKeys, readPage } from './listing.ts';
import { type Listing, locate, MOST_FILES } from './locate.ts';
import { setAccess } from './send.ts';

const NAMES = ['run1/a+b c#é%.root', 'run1/a&b<c>.root', 'run1/deep/x.root', 'run1/notes.txt', 'run2/x.root'];
const ONE = Uint8Array.of(1);

let store: S3Server;

beforeAll(async () => {
  const objects = new Map([
    ...['/public/', '/private/'].flatMap((bucket) => NAMES.map((name) => [bucket + name, ONE] as const)),
    ['/public/run1/folder.root', new Uint8Array(0)],
  ]);
  store = await startS3Server({
    objects,
    accessKeyId: 'id',
    secretAccessKey: 'secret',
    region: 'us-east-1',
    pageSize: 2,
  });
});
afterAll(() => store.close());
afterEach(() => setAccess({ keys: [], tokens: [] }));

function listing(address: string): Listing {
  const located = locate(address, { endpoint: store.endpoint });
  if (!('listing' in located)) throw new Error('no listing');
  return located.listing;
}
const list = (address: string) => listKeys(listing(address), { bytes: 0, requests: 0 });

test.each([
  ['s3://public/run1/*.root', ['run1/a&b<c>.root', 'run1/a+b c#é%.root']],
  ['s3://public/**/x.root', ['run1/deep/x.root', 'run2/x.root']],
  ['s3://public/none/*', []],
])('%s names %o, page by page, without what stands for a folder', async (address, expected) => {
  expect(await list(address)).toEqual(expected);
});

test('a closed bucket is listed with keys alone', async () => {
  await expect(list('s3://private/run1/*.root')).rejects.toMatchObject({ place: { access: store.host } });
  setAccess({ keys: [{ host: store.host, accessKeyId: 'id', secretAccessKey: 'secret' }], tokens: [] });
  expect(await list('s3://private/run1/*.root')).toHaveLength(2);
});

test('too many files are told', async () => {
  const roomy = await startS3Server({
    objects: new Map(Array.from({ length: MOST_FILES + 1 }, (_, i) => [`/public/${i}.root`, ONE])),
    accessKeyId: 'id',
    secretAccessKey: 'secret',
  });
  const located = locate('s3://public/*.root', { endpoint: roomy.endpoint });
  const listed = 'listing' in located ? listKeys(located.listing, { bytes: 0, requests: 0 }) : Promise.resolve([]);
  await expect(listed).rejects.toMatchObject({
    tag: 'limit',
    message: expect.stringContaining('more than 10000 files match'),
  });
  await roomy.close();
});

test('a listing of empty pages without end is given up', async () => {
  let asked = 0;
  const page =
    '<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken></ListBucketResult>';
  vi.stubGlobal('fetch', async () => {
    if (++asked > 1000) throw new Error('asked for ever');
    return new Response(page);
  });
  try {
    await expect(list('s3://public/*.root')).rejects.toMatchObject({ tag: 'source' });
  } finally {
    vi.unstubAllGlobals();
  }
  expect(asked).toBeLessThan(200);
});

test('a pattern of many stars is matched in no time', () => {
  const name = 'a'.repeat(1000);
  expect(matcher(`${'*a'.repeat(20)}b`)(name)).toBe(false);
  expect(matcher(`${'**a'.repeat(20)}*`)(name)).toBe(true);
});

test.each([
  ['a/**/b', 'a/b', true],
  ['a/**/b', 'a/x/y/b', true],
  ['a/**/b', 'a/xb', false],
  ['**/b', 'b', true],
  ['**/b', 'x/b', true],
  ['a*b', 'ab', true],
  ['a*b', 'axxb', true],
  ['a*b', 'a/b', false],
  ['a**b', 'a/x/b', true],
  ['*.root', 'x.root', true],
  ['*.root', 'xroot', false],
  ['*?é', 'αé', true],
  ['*?é', 'é', false],
  ['?*', '/x', false],
  ['*/?', '𝛼/𝛽', true],
  ['***a', 'x/a', true],
])('%s and %s: %s', (pattern, name, matches) => {
  expect(matcher(pattern)(name)).toBe(matches);
});

test('an answer that is no listing is told', () => {
  expect(() => readPage('https://x/', '<html>hello</html>')).toThrow(/no listing of a bucket/);
});

test('names that the server did not encode are read with their entities', () => {
  const xml =
    '<ListBucketResult xmlns="x"><IsTruncated>false</IsTruncated><Contents><Key>a&amp;b&#x2B;&#43;+.root</Key><LastModified>2026-11-21T12:00:00.500Z</LastModified><ETag>&quot;0a-2&quot;</ETag><Size>3</Size></Contents></ListBucketResult>';
  expect(readPage('https://x/', xml)).toEqual({
    objects: [{ key: 'a&b+++.root', size: 3, etag: '"0a-2"', modified: Date.UTC(2026, 10, 21, 12, 0, 0, 500) }],
    next: undefined,
  });
});
