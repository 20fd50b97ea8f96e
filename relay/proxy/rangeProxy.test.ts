import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Fault, type FaultyServer, startFaultyServer } from '../../workers/testing/faultyServer.ts';
import { startProxy, type TestProxy } from './testing/startProxy.ts';

const BYTES = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7) % 251));
const folder = mkdtempSync(join(tmpdir(), 'lumiscope-proxied-'));
let server: FaultyServer;
let proxy: TestProxy;

beforeAll(async () => {
  writeFileSync(join(folder, 'a.root'), BYTES);
  server = await startFaultyServer(folder);
  proxy = await startProxy({ origins: [new URL(server.origin).origin] });
});
afterAll(async () => {
  await proxy.close();
  await server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  server.requests.length = 0;
});

const ask = (fault?: Fault, range = 'bytes=100000-199999', init: RequestInit = {}) =>
  proxy.ask(server.url('a.root', fault), { ...init, headers: { range, ...init.headers } });
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

describe('right bytes', () => {
  test.each([
    ['bytes=100000-199999', 100_000, 200_000],
    ['bytes=299990-400000', 299_990, 300_000],
    ['bytes=299990-', 299_990, 300_000],
    ['bytes=-10', 299_990, 300_000],
    ['bytes=0-0', 0, 1],
  ])('of %s', async (range, begin, end) => {
    const response = await ask(undefined, range);
    expect(response.status).toBe(206);
    expect(response.headers.get('Content-Range')).toBe(`bytes ${begin}-${end - 1}/300000`);
    expect(response.headers.get('ETag')).toBe('"v-300000"');
    expect((await bytesOf(response)).equals(BYTES.subarray(begin, end))).toBe(true);
  });

  test('of the whole file, and what HEAD tells of it', async () => {
    const whole = await proxy.ask(server.url('a.root'));
    expect(whole.status).toBe(200);
    expect((await bytesOf(whole)).equals(BYTES)).toBe(true);
    const head = await ask(undefined, 'bytes=0-', { method: 'HEAD' });
    expect([head.status, head.headers.get('Content-Length')]).toEqual([206, '300000']);
    expect(head.headers.get('Content-Range')).toBe('bytes 0-299999/300000');
  });

  test('where the server sends the whole file instead of the range', async () => {
    const response = await ask('ignore-range', 'bytes=70000-70099');
    expect(response.status).toBe(206);
    expect(response.headers.get('Content-Range')).toBe('bytes 70000-70099/300000');
    expect((await bytesOf(response)).equals(BYTES.subarray(70_000, 70_100))).toBe(true);
    await expect.poll(() => server.requests[0]!.aborted).toBe(true);
  });

  // With a condition, an answer goes through to one client alone.
  test.each<Record<string, string>>([{}, { 'if-none-match': '"other"' }])(
    'of a body without end, which is not read on: %j',
    async (headers) => {
      const response = await ask('endless', 'bytes=1000-1999', { headers });
      expect((await bytesOf(response)).length).toBe(1000);
      expect(response.headers.get('Content-Range')).toBe('bytes 1000-1999/*');
      await expect.poll(() => server.requests[0]!.aborted).toBe(true);
    },
  );
});
