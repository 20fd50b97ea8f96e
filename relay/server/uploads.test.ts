import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { LumiscopeError } from '../../core/errors.ts';
import { stagedPath } from '../../core/ingest/layout.ts';
import { memoryObjects } from '../../workers/objects/testing/memoryObjects.ts';
import { startTestServer, type TestServer, type TestServerOptions } from './testing/testServer.ts';
import { type UploadOptions, Uploads } from './uploads.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function start(options?: TestServerOptions): Promise<TestServer> {
  const server = await startTestServer(options);
  closing.push(server.close);
  return server;
}

const bytesOf = (length: number, seed = 1) =>
  Uint8Array.from({ length }, (_, k) => (k * 31 + seed * 7 + (k >> 8)) & 255);
const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const spooled = ({ folder }: TestServer) => readdirSync(join(folder, 'uploads'));

/** The checksum of what the store has. */
const stored = async ({ objects }: TestServer, object: Uint8Array) =>
  digestOf((await objects.read(stagedPath(digestOf(object))))!.bytes);

/** Sends bytes `[from, past)` of an object. */
async function put(
  { url }: TestServer,
  object: Uint8Array,
  from = 0,
  past = object.length,
  { total = object.length, name = digestOf(object) } = {},
) {
  const answer = await fetch(`${url}/v1/objects/${name}`, {
    method: 'PUT',
    body: object.slice(from, past),
    headers: from === 0 && past === total ? {} : { 'content-range': `bytes ${from}-${past - 1}/${total}` },
  });
  const body = (await answer.json()) as { stored?: boolean; error?: { what: string; hint?: string } };
  return { status: answer.status, offset: answer.headers.get('upload-offset'), body };
}

async function head({ url }: TestServer, object: Uint8Array) {
  const answer = await fetch(`${url}/v1/objects/${digestOf(object)}`, { method: 'HEAD' });
  return [answer.status, answer.headers.get('upload-offset')];
}

/** Sends the beginning of a body, and no more. */
function dangle({ url }: TestServer, object: Uint8Array, sent: number) {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  socket.write(
    `PUT /v1/objects/${digestOf(object)} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${object.length}\r\n\r\n`,
  );
  socket.write(object.subarray(0, sent));
  return socket;
}

/** Uploads without a server. */
async function spool(options: Partial<UploadOptions>) {
  const folder = mkdtempSync(join(tmpdir(), 'lumiscope-uploads-'));
  closing.push(async () => rmSync(folder, { recursive: true }));
  const limits = { objectBytes: 1e6, spoolBytes: 1e6, memoryBytes: 1e6, stalledMs: 10_000 };
  const uploads = await Uploads.open({ folder, objects: memoryObjects(), tell: () => {}, ...limits, ...options });
  return { folder, uploads };
}

const pieceOf = (object: Uint8Array, from: number, past: number) => ({
  sha256: digestOf(object),
  from,
  past,
  total: object.length,
  producer: 'test',
});

/** A body that comes once something is over. */
const bodyOf = (bytes: Uint8Array, after = async () => {}) => ({
  async *[Symbol.asyncIterator]() {
    await after();
    yield bytes;
  },
  destroy: () => {},
});

