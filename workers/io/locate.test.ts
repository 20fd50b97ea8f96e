import { describe, expect, test } from 'vitest';
import { matcher, prefixOf } from './glob.ts';
import { locate, objectUrl } from './locate.ts';

const CERN = 'https://s3.cern.ch';

describe('an address', () => {
  test.each([
    ['https://example.org/a b', {}, 'https://example.org/a b'],
    ['s3://bucket/Run 2012/a+b.parquet', {}, 'https://bucket.s3.amazonaws.com/Run%202012/a%2Bb.parquet'],
    ['s3://bucket/a', { region: 'eu-west-3' }, 'https://bucket.s3.eu-west-3.amazonaws.com/a'],
    ['s3://dotted.bucket/key', {}, 'https://s3.amazonaws.com/dotted.bucket/key'],
    ['s3://bucket/key', { style: 'path' }, 'https://s3.amazonaws.com/bucket/key'],
    ['s3://bucket/c#é%3F.root', { endpoint: CERN }, 'https://s3.cern.ch/bucket/c%23%C3%A9%253F.root'],
    ['s3://bucket/key', { endpoint: CERN, style: 'host' }, 'https://bucket.s3.cern.ch/key'],
    ['s3://bucket/key', { endpoint: 'http://127.0.0.1:7070/store/' }, 'http://127.0.0.1:7070/store/bucket/key'],
    ['davs://door.example:2880/pnfs/a%20b.root', {}, 'https://door.example:2880/pnfs/a%20b.root'],
    ['root://eospublic.cern.ch//eos/opendata/a.root', {}, 'https://eospublic.cern.ch/eos/opendata/a.root'],
    ['root://eospublic.cern.ch:1094/eos/a.root', {}, 'https://eospublic.cern.ch/eos/a.root'],
    ['root://fndca1.fnal.gov:1094//pnfs/a.root', {}, 'https://fndcadoor.fnal.gov:2880/pnfs/a.root'],
  ] as const)('%s, %o leads to %s', (address, s3, url) => {
    expect(locate(address, s3)).toMatchObject({ url });
  });

  test.each([
    [
      'root://xrootd.example//store/a.root',
      'no HTTP door of xrootd.example is known',
      'https://xrootd.example:1094/store/a.root',
    ],
    ['root://eospublic.cern.ch//eos/*.root', 'only s3:// addresses may have a *', 'one by one'],
    ['s3://bucket', 'is not an address in a store', 's3://bucket/key'],
    ['gsiftp://example.org/a', 'is not known', 'https:'],
  ])('%s leads nowhere: %s', (address, message, hint) => {
    expect(() => locate(address)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message), hint: expect.stringContaining(hint) }),
    );
  });

  test('with a * is a listing of all that starts alike', () => {
    const located = locate('s3://bucket/run 1/*/a+*.root', { endpoint: CERN, region: 'x' });
    expect(located).toEqual({
      listing: {
        bucket: 'https://s3.cern.ch/bucket/',
        name: 'bucket',
        pattern: 'run 1/*/a+*.root',
        prefix: 'run 1/',
        region: 'x',
      },
    });
    expect('listing' in located && objectUrl(located.listing, 'a b*.root')).toBe(
      'https://s3.cern.ch/bucket/a%20b*.root',
    );
  });
});

test.each([
  ['a/*.root', ['a/1.root', 'a/.root'], ['a/b/1.root', 'a/1.rootx', 'xa/1.root', 'a/1xroot']],
  ['a/**/*.root', ['a/1.root', 'a/b/c/1.root'], ['b/1.root', 'a1.root']],
  ['a**', ['a', 'a/b/c'], ['b']],
  ['(a+b)?[1]*', ['(a+b)x[1]', '(a+b)x[1]2'], ['(a+b)[1]', 'aab1']],
])('%s matches %o, not %o', (pattern, yes, no) => {
  const matches = matcher(pattern);
  expect(yes.filter((name) => !matches(name))).toEqual([]);
  expect(no.filter(matches)).toEqual([]);
  for (const name of yes) expect(name.startsWith(prefixOf(pattern))).toBe(true);
});

test.each(['https://me:5ecret@x.example/a.root', 'davs://me:5ecret@x.example/a.root'])(
  'a password in an address is refused, and not repeated: %s',
  (address) => {
    const tell = () => locate(address);
    expect(tell).toThrow(/holds a user or a password/);
    expect(tell).not.toThrow(/5ecret/);
  },
);
