/** Servers that answer wrongly, slowly or without end; clients that take nothing, or leave. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Fault, type FaultyServer, startFaultyServer } from '../../workers/testing/faultyServer.ts';
import { startProxy, type TestProxy } from './testing/startProxy.ts';

const SIZE = 300_000;
const folder = mkdtempSync(join(tmpdir(), 'lumiscope-misbehaving-'));
let server: FaultyServer;
/** Answers with bytes that a test writes. */
let raw: Server;
let origin: string;
let text: string | ((socket: Socket) => void);
let heard: string;
const sockets = new Set<Socket>();
let proxy: TestProxy;

beforeAll(async () => {
  writeFileSync(join(folder, 'a.root'), Buffer.alloc(SIZE, 7));
  server = await startFaultyServer(folder);
  raw = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
      if (typeof text === 'string') socket.end(text);
      else text(socket);
    });
  });
  await new Promise<void>((done) => raw.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(raw.address() as AddressInfo).port}`;
  proxy = await startProxy({
    origins: [new URL(server.origin).origin, origin],
    limits: { responseBytes: 200_000, skippedBytes: 150_000, perClient: 4, perOrigin: 2 },
  });
});
afterAll(async () => {
  await proxy.close();
  await server.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((done) => raw.close(done));
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  heard = '';
  server.requests.length = 0;
  proxy.told.length = 0;
});

/** Status, or how the body ended. */
async function outcome(
  url: string,
  range = 'bytes=10-19',
  init: RequestInit = {},
  through = proxy,
): Promise<number | string> {
  try {
    const response = await through.ask(url, { ...init, headers: { range, ...init.headers } });
    const { length } = new Uint8Array(await response.arrayBuffer());
    return response.ok ? `${response.status} ${length}` : response.status;
  } catch {
    return 'broken off';
  }
}

test.each<[Fault, number | string]>([
  ['broken', 500],
  ['forbidden', 403],
  ['unauthorized', 401],
  ['gone', 404],
  ['closed', 503],
  ['no-head', '206 10'],
  ['no-etag', '206 10'],
  ['no-cors', '206 10'],
  ['wrong-range', 502],
  ['no-suffix', '206 10'],
  ['cut', 'broken off'],
  ['short', 502],
  ['reset', 502],
])('a server with the fault %s: %s', async (fault, expected) => {
  expect(await outcome(server.url('a.root', fault))).toBe(expected);
});

test.each<[Fault, number | string]>([
  ['stall', 504],
  ['silent', 504],
  ['stall-once', 'broken off'],
])('a server that gives nothing more (%s) is given up', async (fault, expected) => {
  const hasty = await startProxy({ origins: [new URL(server.origin).origin], limits: { idleSeconds: 0.3 } });
  try {
    expect(await outcome(server.url('a.root', fault), 'bytes=10-19', {}, hasty)).toBe(expected);
    await expect.poll(() => server.requests[0]!.aborted).toBe(true);
    expect(hasty.told.filter(({ kind }) => kind === 'error')).toHaveLength(1);
  } finally {
    await hasty.close();
  }
});

test('a suffix that a server takes for the start of the file is not given on', async () => {
  expect(await outcome(server.url('a.root', 'no-suffix'), 'bytes=-10')).toBe(502);
});

test('how long a server wants to be left alone is told', async () => {
  const response = await proxy.ask(server.url('a.root', 'closed'), { headers: { range: 'bytes=0-9' } });
  expect(response.headers.get('Retry-After')).toBe('3600');
});

describe('ranges', () => {
  test.each([
    'bytes=0-9,20-29',
    'bytes=-0',
    'bytes=9-0',
    'bytes=-',
    'bytes=',
    'bytes=a-b',
    'bytes=0x0-9',
    'bytes=+0-9',
    'bytes=0-9;',
    'bytes 0-9',
    'items=0-9',
    'bytes=0-99999999999999999999',
    'bytes=18446744073709551615-18446744073709551616',
    'bytes=-99999999999999999999',
    'bytes=9007199254740992-',
  ])('%s is refused, and nobody asked', async (range) => {
    expect(await outcome(server.url('a.root'), range)).toBe(416);
    expect(server.requests).toEqual([]);
  });

  test('behind the end are told so, with the size', async () => {
    const response = await proxy.ask(server.url('a.root'), { headers: { range: 'bytes=300000-300009' } });
    expect([response.status, response.headers.get('Content-Range')]).toEqual([416, 'bytes */300000']);
  });

  test('longer than an answer may be are refused before they are read', async () => {
    expect(await outcome(server.url('a.root'), 'bytes=0-200000')).toBe(413);
    expect(await outcome(server.url('a.root'), 'bytes=0-')).toBe(413);
    expect(await outcome(server.url('a.root'), 'bytes=0-199999')).toBe('206 200000');
    const whole = await proxy.ask(server.url('a.root'));
    expect(whole.status).toBe(413);
    const head = await proxy.ask(server.url('a.root'), { method: 'HEAD' });
    expect([head.status, head.headers.get('Content-Length')]).toEqual([200, '300000']);
  });

  test('far behind the start of a file that is only sent whole are refused', async () => {
    expect(await outcome(server.url('a.root', 'ignore-range'), 'bytes=150001-150010')).toBe(502);
    await expect.poll(() => server.requests[0]!.aborted).toBe(true);
    expect(server.requests[0]!.sent).toBeLessThan(SIZE);
  });

  test('of a version that is gone: the whole file, where that is short enough', async () => {
    const headers = { 'if-range': '"other"' };
    expect(await outcome(server.url('a.root'), 'bytes=0-9', { headers })).toBe(413);
    expect(await outcome(server.url('a.root'), 'bytes=0-9', { headers: { 'if-range': `"v-${SIZE}"` } })).toBe('206 10');
    expect(server.requests.map((one) => one.headers['if-range'])).toEqual(['"other"', `"v-${SIZE}"`]);
  });

  test.each(['no tag', '"a\u00e9"', 'W/a', '"a", b', 'Tue'])(
    'conditions that can not be read are refused: %s',
    async (tag) => {
      for (const name of ['if-range', 'if-match', 'if-none-match'])
        expect(await outcome(server.url('a.root'), 'bytes=0-9', { headers: { [name]: tag } }), name).toBe(400);
      expect(server.requests).toEqual([]);
    },
  );
});

describe('answers', () => {
  const PART = 'HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 10-19/100\r\n';
  const BODY = '\r\n0123456789';
  test.each<[string, string, number | string]>([
    ['right', `${PART}Content-Length: 10\r\n${BODY}`, '206 10'],
    ['right, until the connection closes', PART + BODY, '206 10'],
    ['right, in chunks', `${PART}Transfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n`, '206 10'],
    ['too short, in chunks', `${PART}Transfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n0\r\n\r\n`, 'broken off'],
    [
      'too long, in chunks',
      `${PART}Transfer-Encoding: chunked\r\n\r\n14\r\n01234567890123456789\r\n0\r\n\r\n`,
      '206 10',
    ],
    ['Content-Length twice, the same', `${PART}Content-Length: 10\r\nContent-Length: 10\r\n${BODY}`, 502],
    ['Content-Length twice', `${PART}Content-Length: 10\r\nContent-Length: 5\r\n${BODY}`, 502],
    [
      'Content-Length and chunks',
      `${PART}Content-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n`,
      502,
    ],
    ['Content-Length that does not fit', `${PART}Content-Length: 9\r\n${BODY}`, 502],
    ['negative Content-Length', `${PART}Content-Length: -1\r\n${BODY}`, 502],
    ['odd Content-Length', `${PART}Content-Length: 0x0a\r\n${BODY}`, 502],
    ['another transfer coding', `${PART}Transfer-Encoding: gzip, chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n`, 502],
    ['compressed', `${PART}Content-Encoding: gzip\r\nContent-Length: 10\r\n${BODY}`, 502],
    ['Content-Range twice', `${PART}Content-Range: bytes 0-9/100\r\nContent-Length: 10\r\n${BODY}`, 502],
    ['ETag twice', `${PART}ETag: "a"\r\nETag: "b"\r\nContent-Length: 10\r\n${BODY}`, 502],
    [
      'several parts',
      `HTTP/1.1 206 x\r\nContent-Type: multipart/byteranges; boundary=x\r\nContent-Length: 10\r\n${BODY}`,
      502,
    ],
    ['another range', `HTTP/1.1 206 x\r\nContent-Range: bytes 0-9/100\r\nContent-Length: 10\r\n${BODY}`, 502],
    ['a shorter range', `HTTP/1.1 206 x\r\nContent-Range: bytes 10-14/100\r\nContent-Length: 5\r\n\r\n01234`, 502],
    [
      'a longer range',
      `HTTP/1.1 206 x\r\nContent-Range: bytes 10-24/100\r\nContent-Length: 15\r\n\r\n012345678901234`,
      502,
    ],
    [
      'a range past its own end',
      `HTTP/1.1 206 x\r\nContent-Range: bytes 10-19/15\r\nContent-Length: 10\r\n${BODY}`,
      502,
    ],
    ['a header with a stray line end', `${PART}X-A: b\rSet-Cookie: c=d\r\nContent-Length: 10\r\n${BODY}`, 502],
    ['a header that is folded', `${PART}X-A: b\r\n Set-Cookie: c=d\r\nContent-Length: 10\r\n${BODY}`, 502],
    ['headers without end', `${PART}X-A: ${'b'.repeat(40_000)}\r\nContent-Length: 10\r\n${BODY}`, 502],
    ['no HTTP', 'SSH-2.0-OpenSSH\r\n', 502],
    ['nothing', '', 502],
    ['an unknown status', 'HTTP/1.1 299 x\r\nContent-Length: 0\r\n\r\n', 502],
    ['a refusal of no kind', 'HTTP/1.1 418 x\r\nContent-Length: 0\r\n\r\n', 502],
    ['only early hints', 'HTTP/1.1 103 x\r\nLink: </x>\r\n\r\n', 502],
    ['early hints before', `HTTP/1.1 103 x\r\nLink: </x>\r\n\r\n${PART}Content-Length: 10\r\n${BODY}`, '206 10'],
    ['a switch of protocols', 'HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n', 502],
  ])('%s', async (_, said, expected) => {
    text = said;
    expect(await outcome(`${origin}/`)).toBe(expected);
  });

  test('an address does not end the request line', async () => {
    text = `${PART}Content-Length: 10\r\n${BODY}`;
    await outcome(`${origin}/a b\r\nX-Other: y\r\n\r\nGET /c HTTP\r\nHost: d?e=f g%0d%0aX-H: 1`);
    expect(heard.split('\r\n')[0]).toMatch(/^GET \/\S+ HTTP\/1\.1$/);
    expect(heard.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(heard).not.toMatch(/^X-/m);
  });

  test('encoded slashes and dots stay as they are written', async () => {
    text = `${PART}Content-Length: 10\r\n${BODY}`;
    await outcome(`${origin}/a%2F..%2Fb/%2e%2e/c//d%5C?x=%2F`);
    expect(heard.split('\r\n')[0]).toBe('GET /c//d%5C?x=%2F HTTP/1.1');
  });
});