async function until(condition: () => unknown): Promise<void> {
  for (let tries = 0; !(await condition()); tries++) {
    if (tries > 2000) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('an object', () => {
  it('is stored whole when its checksum is right, and again at once', async () => {
    const server = await start();
    const object = bytesOf(300_000);
    expect(await head(server, object)).toEqual([404, '0']);
    expect(await put(server, object)).toMatchObject({ status: 201, body: { stored: true } });
    expect(await stored(server, object)).toBe(digestOf(object));
    expect(await put(server, object)).toMatchObject({ status: 200, body: { stored: true } });
    expect(await head(server, object)).toEqual([200, '0']);
    expect(server.happened.map((one) => one.kind === 'staged' && one.again)).toEqual([false, true]);
    expect(spooled(server)).toEqual([]);
  });

  it('comes in pieces, and goes on where it broke off', async () => {
    const server = await start();
    const object = bytesOf(100_000);
    expect(await put(server, object, 0, 40_000)).toMatchObject({
      status: 202,
      offset: '40000',
      body: { stored: false },
    });
    expect(await head(server, object)).toEqual([404, '40000']);
    expect(await put(server, object, 40_000, 99_999)).toMatchObject({ status: 202, offset: '99999' });
    expect(await put(server, object, 99_999)).toMatchObject({ status: 201 });
    expect(await head(server, object)).toEqual([200, '0']);
  });

  it('keeps what came when its producer breaks off, and goes on from there after a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lumiscope-uploads-'));
    const objects = memoryObjects();
    const object = bytesOf(500_000);
    const first = await start({ folder, objects });
    const socket = dangle(first, object, 200_000);
    await until(async () => (await head(first, object))[1] === '200000');
    socket.destroy();
    const second = await start({ folder, objects });
    expect(await head(second, object)).toEqual([404, '200000']);
    expect(await put(second, object, 200_000)).toMatchObject({ status: 201 });
    closing.push(async () => rmSync(folder, { recursive: true }));
  });

  it('that came whole before the relay died is stored when it is asked for', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lumiscope-uploads-'));
    closing.push(async () => rmSync(folder, { recursive: true }));
    const object = bytesOf(1000);
    const first = await start({ folder });
    writeFileSync(join(folder, 'uploads', `${digestOf(object)}.1000.part`), object);
    await first.close();
    closing.length = 1;
    const second = await start({ folder });
    expect(await head(second, object)).toEqual([200, '0']);
    expect(await stored(second, object)).toBe(digestOf(object));
  });
});

it.each(['HEAD', 'PUT'])(
  'what was stored just before the relay died leaves the spool when %s finds it',
  async (method) => {
    const objects = memoryObjects();
    const object = bytesOf(1000);
    await objects.write(stagedPath(digestOf(object)), object);
    const folder = mkdtempSync(join(tmpdir(), 'lumiscope-uploads-'));
    closing.push(async () => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, 'uploads'));
    writeFileSync(join(folder, 'uploads', `${digestOf(object)}.1000.part`), object);
    const server = await start({ folder, objects });
    if (method === 'HEAD') expect(await head(server, object)).toEqual([200, '0']);
    else expect(await put(server, object)).toMatchObject({ status: 200 });
    expect(spooled(server)).toEqual([]);
  },
);

