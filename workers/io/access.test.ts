import { AwsV4Signer } from 'aws4fetch';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type S3Server, startS3Server } from '../testing/s3Server.ts';
import type { AccessRules } from './access.ts';
import { openSource } from './openSource.ts';
import { setAccess } from './send.ts';

const ID = 'AKIDEXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const SESSION = 'session//token+=';
const TOKEN = token({ exp: 4e9 });
const BYTES = Uint8Array.from({ length: 200_000 }, (_, i) => i % 251);
const ODD = "a+b c#é%(1)!'*~.root";

let store: S3Server;
let other: S3Server;

beforeAll(async () => {
  const objects = new Map(
    ['/private/a.bin', `/private/${ODD}`, '/public/a.bin', '/token/a.bin'].map((path) => [path, BYTES]),
  );
  const keys = { accessKeyId: ID, secretAccessKey: SECRET, sessionToken: SESSION, region: 'eu-west-3' };
  other = await startS3Server({ objects: new Map([['/public/a.bin', BYTES]]), accessKeyId: 'x', secretAccessKey: 'x' });
  store = await startS3Server({ objects, ...keys, token: TOKEN, redirectTo: other.endpoint });
});
afterAll(() => Promise.all([store.close(), other.close()]));
afterEach(() => setAccess({ keys: [], tokens: [] }));

function token(claims: object): string {
  return ['{"alg":"none"}', JSON.stringify(claims), 'signature'].map((part) => btoa(part)).join('.');
}

const keys = (some: Partial<AccessRules['keys'][number]> = {}): AccessRules => ({
  keys: [{ host: store.host, accessKeyId: ID, secretAccessKey: SECRET, sessionToken: SESSION, ...some }],
  tokens: [],
});
const tokens = (one: string, host = store.host): AccessRules => ({ keys: [], tokens: [{ host, token: one }] });

async function read(path: string, server = store): Promise<Uint8Array> {
  const url = server.endpoint + path.split('/').map(encodeURIComponent).join('/');
  const { source } = await openSource({ kind: 'url', url }, { counter: { bytes: 0, requests: 0 } });
  return source.read(1000, 50_000);
}

const failure = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable(),
    (error) => error,
  );

test.each(['a.bin', ODD])('keys with a session token open %s, in the region that the server names', async (name) => {
  setAccess(keys());
  expect(await read(`/private/${name}`)).toEqual(BYTES.subarray(1000, 51_000));
});

test('keys open a bucket of another region than was given with them, as one setting is used for all buckets', async () => {
  setAccess(keys({ region: 'us-west-1' }));
  expect(await read('/private/a.bin')).toHaveLength(50_000);
  const before = store.requests.length;
  expect(await read('/private/a.bin')).toHaveLength(50_000);
  expect(store.requests.slice(before).filter(({ url }) => url.includes('us-west-1'))).toEqual([]);
});

test('keys are for their host and those below it, a token for its host alone', async () => {
  setAccess({ keys: keys({ host: 'other.example' }).keys, tokens: [] });
  expect((await failure(read('/private/a.bin'))).place.access).toBe(store.host);
  const { keysFor, tokenFor } = await import('./sendWithAccess.ts');
  const rules = { keys: keys({ host: 's3.example.org' }).keys, tokens: tokens('t', 's3.example.org').tokens };
  expect(keysFor(rules, new URL('https://bucket.s3.example.org/a'))).toBeDefined();
  expect(keysFor(rules, new URL('https://evils3.example.org/a'))).toBeUndefined();
  expect(tokenFor(rules, new URL('https://bucket.s3.example.org/a'))).toBeUndefined();
  expect(tokenFor(rules, new URL('https://s3.example.org/a'))).toBe('t');
});

test('a token opens what it is for', async () => {
  setAccess(tokens(TOKEN));
  expect(await read('/token/a.bin')).toHaveLength(50_000);
});

test('a token does not follow a redirect to another host', async () => {
  setAccess(tokens(TOKEN));
  expect(await read('/away/a.bin')).toHaveLength(50_000);
  expect(store.requests.at(-1)?.authorization).toBe(`Bearer ${TOKEN}`);
  expect(other.requests.length).toBeGreaterThan(0);
  expect(other.requests.map(({ authorization }) => authorization)).not.toContain(`Bearer ${TOKEN}`);
});

test('a token is not sent in clear', async () => {
  setAccess(tokens(TOKEN, 'data.example'));
  const open = openSource({ kind: 'url', url: 'http://data.example/a' }, { counter: { bytes: 0, requests: 0 } });
  expect((await failure(open)).message).toContain('a token is not sent over http:');
});

test.each([
  ['nothing given', () => ({ keys: [], tokens: [] }), '/private/a.bin', 'no keys or token were given for 127.0.0.1'],
  ['an unknown key', () => keys({ accessKeyId: 'AKIDOTHER' }), '/private/a.bin', 'does not know the access key'],
  ['a wrong secret', () => keys({ secretAccessKey: 'wrong' }), '/private/a.bin', 'the secret key does not fit'],
  ['an old session', () => keys({ sessionToken: 'old' }), '/private/a.bin', 'the session token has expired'],
  ['no token', () => ({ keys: [], tokens: [] }), '/token/a.bin', 'no keys or token were given for 127.0.0.1'],
  ['a wrong token', () => tokens(token({ exp: 4e9, jti: 'other' })), '/token/a.bin', 'is refused'],
  ['an old token', () => tokens(token({ exp: 1e9 })), '/token/a.bin', 'expired on 2001-09-09 01:46 UTC'],
])('%s: the error says so, and nothing of the secret', async (_, rules, path, expected) => {
  setAccess(rules());
  const { message, hint, place } = await failure(read(path));
  expect(message).toContain(expected);
  expect(place.access).toBe(store.host);
  const given = rules();
  const secrets = [
    ...given.tokens.map((one) => one.token),
    ...given.keys.flatMap((one) => [one.secretAccessKey, one.sessionToken!]),
  ];
  for (const secret of secrets) expect(JSON.stringify([message, hint, place])).not.toContain(secret);
});

async function presigned(datetime?: string): Promise<string> {
  const signer = new AwsV4Signer({
    url: `${store.endpoint}/private/a.bin?X-Amz-Expires=600`,
    accessKeyId: ID,
    secretAccessKey: SECRET,
    sessionToken: SESSION,
    service: 's3',
    region: 'eu-west-3',
    signQuery: true,
    ...(datetime && { datetime }),
  });
  return (await signer.sign()).url.href;
}

test('a signed link works as it is, also where keys were given, and is not shown in full', async () => {
  setAccess(keys({ secretAccessKey: 'wrong' }));
  const url = await presigned();
  const { source } = await openSource({ kind: 'url', url }, { counter: { bytes: 0, requests: 0 } });
  expect(await source.read(0, 10)).toEqual(BYTES.subarray(0, 10));
  expect(source.url).toContain('X-Amz-Signature=…');
  expect(source.url).not.toContain(new URL(url).searchParams.get('X-Amz-Signature'));
  expect(source.url).not.toContain(encodeURIComponent(SESSION));
});

test('a signed link that expired is told, with the time', async () => {
  const { message } = await failure(
    openSource({ kind: 'url', url: await presigned('20240102T030405Z') }, { counter: { bytes: 0, requests: 0 } }),
  );
  expect(message).toContain('the signed link expired on 2024-01-02 03:14 UTC');
  expect(message).not.toMatch(/Signature=[0-9a-f]/);
});
