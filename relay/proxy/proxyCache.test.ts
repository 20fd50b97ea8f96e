import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Fault, type FaultyServer, startFaultyServer } from '../../workers/testing/faultyServer.ts';
import { startProxy, type TestProxy } from './testing/startProxy.ts';

const BYTES = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7) % 251));
const folder = mkdtempSync(join(tmpdir(), 'lumiscope-kept-'));
let kept: string;
let server: FaultyServer;
let proxy: TestProxy;
let now: number;

const start = () =>
  startProxy(
    {
      origins: [new URL(server.origin).origin],
      cache: { folder: kept, freshSeconds: 60 },
    },
    { now: () => now },
  );

beforeAll(async () => {
  server = await startFaultyServer(folder, { latency: 20 });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  kept = mkdtempSync(join(folder, 'cache-'));
  writeFileSync(join(folder, 'a.root'), BYTES);
  server.requests.length = 0;
  now = 1_800_000_000_000;
  proxy = await start();
});
afterEach(() => proxy.close());

/** What was read is on disk then. */
async function restart(): Promise<void> {
  await proxy.close();
  proxy = await start();
}

async function read(begin: number, end: number, fault?: Fault, init: RequestInit = {}): Promise<number | Buffer> {
  const headers = { range: `bytes=${begin}-${end - 1}`, ...init.headers };
  const response = await proxy.ask(server.url('a.root', fault), { ...init, headers });
  const bytes = Buffer.from(await response.arrayBuffer());
  return response.ok ? bytes : response.status;
}
const isRight = (bytes: number | Buffer, begin: number, end: number): boolean =>
  typeof bytes !== 'number' && bytes.equals(BYTES.subarray(begin, end));
const fromCache = () => proxy.told.flatMap((one) => (one.kind === 'proxied' ? [one.fromCache] : []));

test('what was read once is not asked for again', async () => {
  expect(isRight(await read(1000, 5000), 1000, 5000)).toBe(true);
  expect(isRight(await read(1000, 5000), 1000, 5000)).toBe(true);
  await expect.poll(fromCache).toEqual([false, true]);
  expect(proxy.told).toContainEqual(
    expect.objectContaining({ kind: 'proxied', host: new URL(server.origin).host, bytes: 4000, fromCache: true }),
  );
});

test('it is there for the next process, any part of it, and says its version', async () => {
  await read(0, 2000);
  await restart();
  expect(isRight(await read(500, 600), 500, 600)).toBe(true);
  const response = await proxy.ask(server.url('a.root'), { headers: { range: 'bytes=0-999' } });
  expect(response.headers.get('ETag')).toBe('"v-300000"');
  expect(response.headers.get('Content-Range')).toBe('bytes 0-999/300000');
  expect(server.requests).toHaveLength(1);
  const suffix = await proxy.ask(server.url('a.root'), { headers: { range: 'bytes=300000-' } });
  expect([suffix.status, suffix.headers.get('Content-Range')]).toEqual([416, 'bytes */300000']);
  expect(server.requests).toHaveLength(1);
});

test('requests for the same at once are one', async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => read(1000, 200_000)));
  expect(all.every((one) => isRight(one, 1000, 200_000))).toBe(true);
  expect(server.requests).toHaveLength(1);
});

test('one of them that leaves ends it for nobody else; the last one does', async () => {
  let answer: (() => void) | undefined;
  let [asked, left] = [0, 0];
  const slow = createServer((_, response) => {
    asked++;
    response.on('close', () => left++);
    response.writeHead(206, { 'Content-Range': 'bytes 0-7/8' }).write('half');
    answer = () => response.end('half');
  });
  await new Promise<void>((done) => slow.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(slow.address() as AddressInfo).port}`;
  const lone = await startProxy({ origins: [origin] });
  const ask = (signal: AbortSignal) => lone.ask(`${origin}/a`, { headers: { range: 'bytes=0-7' }, signal });
  try {
    const [one, two, three] = [1, 2, 3].map(() => new AbortController()) as AbortController[];
    const first = await ask(one!.signal);
    const second = await ask(two!.signal);
    one!.abort();
    await expect(first.text()).rejects.toThrow();
    const third = await ask(three!.signal);
    answer!();
    expect([await second.text(), await third.text(), asked]).toEqual(['halfhalf', 'halfhalf', 1]);
    const [four, five] = [new AbortController(), new AbortController()];
    const last = await Promise.all([ask(four.signal), ask(five.signal)]);
    for (const end of [four, five]) end.abort();
    for (const response of last) await expect(response.text()).rejects.toThrow();
    await expect.poll(() => left).toBe(2);
    expect(asked).toBe(2);
  } finally {
    await lone.close();
    slow.closeAllConnections();
    await new Promise((done) => slow.close(done));
  }
});

test.each<Fault>(['no-etag', 'no-etag-but-date', 'changing-etag'])(
  'nothing is kept of a file with %s',
  async (fault) => {
    await read(0, 1000, fault);
    await read(0, 1000, fault);
    expect(server.requests).toHaveLength(fault === 'changing-etag' ? 1 : 2);
  },
);

test('a weak ETag is no version to keep bytes by', async () => {
  let asked = 0;
  const weak = createServer((_, response) => {
    asked++;
    response.writeHead(206, { 'Content-Range': 'bytes 0-7/8', ETag: 'W/"v"' }).end('weakness');
  });
  await new Promise<void>((done) => weak.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(weak.address() as AddressInfo).port}`;
  const lone = await startProxy({ origins: [origin], cache: { folder: kept } });
  for (const count of [1, 2]) {
    const response = await lone.ask(`${origin}/a`, { headers: { range: 'bytes=0-7' } });
    expect([await response.text(), response.headers.get('ETag'), asked]).toEqual(['weakness', 'W/"v"', count]);
  }
  await lone.close();
  expect(readdirSync(kept)).toEqual(['rights.key']);
  weak.closeAllConnections();
  await new Promise((done) => weak.close(done));
});

