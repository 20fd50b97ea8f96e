import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FaultyServer, startFaultyServer } from '../../testing/faultyServer.ts';
import type { ByteRange, ByteSource, ReadCounter } from '../byteSource.ts';
import { readRanges } from '../coalesce.ts';
import { type OpenedSource, openSource } from '../openSource.ts';
import type { CacheDoor } from './door.ts';
import { nodeCache } from './nodeCache.ts';
import { cachedReads } from './openCached.ts';

const SIZE = 300_000;
const BYTES = Uint8Array.from({ length: SIZE }, (_, i) => (i * 31 + (i >> 8)) & 255);
const RANGES: ByteRange[] = [
  [100, 50],
  [2000, 7000],
  [150_000, 30],
  [SIZE - 300, 200],
];
const VALUES = RANGES.map(([offset, length]) => BYTES.slice(offset, offset + length));

let folder: string;
let server: FaultyServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lumiscope-cached-'));
  writeFileSync(join(folder, 'events.bin'), BYTES);
  server = await startFaultyServer(folder);
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

interface Session extends OpenedSource {
  door: CacheDoor;
  counter: ReadCounter;
}

async function session(url = server.url('events.bin')): Promise<Session> {
  const door = nodeCache(join(folder, 'cache'));
  const counter: ReadCounter = { bytes: 0, requests: 0 };
  return { ...(await openSource({ kind: 'url', url }, { counter, cache: door })), door, counter };
}

/** What opening and reading take of a file, as a format's reader does it. */
async function look(source: ByteSource): Promise<Uint8Array[]> {
  await cachedReads(source).read(SIZE - 4, 4);
  await cachedReads(source).read(17, 8);
  return readRanges(source, RANGES);
}

async function firstLook(url?: string): Promise<void> {
  const { source, door } = await session(url);
  expect(await look(source)).toEqual(VALUES);
  await door.flush();
  server.requests.length = 0;
}

describe('a second look', () => {
  test('asks whether the version is the present one still, and for nothing else', async () => {
    await firstLook();
    const { source, counter, file } = await session();
    expect(await look(source)).toEqual(VALUES);
    expect(server.requests.map(({ method }) => method)).toEqual(['HEAD']);
    expect(counter).toMatchObject({ requests: 1, bytes: 0 });
    expect(counter.cachedBytes).toBeGreaterThan(7000);
    expect(file.asOf).toBeUndefined();
  });

  test('of a thread that gets the version handed asks for nothing', async () => {
    await firstLook();
    const { file, door } = await session();
    server.requests.length = 0;
    const counter: ReadCounter = { bytes: 0, requests: 0 };
    const { source } = await openSource(file.address, { counter, pinned: file, cache: door });
    expect(await readRanges(source, RANGES)).toEqual(VALUES);
    expect(server.requests).toEqual([]);
  });

  test('at a file that changed fetches it anew, and what was held goes', async () => {
    await firstLook();
    appendFileSync(join(folder, 'events.bin'), 'more');
    const { source, file, door } = await session();
    expect(file.size).toBe(SIZE + 4);
    expect(await readRanges(source, RANGES)).toEqual(VALUES);
    expect(server.requests.filter(({ method }) => method === 'GET').length).toBeGreaterThan(1);
    await door.flush();
    const packs = readdirSync(join(folder, 'cache'), { recursive: true, encoding: 'utf8' });
    expect(
      new Set(
        packs.filter((name) => /\/\w+\.\w+$/.test(name) && !name.endsWith('.json')).map((name) => name.split('.')[0]),
      ).size,
    ).toBe(1);
  });

  test('by an address whose server refuses HEAD opens it as before, and reads what is held', async () => {
    const url = server.url('events.bin', 'no-head');
    await firstLook(url);
    const { source } = await session(url);
    expect(await look(source)).toEqual(VALUES);
    const gets = server.requests.filter(({ method }) => method === 'GET');
    expect(gets.map(({ range }) => range)).toEqual(['bytes=-65536']);
  });

  test('by a link signed anew finds what the other one fetched', async () => {
    await firstLook(`${server.url('events.bin')}?X-Amz-Signature=first`);
    const { source } = await session(`${server.url('events.bin')}?X-Amz-Signature=second`);
    expect(await look(source)).toEqual(VALUES);
    expect(server.requests.map(({ method }) => method)).toEqual(['HEAD']);
  });

  test('of a file without a version fetches all again', async () => {
    const url = server.url('events.bin', 'no-etag');
    await firstLook(url);
    const { source } = await session(url);
    expect(await look(source)).toEqual(VALUES);
    expect(server.requests.length).toBeGreaterThan(1);
  });
});

describe('without its server', () => {
  test('a file opens as of the last time that it was seen, and reads what is held', async () => {
    const before = Date.now();
    await firstLook();
    await server.close();
    const { source, file } = await session();
    expect(file.asOf).toBeGreaterThanOrEqual(before);
    expect(await look(source)).toEqual(VALUES);
  });

  test('a file that nothing is held of fails as ever', async () => {
    await server.close();
    await expect(session()).rejects.toThrow("can't be reached");
  });

  test('a server that answers, be it an error, is not one that is gone', async () => {
    await firstLook();
    rmSync(join(folder, 'events.bin'));
    await expect(session()).rejects.toThrow('not found');
  });
});

test('damaged entries are fetched again, and the values are right', async () => {
  await firstLook();
  const cache = join(folder, 'cache');
  for (const name of readdirSync(cache, { recursive: true, encoding: 'utf8' })) {
    if (!/\/\w{16}\.\w+$/.test(name)) continue;
    const bytes = readFileSync(join(cache, name));
    for (let at = 100; at < bytes.length; at += 997) bytes[at]! ^= 16;
    writeFileSync(join(cache, name), bytes);
  }
  const { source, door } = await session();
  expect(await look(source)).toEqual(VALUES);
  expect(server.requests.some(({ method }) => method === 'GET')).toBe(true);
  await door.flush();
  server.requests.length = 0;
  const { source: next } = await session();
  expect(await look(next)).toEqual(VALUES);
  expect(server.requests.map(({ method }) => method)).toEqual(['HEAD']);
});
