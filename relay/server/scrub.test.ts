import { expect, it } from 'vitest';
import { keepSecret, scrub } from './scrub.ts';

const JWT = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl';

it.each([
  [`Authorization: Bearer ${JWT}`, JWT],
  [`{"authorization":"Bearer ${JWT}"}`, JWT],
  [`{\\"headers\\":{\\"authorization\\":\\"Basic dXNlcjpwYXNz\\"}}`, 'dXNlcjpwYXNz'],
  ['Cookie: session=abcdef123456; other=2', 'abcdef123456'],
  ['{"set-cookie":["session=abcdef123456; HttpOnly"]}', 'abcdef123456'],
  [`failed at https://host/a?token=${JWT}&x=1`, JWT],
  [
    'https://b.s3.amazonaws.com/k?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260101&X-Amz-Signature=0123456789abcdef',
    '0123456789abcdef',
  ],
  ['https://b.s3.amazonaws.com/k?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260101', 'AKIAIOSFODNN7EXAMPLE'],
  ['https://b.s3.amazonaws.com/k?X-Amz-Security-Token=FwoGZXIvYXdzE', 'FwoGZXIvYXdzE'],
  ['/range?url=https%3A%2F%2Fhost%2Fa%3Fauthz%3Dabcdef123456', 'abcdef123456'],
  ['root://user:pa55word@host//file', 'pa55word'],
  ['https://pa55word@host/file', 'pa55word'],
  ['AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY', 'wJalrXUtnFEMI'],
  ['{"secretAccessKey":"wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY"}', 'wJalrXUtnFEMI'],
  ['{"sessionToken":"FwoGZXIvYXdzE"}', 'FwoGZXIvYXdzE'],
])('a secret is taken out of %s', (text, secret) => {
  expect(scrub(text)).not.toContain(secret);
  expect(scrub(text)).toContain('[hidden]');
});

it('what is known to be secret is hidden wherever it stands', () => {
  keepSecret('known-by-its-source');
  keepSecret('short');
  expect(scrub('a known-by-its-source b short')).toBe('a [hidden] b short');
});

it.each([
  '{"level":"info","path":"/v1/datasets/data15_13TeV.00276262.physics_Main.merge.AOD.r7562_p2521","status":200}',
  'this takes a token with the scope produce',
  's3://bucket/prefix',
  'https://eospublic.cern.ch//eos/opendata/file.root',
])('%s stays as it is', (text) => {
  expect(scrub(text)).toBe(text);
});

it.each(['a.', 'eyJaaaa-', 'key'])('a long text takes no longer than its length: "%s" many times', (part) => {
  const text = `secret${part.repeat(200_000 / part.length)}`;
  const begin = performance.now();
  scrub(text);
  // Looking at all of it from each place on would take a minute.
  expect(performance.now() - begin).toBeLessThan(5000);
});