describe('what is refused', () => {
  it.each([
    ['an overlap', 300, 1000, 1000, 409, /bytes from 300 on overlap: 500/, '500'],
    ['a gap', 600, 1000, 1000, 409, /leave a gap: 500/, '500'],
    ['another total', 500, 1000, 1001, 400, /of 1001 bytes, of 1000/, '500'],
  ])('%s', async (_, from, past, total, status, what, offset) => {
    const server = await start();
    const object = bytesOf(1000);
    await put(server, object, 0, 500);
    const answer = await put(server, object, from, past, { total });
    expect(answer).toMatchObject({ status, offset });
    expect(answer.body.error?.what).toMatch(what);
    expect(await put(server, object, 500), 'what was there still is').toMatchObject({ status: 201 });
  });

  it.each([
    ['bytes 5-4/1000', 400, /do not lie within/],
    ['bytes 0-1000/1000', 400, /do not lie within/],
    ['bytes 0-5/1000', 400, /the body has 1000 bytes, the range 6/],
    ['bytes 0-999/*', 400, /no range of known length/],
    ['bytes=0-999', 400, /no range of known length/],
    ['bytes 0-999/99999999999999999999', 400, /no range of known length/],
  ])('the range %s', async (range, status, what) => {
    const { url } = await start();
    const object = bytesOf(1000);
    const answer = await fetch(`${url}/v1/objects/${digestOf(object)}`, {
      method: 'PUT',
      body: object,
      headers: { 'content-range': range },
    });
    expect(answer.status).toBe(status);
    expect(((await answer.json()) as { error: { what: string } }).error.what).toMatch(what);
  });

  it('a wrong checksum: what came is thrown away, and can be sent again', async () => {
    const server = await start();
    const [object, other] = [bytesOf(1000), bytesOf(1000, 2)];
    const answer = await put(server, other, 0, 1000, { name: digestOf(object) });
    expect(answer).toMatchObject({ status: 422, offset: '0' });
    expect(answer.body.error?.what).toContain(digestOf(other));
    expect(spooled(server)).toEqual([]);
    expect(await put(server, object)).toMatchObject({ status: 201 });
  });

  it('objects that are too large, bodies of unknown length, packed ones, and names that are no checksum', async () => {
    const server = await start({ config: { limits: { objectBytes: 999 } } });
    expect((await put(server, bytesOf(1000))).status).toBe(413);
    const address = `${server.url}/v1/objects/${digestOf(bytesOf(10))}`;
    const stream = new Blob([bytesOf(10)]).stream();
    expect((await fetch(address, { method: 'PUT', body: stream, duplex: 'half' } as RequestInit)).status).toBe(411);
    expect(
      (await fetch(address, { method: 'PUT', body: bytesOf(10), headers: { 'content-encoding': 'gzip' } })).status,
    ).toBe(415);
    expect((await fetch(`${server.url}/v1/objects/..%2f..%2fx`, { method: 'PUT', body: 'x' })).status).toBe(400);
    expect(spooled(server)).toEqual([]);
  });

  it('more than the spool may hold: 507 with an alarm, until there is room', async () => {
    const server = await start({ config: { limits: { spoolBytes: 1500 } } });
    const [one, two] = [bytesOf(1000), bytesOf(1000, 2)];
    await put(server, one, 0, 10);
    const refused = await put(server, two);
    expect(refused.status).toBe(507);
    expect(refused.body.error?.what).toMatch(/uploads that are under way take 1000 of 1500 bytes/);
    expect(server.happened).toContainEqual(expect.objectContaining({ kind: 'alarm', alarm: 'disk' }));
    expect((await put(server, one, 10)).status).toBe(201);
    expect((await put(server, two)).status).toBe(201);
  });

  it('more than the spool may hold, also of many that begin at once', async () => {
    const { uploads } = await spool({ spoolBytes: 3500 });
    const objects = Array.from({ length: 12 }, (_, k) => bytesOf(1000, k));
    const taken = objects.map((object) =>
      uploads.take({ ...pieceOf(object, 0, 10), body: bodyOf(object.slice(0, 10)) }),
    );
    const ends = await Promise.allSettled(taken);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  });

  it('an upload that finds no place on disk takes none of the spool', async () => {
    const server = await start({ config: { limits: { spoolBytes: 1500 } } });
    const [one, two] = [bytesOf(1000), bytesOf(1000, 2)];
    const place = join(server.folder, 'uploads', `${digestOf(one)}.1000.part`);
    mkdirSync(place);
    expect((await put(server, one)).status).toBe(500);
    expect((await put(server, two)).status).toBe(201);
  });

  it.skipIf(process.platform !== 'linux')('what the disk has no room for: 507 with an alarm', async () => {
    const server = await start();
    const object = bytesOf(1000);
    symlinkSync('/dev/full', join(server.folder, 'uploads', `${digestOf(object)}.1000.part`));
    const refused = await put(server, object);
    expect(refused.status).toBe(507);
    expect(refused.body.error?.what).toMatch(/disk of the spool is full/);
    expect(server.happened).toContainEqual(expect.objectContaining({ kind: 'alarm', alarm: 'disk' }));
  });

  it('what the store does not take: it stays in the spool, and is stored when the store is back', async () => {
    const objects = memoryObjects();
    let broken = true;
    const server = await start({
      objects: {
        ...objects,
        write: (...args) =>
          broken ? Promise.reject(new LumiscopeError('source', 'the store is full')) : objects.write(...args),
      },
    });
    const object = bytesOf(1000);
    expect((await put(server, object)).status).toBe(503);
    expect(spooled(server)).toHaveLength(1);
    broken = false;
    expect(await head(server, object)).toEqual([200, '0']);
    expect(spooled(server)).toEqual([]);
  });
});