describe('after a while', () => {
  test('the version is asked for, once for all, and not the bytes', async () => {
    await read(0, 100_000);
    await restart();
    now += 61_000;
    const all = await Promise.all([read(0, 100_000), read(50_000, 60_000), read(0, 10)]);
    expect([isRight(all[0], 0, 100_000), isRight(all[1], 50_000, 60_000), isRight(all[2], 0, 10)]).toEqual([
      true,
      true,
      true,
    ]);
    expect(server.requests.map(({ range }) => range)).toEqual(['bytes=0-99999', 'bytes=0-0']);
    await read(0, 10);
    expect(server.requests).toHaveLength(2);
  });

  test('another version is read anew', async () => {
    await read(0, 1000);
    writeFileSync(join(folder, 'a.root'), Buffer.alloc(200_000, 1));
    expect(isRight(await read(0, 1000), 0, 1000)).toBe(true);
    now += 61_000;
    expect(await read(0, 1000)).toEqual(Buffer.alloc(1000, 1));
    expect(await read(0, 1000)).toEqual(Buffer.alloc(1000, 1));
    expect(server.requests.map(({ range }) => range)).toEqual(['bytes=0-999', 'bytes=0-0', 'bytes=0-999']);
  });

  test('what HEAD tells counts as well', async () => {
    await read(0, 1000);
    writeFileSync(join(folder, 'a.root'), Buffer.alloc(200_000, 1));
    await proxy.ask(server.url('a.root'), { method: 'HEAD', headers: { range: 'bytes=0-' } });
    expect(await read(0, 1000)).toEqual(Buffer.alloc(1000, 1));
  });

  test('a server that is not there any more is not stood in for', async () => {
    const other = await startFaultyServer(folder);
    const lone = await startProxy(
      { origins: [new URL(other.origin).origin], cache: { folder: kept } },
      { now: () => now },
    );
    const ask = () => lone.ask(other.url('a.root'), { headers: { range: 'bytes=0-9' } });
    expect((await ask()).status).toBe(206);
    await other.close();
    expect((await ask()).status).toBe(206);
    now += 61_000;
    expect((await ask()).status).toBe(502);
    await lone.close();
  });
});

test('damage on disk is found, and the bytes are fetched again', async () => {
  await read(0, 50_000);
  await proxy.close();
  const packs = readdirSync(kept, { recursive: true, encoding: 'utf8' })
    .map((name) => join(kept, name))
    .filter((path) => statSync(path).isFile() && statSync(path).size > 50_000);
  expect(packs).toHaveLength(1);
  const pack = readFileSync(packs[0]!);
  pack[30_000]! ^= 1;
  writeFileSync(packs[0]!, pack);
  proxy = await start();
  expect(isRight(await read(0, 50_000), 0, 50_000)).toBe(true);
  expect(server.requests).toHaveLength(2);
});

test('conditions are for the server to decide, but for a version that is held', async () => {
  await read(0, 1000);
  const tag = '"v-300000"';
  expect(isRight(await read(0, 1000, undefined, { headers: { 'if-range': tag } }), 0, 1000)).toBe(true);
  expect(server.requests).toHaveLength(1);
  expect(((await read(0, 1000, undefined, { headers: { 'if-range': '"other"' } })) as Buffer).length).toBe(300_000);
  await read(0, 1000, undefined, { headers: { 'if-none-match': tag } });
  await read(0, 1000, undefined, { headers: { 'if-match': tag } });
  expect(server.requests).toHaveLength(4);
});

test('nothing on disk names a file or a token, and others on this machine can not read it', async () => {
  await proxy.ask(`${server.url('a.root')}?authz=my.secret`, { headers: { range: 'bytes=0-9' } });
  await proxy.close();
  const names = readdirSync(kept, { recursive: true, encoding: 'utf8' });
  const texts = names.filter((name) => name.endsWith('.json')).map((name) => readFileSync(join(kept, name), 'utf8'));
  expect(texts).toHaveLength(1);
  expect(names.join() + texts.join()).not.toMatch(/secret|a\.root|127\.0\.0\.1/);
  expect(statSync(kept).mode & 0o077).toBe(0);
});

test('a folder that can not be used is told, and all goes on without it', async () => {
  const blocked = join(folder, 'blocked');
  writeFileSync(blocked, '');
  const lone = await startProxy({ origins: [new URL(server.origin).origin], cache: { folder: join(blocked, 'x') } });
  expect((await lone.ask(server.url('a.root'), { headers: { range: 'bytes=0-9' } })).status).toBe(206);
  expect(lone.told).toContainEqual(expect.objectContaining({ kind: 'alarm', alarm: 'disk' }));
  await lone.close();
});

test('where memory is full, answers go through as they come', async () => {
  const small = await startProxy({ origins: [new URL(server.origin).origin], limits: { memoryBytes: 1000 } });
  const read = async () => {
    const response = await small.ask(server.url('a.root'), { headers: { range: 'bytes=1000-199999' } });
    return Buffer.from(await response.arrayBuffer());
  };
  const all = await Promise.all([read(), read(), read()]);
  expect(all.every((one) => isRight(one, 1000, 200_000))).toBe(true);
  expect(server.requests).toHaveLength(3);
  await small.close();
});
