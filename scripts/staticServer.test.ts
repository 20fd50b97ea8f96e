import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type StaticServer, serveFolder } from './staticServer.ts';

let folder: string;
let server: StaticServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumiscope-static-'));
  await writeFile(join(folder, 'index.html'), '<p>hello');
  await writeFile(join(folder, 'data.parquet'), '0123456789');
  server = await serveFolder(folder, { base: '/sub/' });
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${server.url}${path}`, { headers });

it('answers a folder with its index, under the sub-path only', async () => {
  const index = await get('');
  expect(index.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(await index.text()).toBe('<p>hello');
  expect((await fetch(new URL('/', server.url))).status).toBe(404);
  expect((await get('nothing.js')).status).toBe(404);
  expect((await get('..%2f..%2fetc%2fpasswd')).status).toBe(404);
});

it.each([
  ['bytes=2-4', '234', 'bytes 2-4/10'],
  ['bytes=7-', '789', 'bytes 7-9/10'],
  ['bytes=-4', '6789', 'bytes 6-9/10'],
  ['bytes=-40', '0123456789', 'bytes 0-9/10'],
  ['bytes=8-99', '89', 'bytes 8-9/10'],
])('answers the range %s', async (range, text, contentRange) => {
  const response = await get('data.parquet', { range });
  expect(response.status).toBe(206);
  expect(await response.text()).toBe(text);
  expect(response.headers.get('content-range')).toBe(contentRange);
});

it('refuses a range past the end, and sends all where the version is another', async () => {
  expect((await get('data.parquet', { range: 'bytes=10-' })).status).toBe(416);
  const other = await get('data.parquet', { range: 'bytes=0-1', 'if-range': '"other"' });
  expect(other.status).toBe(200);
  expect(await other.text()).toBe('0123456789');
});
