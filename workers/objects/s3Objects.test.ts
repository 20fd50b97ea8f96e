import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PATIENCE } from '../io/retry.ts';
import { currentAccess, setAccess } from '../io/send.ts';
import { type S3Server, startS3Server } from '../testing/s3Server.ts';
import { isFull } from './folderErrors.ts';
import type { ObjectStore } from './objectStore.ts';
import { openObjectStore } from './openObjectStore.ts';

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
const servers: S3Server[] = [];
const { waits } = PATIENCE;
beforeEach(() => {
  PATIENCE.waits = waits.map(() => 1);
});
afterEach(() => {
  setAccess({ keys: [], tokens: [] });
  vi.unstubAllGlobals();
  PATIENCE.waits = waits;
});
afterAll(() => Promise.all(servers.map((server) => server.close())));

async function make() {
  const objects = new Map<string, Uint8Array>();
  const server = await startS3Server({ objects, accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' });
  servers.push(server);
  const store = openObjectStore('s3://bucket/in', { ...KEYS, AWS_ENDPOINT_URL: server.endpoint });
  return { objects, server, store };
}

const bytes = (text: string) => new TextEncoder().encode(text);
const read = async (store: ObjectStore, path = 'm') => new TextDecoder().decode((await store.read(path))!.bytes);

/** What happens to requests for an object, in their order; the others, and those for a trial of conditions, go through. */
type Fate = 'through' | 'broken' | 'lost' | 'short' | Response | ((request: RequestInit) => Promise<void>);
function fates(method: string, ...planned: Fate[]): { left: Fate[] } {
  const { fetch } = globalThis;
  const left = [...planned];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    if (init.method !== method || /\.lumiscope-/.test(url)) return fetch(url, init);
    const fate = left.shift() ?? 'through';
    if (fate instanceof Response) return fate;
    if (fate === 'broken') throw new TypeError('fetch failed');
    if (typeof fate === 'function') await fate(init);
    const response = await fetch(url, init);
    if (fate === 'lost') throw new TypeError('fetch failed');
    if (fate !== 'short') return response;
    const whole = new Uint8Array(await response.arrayBuffer());
    return new Response(whole.subarray(1), { status: response.status, headers: response.headers });
  });
  return { left };
}
const status = (code: number, word = '', headers: Record<string, string> = {}) =>
  new Response(word && `<Error><Code>${word}</Code></Error>`, { status: code, headers });

it('a write whose answer was lost is known by its bytes, also where the condition fails then', async () => {
  const { store } = await make();
  fates('PUT', 'lost', 'lost');
  const first = await store.write('m', bytes('1'), 'absent');
  expect(first).toBeDefined();
  fates('PUT', 'lost');
  expect(await store.write('m', bytes('2'), { version: first! })).toBe((await store.stat('m'))!.version);
  expect(await read(store)).toBe('2');
});

it("a write whose answer was lost is not taken for one's own where another one's bytes are there", async () => {
  const { objects, store } = await make();
  const first = (await store.write('m', bytes('1')))!;
  fates('PUT', async () => {
    objects.set('/bucket/in/m', bytes('theirs'));
    throw new TypeError('fetch failed');
  });
  expect(await store.write('m', bytes('mine'), { version: first })).toBeUndefined();
  expect(await read(store)).toBe('theirs');
});

it('a condition that fails at once is a conflict, though the bytes are the same', async () => {
  const { store } = await make();
  await store.write('m', bytes('1'), 'absent');
  expect(await store.write('m', bytes('1'), 'absent')).toBeUndefined();
});