describe('two producers of one object', () => {
  it('do not write at once; the second finds it stored', async () => {
    const server = await start();
    const object = bytesOf(50_000);
    const socket = dangle(server, object, 10_000);
    await until(async () => (await head(server, object))[1] === '10000');
    const second = await put(server, object);
    expect(second.status).toBe(409);
    expect(second.body.error?.what).toMatch(/another producer/);
    socket.write(object.subarray(10_000));
    await until(async () => (await head(server, object))[0] === 200);
    expect(await put(server, object)).toMatchObject({ status: 200 });
    socket.destroy();
  });

  it('take over from one that fell silent', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lumiscope-uploads-'));
    closing.push(async () => rmSync(folder, { recursive: true }));
    let now = 0;
    const uploads = await Uploads.open({
      folder,
      objects: memoryObjects(),
      tell: () => {},
      objectBytes: 1e6,
      spoolBytes: 1e6,
      memoryBytes: 1e6,
      stalledMs: 10_000,
      now: () => now,
    });
    const object = bytesOf(1000);
    let cut = (_: Error) => {};
    const silent = {
      async *[Symbol.asyncIterator]() {
        yield object.subarray(0, 100);
        await new Promise((_, reject) => {
          cut = reject;
        });
      },
      destroy: () => cut(new Error('cut off')),
    };
    const body = (bytes: Uint8Array) => ({
      async *[Symbol.asyncIterator]() {
        yield bytes;
      },
      destroy: () => {},
    });
    const piece = { sha256: digestOf(object), from: 0, past: 1000, total: 1000, producer: 'test' };
    const first = expect(uploads.take({ ...piece, body: silent })).rejects.toThrow('cut off');
    await until(async () => (await uploads.state(piece.sha256)).offset === 100);
    await expect(uploads.take({ ...piece, body: body(object) })).rejects.toMatchObject({ status: 409 });
    now = 10_000;
    expect(await uploads.take({ ...piece, from: 100, body: body(object.subarray(100)) })).toMatchObject({
      stored: true,
    });
    await first;
  });
});

it('many at once hold little in memory: objects are stored one after another', async () => {
  let storing = 0;
  let most = 0;
  const objects = memoryObjects();
  const server = await start({
    config: { limits: { uploadMemory: 250_000 } },
    objects: {
      ...objects,
      async write(...args) {
        most = Math.max(most, ++storing);
        await new Promise((resolve) => setTimeout(resolve, 2));
        storing--;
        return objects.write(...args);
      },
    },
  });
  const answers = await Promise.all(Array.from({ length: 12 }, (_, k) => put(server, bytesOf(100_000, k))));
  expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(201));
  expect(most).toBe(2);
});

it('a producer that breaks off is no failure of the relay', async () => {
  const server = await start();
  const object = bytesOf(1000);
  const socket = dangle(server, object, 100);
  await until(async () => (await head(server, object))[1] === '100');
  socket.destroy();
  await until(() => server.lines.some((line) => line.includes('request failed')));
  expect(server.lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});

it('an upload that is gone on with just when its time is over is whole, or was refused', async () => {
  for (let turns = 0; turns < 30; turns++) {
    const { folder, uploads } = await spool({});
    const object = bytesOf(1000);
    const path = join(folder, `${digestOf(object)}.1000.part`);
    expect((await uploads.take({ ...pieceOf(object, 0, 500), body: bodyOf(object.slice(0, 500)) })).offset).toBe(500);
    utimesSync(path, new Date(), new Date(Date.now() - 3_600_000));
    const expired = uploads.expire(1_800_000);
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
    const body = bodyOf(object.slice(500), async () => void (await expired));
    const taken = await uploads.take({ ...pieceOf(object, 500, 1000), body }).catch((error) => error);
    expect([taken.stored, taken.status], `after ${turns} turns`).toEqual(
      (await expired).objects === 0 ? [true, undefined] : [undefined, 409],
    );
  }
});

it('uploads that nobody goes on with are removed when their time is over', async () => {
  const server = await start();
  const [old, young] = [bytesOf(1000), bytesOf(1000, 2)];
  await put(server, old, 0, 100);
  await put(server, young, 0, 100);
  const path = join(server.folder, 'uploads', `${digestOf(old)}.1000.part`);
  utimesSync(path, new Date(), new Date(Date.now() - 3_600_000));
  const uploads = await Uploads.open({
    folder: join(server.folder, 'uploads'),
    objects: server.objects,
    tell: () => {},
    objectBytes: 1e6,
    spoolBytes: 1e6,
    memoryBytes: 1e6,
    stalledMs: 1,
  });
  expect(await uploads.expire(1_800_000)).toEqual({ objects: 1, bytes: 100 });
  expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined();
  expect(await uploads.state(digestOf(young))).toEqual({ stored: false, offset: 100 });
});