describe('time and place', () => {
  test('a server that never stops between its bytes is cut off by the time for all of it', async () => {
    const hasty = await startProxy({ origins: [origin], limits: { totalSeconds: 0.5, idleSeconds: 0.3 } });
    try {
      text = (socket) => {
        socket.write('HTTP/1.1 206 x\r\nContent-Range: bytes 0-99999/100000\r\n\r\n');
        const drip = setInterval(() => socket.write('x'), 50);
        socket.on('close', () => clearInterval(drip));
      };
      const response = await hasty.ask(`${origin}/`, { headers: { range: 'bytes=0-99999' } });
      await expect(response.arrayBuffer()).rejects.toThrow();
      await expect.poll(() => sockets.size).toBe(0);
      expect(hasty.told).toContainEqual(expect.objectContaining({ kind: 'error', where: 'proxy' }));
    } finally {
      await hasty.close();
    }
  });

  test('a name that nobody answers for is given up', async () => {
    const lost = await startProxy(
      { origins: ['http://lost.example'], limits: { connectSeconds: 0.1 } },
      { resolve: () => new Promise(() => undefined) },
    );
    try {
      expect((await lost.ask('http://lost.example/')).status).toBe(504);
    } finally {
      await lost.close();
    }
  });

  test('a client that leaves ends what was asked for it', async () => {
    text = (socket) => void socket.write('HTTP/1.1 206 x\r\nContent-Range: bytes 0-99999/100000\r\n\r\nx');
    for (const range of ['bytes=0-99999', 'bytes=0-199999']) {
      const leave = new AbortController();
      const response = await proxy.ask(`${origin}/`, { headers: { range: 'bytes=0-99999' }, signal: leave.signal });
      expect(sockets.size, range).toBe(1);
      leave.abort();
      await expect(response.arrayBuffer()).rejects.toThrow();
      await expect.poll(() => sockets.size).toBe(0);
    }
    await expect.poll(() => proxy.told.filter(({ kind }) => kind === 'proxied')).toHaveLength(2);
    expect(proxy.told.filter(({ kind }) => kind === 'error')).toEqual([]);
  });

  test('a client has its share of requests, and the rest waits for a place at the origin', async () => {
    const held: Socket[] = [];
    text = (socket) => void held.push(socket);
    const ask = (k: number) => outcome(`${origin}/${k}`, 'bytes=0-1');
    const asked = [1, 2, 3, 4].map(ask);
    await expect.poll(() => held.length).toBe(2);
    // Four are under way: a fifth is one too many.
    expect(await ask(5)).toBe(429);
    for (const socket of held) socket.end('HTTP/1.1 206 x\r\nContent-Range: bytes 0-1/2\r\n\r\nab');
    text = 'HTTP/1.1 206 x\r\nContent-Range: bytes 0-1/2\r\n\r\nab';
    expect(await Promise.all(asked)).toEqual(Array(4).fill('206 2'));
    expect(await ask(6)).toBe('206 2');
  });

  test('a client that takes nothing is broken off, and the origin is not read on for it', async () => {
    const patient = await startProxy({ origins: [new URL(server.origin).origin], limits: { idleSeconds: 0.4 } });
    try {
      const { port } = new URL(patient.address);
      const client = connect(Number(port), '127.0.0.1').pause();
      client.on('error', () => undefined);
      const path = `/range?url=${encodeURIComponent(server.url('a.root', 'endless'))}`;
      client.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nRange: bytes=0-99999999\r\n\r\n`);
      await expect.poll(() => server.requests.at(-1)?.aborted, { timeout: 20_000 }).toBe(true);
      // What fits into buffers on the way.
      expect(server.requests.at(-1)!.sent).toBeLessThan(20e6);
      client.destroy();
    } finally {
      await patient.close();
    }
  });
});