it('a store in trouble is asked again, and after five tries it is told', async () => {
  const { store } = await make();
  const { left } = fates(
    'PUT',
    status(429),
    status(503, 'SlowDown'),
    'broken',
    status(409, 'ConditionalRequestConflict'),
  );
  expect(await store.write('m', bytes('1'), 'absent')).toBeDefined();
  expect(left).toEqual([]);
  fates('GET', ...Array.from({ length: 5 }, () => status(503, 'SlowDown')));
  await expect(store.read('m')).rejects.toMatchObject({
    tag: 'source',
    message: expect.stringMatching(/503 SlowDown/),
    hint: expect.stringMatching(/try later/),
  });
  fates('GET', ...Array.from({ length: 5 }, () => 'broken' as const));
  await expect(store.read('m')).rejects.toMatchObject({
    tag: 'source',
    message: expect.stringMatching(/can't be reached/),
  });
});

it('an answer that is cut short is asked for again', async () => {
  const { store } = await make();
  await store.write('m', bytes('0123456789'));
  fates('GET', 'short');
  expect(await read(store)).toBe('0123456789');
  fates('GET', 'short');
  expect(new TextDecoder().decode(await store.readRange('m', 2, 3))).toBe('234');
});

it('bytes that were changed on their way are refused by the store', async () => {
  const { objects, store } = await make();
  const { fetch } = globalThis;
  vi.stubGlobal('fetch', (url: string, init: RequestInit = {}) =>
    fetch(url, init.method === 'PUT' ? { ...init, body: new Uint8Array(init.body as Uint8Array).fill(0) } : init),
  );
  await expect(store.write('m', bytes('1'))).rejects.toMatchObject({ message: expect.stringMatching(/400 BadDigest/) });
  expect(objects.size).toBe(0);
});

it('a store that heeds conditions of one kind alone is not written to', async () => {
  for (const kind of ['If-Match', 'If-None-Match']) {
    const { objects, store } = await make();
    const { fetch } = globalThis;
    vi.stubGlobal('fetch', (url: string, init: RequestInit = {}) => {
      const { [kind]: _, ...headers } = (init.headers ?? {}) as Record<string, string>;
      return fetch(url, { ...init, headers });
    });
    await expect(store.write('m', bytes('1'), 'absent')).rejects.toMatchObject({
      message: expect.stringContaining('does not heed the conditions'),
    });
    vi.unstubAllGlobals();
    expect(objects.size).toBe(0);
  }
});

it('what a store refuses is told with what to do, and nothing secret', async () => {
  const { server, store } = await make();
  for (const [answer, hint] of [
    [status(403, 'AccessDenied'), /AWS_ACCESS_KEY_ID/],
    [status(501, 'NotImplemented'), /takes no conditional writes/],
    [status(404, 'NoSuchBucket'), /its bucket is there/],
    [status(507), /free some space/],
    [status(403, 'QuotaExceeded'), /free some space/],
  ] as const) {
    const { status: code } = answer;
    fates('PUT', answer);
    const error = await store.write('m', bytes('1'), 'absent').catch((error) => error);
    expect(error).toMatchObject({ tag: 'source', hint: expect.stringMatching(hint) });
    expect(JSON.stringify([error.message, error.hint, error.place])).not.toMatch(/secret|AKIDEXAMPLE|X-Amz/);
    expect(isFull(error)).toBe(code === 507 || /Quota/.test(error.message));
    vi.unstubAllGlobals();
  }
  fates('GET', status(404, 'NoSuchBucket'));
  await expect(store.read('m')).rejects.toMatchObject({ message: expect.stringMatching(/NoSuchBucket/) });
  setAccess({ keys: [{ host: server.host, accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wrong' }], tokens: [] });
  await expect(store.read('m')).rejects.toMatchObject({ place: { access: server.host } });
});

it('a request that is cancelled ends at once, and is not taken for trouble', async () => {
  const { store } = await make();
  const stop = new AbortController();
  fates('PUT', async ({ signal }) => {
    stop.abort();
    signal!.throwIfAborted();
  });
  await expect(store.write('m', bytes('1'), undefined, stop.signal)).rejects.toMatchObject({ tag: 'cancelled' });
});

it('left-over trials of conditions are removed after an hour, and never listed', async () => {
  const { objects, store } = await make();
  await store.write('m', bytes('1'));
  objects.set('/bucket/in/.lumiscope-left', bytes('1'));
  const paths = async () => {
    const found: string[] = [];
    for await (const { path } of store.list('')) found.push(path);
    return found;
  };
  expect(await paths()).toEqual(['m']);
  expect(objects.has('/bucket/in/.lumiscope-left')).toBe(true);
  const { fetch } = globalThis;
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    const response = await fetch(url, init);
    if (!url.includes('list-type')) return response;
    return new Response((await response.text()).replaceAll(/<LastModified>\d{4}/g, '<LastModified>2020'));
  });
  expect(await paths()).toEqual(['m']);
  expect(objects.has('/bucket/in/.lumiscope-left')).toBe(false);
});

it.each([
  ['s3://bucket', {}, 'https://bucket.s3.amazonaws.com/', true],
  ['s3://bucket/a/b/', { AWS_REGION: 'eu-west-3' }, 'https://bucket.s3.eu-west-3.amazonaws.com/a/b/', true],
  ['s3://bucket/a b', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9000/' }, 'http://127.0.0.1:9000/bucket/a%20b/', true],
  ['s3://bucket/a', { AWS_ENDPOINT_URL: 'http://no', AWS_ENDPOINT_URL_S3: 'https://x' }, 'https://x/bucket/a/', true],
  ['https://store.example.org/bucket/a', {}, 'https://store.example.org/bucket/a/', false],
  ['https://x.org/bucket/a', { AWS_ENDPOINT_URL: 'https://x.org' }, 'https://x.org/bucket/a/', true],
  ['https://bucket.s3.eu-west-3.amazonaws.com/a', {}, 'https://bucket.s3.eu-west-3.amazonaws.com/a/', true],
  ['https://s3.eu-west-3.amazonaws.com/bucket', {}, 'https://s3.eu-west-3.amazonaws.com/bucket/', true],
] as const)('%s with %j lies at %s', (address, environment, expected, hasKeys) => {
  expect(openObjectStore(address, { ...KEYS, ...environment }).address).toBe(expected);
  expect(currentAccess().keys.map(({ host }) => host)).toEqual(hasKeys ? [new URL(expected).host] : []);
});

it.each(['ftp://host/a', 'https://host', 's3://', 'https://me:secret@host/bucket'])('%s is no store', (address) => {
  expect(() => openObjectStore(address, {})).toThrow(expect.objectContaining({ tag: 'source' }));
});

it('an address of the environment that is none is told', () => {
  expect(() => openObjectStore('s3://bucket', { AWS_ENDPOINT_URL: 'here' })).toThrow(/AWS_ENDPOINT_URL is no address/);
});
