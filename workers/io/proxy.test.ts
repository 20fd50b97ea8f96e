import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openSource } from './openSource.ts';
import { PATIENCE } from './retry.ts';
import { setAccess } from './send.ts';

const { waits } = PATIENCE;
const HOST = 'data.example';
const BYTES = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
/** What the proxy was asked for. */
let asked: { url: string | null; authorization: string | undefined }[];
let status: number;
let text: string | undefined;
let server: Server;
let proxy: string;

beforeEach(async () => {
  PATIENCE.waits = [5, 5];
  asked = [];
  status = 206;
  text = undefined;
  server = createServer(({ url, headers }, response) => {
    asked.push({ url: new URL(url!, 'http://x').searchParams.get('url'), authorization: headers.authorization });
    response.setHeader('ETag', '"v"');
    response.setHeader('Content-Range', 'bytes 0-999/1000');
    response.writeHead(status).end(text ?? BYTES);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = `http://127.0.0.1:${(server.address() as AddressInfo).port}/range`;
  setAccess({ keys: [], tokens: [{ host: HOST, token: '5ecret' }], proxy, proxied: [HOST] });
});
afterEach(async () => {
  PATIENCE.waits = waits;
  vi.unstubAllGlobals();
  setAccess({ keys: [], tokens: [] });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const open = () => openSource({ kind: 'url', url: `https://${HOST}/a` }, { counter: { bytes: 0, requests: 0 } });

test('a host that is asked through the proxy is asked through it alone, without its token', async () => {
  expect(await (await open()).source.read(10, 20)).toEqual(BYTES.subarray(10, 30));
  expect(asked).toEqual([{ url: `https://${HOST}/a`, authorization: undefined }]);
});

test('what is refused through the proxy is no fault of a token that was not sent', async () => {
  status = 401;
  const error = await open().catch((one) => one);
  expect(error.message).not.toContain('the token');
  expect(error.message).toContain('through the proxy');
});

test('what a relay refuses by itself is told in its words; where it wants a token, one for it', async () => {
  status = 403;
  text = '{"error":{"what":"this relay does not ask https://data.example","hint":"have it listed"}}';
  const error = await open().catch((one) => one);
  expect(error.message).toContain('does not ask https://data.example');
  expect([error.hint, error.place.access]).toEqual(['have it listed', undefined]);
  status = 401;
  text = '{"error":{"what":"a token is needed"}}';
  expect(await open().catch((one) => one)).toMatchObject({ place: { access: new URL(proxy).host } });
  text = '{"error":{"what":"https://data.example answered 401","where":"https://data.example"}}';
  expect(await open().catch((one) => one)).toMatchObject({ place: { access: HOST } });
});

test('a token for the proxy goes to the proxy', async () => {
  const tokens = [
    { host: HOST, token: '5ecret' },
    { host: new URL(proxy).host, token: 'for.the.relay' },
  ];
  setAccess({ keys: [], tokens, proxy, proxied: [HOST] });
  await open();
  expect(asked).toEqual([{ url: `https://${HOST}/a`, authorization: 'Bearer for.the.relay' }]);
});

test('a proxy that can not be reached is told, and the host is not asked without it', async () => {
  const { fetch } = globalThis;
  const hosts = new Set<string>();
  vi.stubGlobal('location', { origin: 'https://page.example' });
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    hosts.add(new URL(url).host);
    return fetch(url, init);
  });
  setAccess({ keys: [], tokens: [], proxy: 'http://127.0.0.1:9/range', proxied: [HOST] });
  const error = await open().catch((one) => one);
  expect(error).toMatchObject({ tag: 'source', message: expect.stringContaining('the proxy 127.0.0.1:9') });
  expect(error.message).not.toContain('CORS');
  expect([...hosts]).toEqual(['127.0.0.1:9']);
});
