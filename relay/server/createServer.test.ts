import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { LumiscopeError } from '../../core/errors.ts';
import { CATALOGUE_FOLDER } from '../../core/ingest/layout.ts';
import { memoryObjects } from '../../workers/objects/testing/memoryObjects.ts';
import { PROGRESS, startTestServer, type TestServer, type TestServerOptions } from './testing/testServer.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function start(options?: TestServerOptions): Promise<TestServer> {
  const server = await startTestServer(options);
  closing.push(server.close);
  return server;
}

const json = async (answer: Response) => JSON.parse(await answer.text());

describe('the catalogue', () => {
  const object = Uint8Array.from({ length: 3_000_000 }, (_, k) => k % 251);
  const served = async () => {
    const objects = memoryObjects();
    await objects.write(`${CATALOGUE_FOLDER}/a/records-0123456789abcdef.parquet`, object);
    await objects.write(`${CATALOGUE_FOLDER}/manifest.json`, new TextEncoder().encode('{}'));
    await objects.write('secret.json', new TextEncoder().encode('{}'));
    const server = await start({ objects });
    return (path: string, headers: Record<string, string> = {}, method = 'GET') =>
      fetch(`${server.url}/catalogue/${path}`, { headers, method });
  };
  const PATH = 'a/records-0123456789abcdef.parquet';

  it.each<[string, number, number, number, string | null]>([
    ['bytes=0-9', 206, 0, 10, 'bytes 0-9/3000000'],
    ['bytes=1000000-', 206, 1_000_000, 3_000_000, 'bytes 1000000-2999999/3000000'],
    ['bytes=-5', 206, 2_999_995, 3_000_000, 'bytes 2999995-2999999/3000000'],
    ['bytes=2999999-9999999', 206, 2_999_999, 3_000_000, 'bytes 2999999-2999999/3000000'],
    ['bytes=0-1,5-6', 200, 0, 3_000_000, null],
    ['items=0-1', 200, 0, 3_000_000, null],
  ])('is read by ranges: %s', async (range, status, begin, past, said) => {
    const get = await served();
    const answer = await get(PATH, { range });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-range')).toBe(said);
    expect(Buffer.compare(Buffer.from(await answer.arrayBuffer()), object.subarray(begin, past))).toBe(0);
  });

  it('has versions, and says what may be kept', async () => {
    const get = await served();
    const head = await get(PATH, {}, 'HEAD');
    expect(head.headers.get('content-length')).toBe('3000000');
    expect(head.headers.get('cache-control')).toMatch(/immutable/);
    const etag = head.headers.get('etag')!;
    expect((await get(PATH, { 'if-none-match': etag })).status).toBe(304);
    expect((await get(PATH, { range: 'bytes=0-1', 'if-range': etag })).status).toBe(206);
    expect((await get(PATH, { range: 'bytes=0-1', 'if-range': '"other"' }, 'HEAD')).status).toBe(200);
    expect((await get(PATH, { range: 'bytes=3000000-' })).status).toBe(416);
    expect((await get('manifest.json')).headers.get('cache-control')).toBe('no-cache');
  });

  it('the manifest comes from one version, though another one is written meanwhile', async () => {
    const objects = memoryObjects();
    const path = `${CATALOGUE_FOLDER}/manifest.json`;
    const [old, young] = [new Uint8Array(3_000_000).fill(1), new Uint8Array(3_100_000).fill(2)];
    await objects.write(path, old);
    const catalogue = objects.below(CATALOGUE_FOLDER);
    const swapped = {
      ...catalogue,
      async readRange(...args: Parameters<typeof catalogue.readRange>) {
        const bytes = await catalogue.readRange(...args);
        await objects.write(path, young);
        return bytes;
      },
    };
    const { url } = await start({ objects: { ...objects, below: () => swapped } });
    const answer = await fetch(`${url}/catalogue/manifest.json`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    const whole = [old, young].find((one) => Buffer.compare(one, bytes) === 0);
    expect(whole).toBeDefined();
    expect(answer.headers.get('etag')).toBe(
      (await fetch(`${url}/catalogue/manifest.json`, { method: 'HEAD' })).headers.get('etag'),
    );
  });

  it.each(['nothing.parquet', '..%2fsecret.json', '%2e%2e/secret.json', '', 'a', 'a//b', '%00'])(
    'has nothing at "%s", nor beside it',
    async (path) => {
      const get = await served();
      expect((await get(path)).status).toBe(404);
    },
  );
});

describe('the app', () => {
  const built = () => {
    const folder = mkdtempSync(join(tmpdir(), 'lumiscope-app-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, 'dist', 'assets'), { recursive: true });
    writeFileSync(join(folder, 'dist', 'index.html'), '<title>app</title>');
    writeFileSync(join(folder, 'dist', 'config.json'), '{"of":"the build"}');
    writeFileSync(join(folder, 'dist', 'assets', 'a.wasm'), 'x');
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    return join(folder, 'dist');
  };

  it('is served with a policy of its own, and told of the relay', async () => {
    const { url } = await start({ app: built(), config: { proxy: { origins: ['https://data.example'] } } });
    const page = await fetch(`${url}/`);
    expect(await page.text()).toContain('app');
    expect(page.headers.get('content-security-policy')).toMatch(/wasm-unsafe-eval.*frame-ancestors 'self'/);
    expect(await json(await fetch(`${url}/config.json`))).toEqual({ relay: './', proxy: './range' });
    const asset = await fetch(`${url}/assets/a.wasm`);
    expect(asset.headers.get('content-type')).toBe('application/wasm');
    expect(asset.headers.get('cache-control')).toMatch(/immutable/);
    for (const path of ['/../secret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/assets', '/nope.js'])
      expect((await fetch(url + path)).status, path).toBeGreaterThanOrEqual(400);
  });

  it('what is not there, or fails, is kept by nobody', async () => {
    const objects = memoryObjects();
    await objects.write(`${CATALOGUE_FOLDER}/a.parquet`, new Uint8Array(10));
    const broken = { ...objects.below(CATALOGUE_FOLDER), readRange: async () => new Uint8Array(3) };
    const { url } = await start({ app: built(), objects: { ...objects, below: () => broken } });
    const ask = async (path: string, range?: string) => {
      const { status, headers } = await fetch(url + path, range === undefined ? {} : { headers: { range } });
      return [status, headers.get('cache-control'), headers.get('etag')];
    };
    expect(await ask('/assets/gone.js')).toEqual([404, 'no-store', null]);
    expect(await ask('/catalogue/gone.parquet')).toEqual([404, 'no-store', null]);
    expect(await ask('/catalogue/a.parquet', 'bytes=10-')).toEqual([416, 'no-store', null]);
    expect(await ask('/catalogue/a.parquet')).toEqual([503, 'no-store', null]);
  });

  it('names no proxy where there is none', async () => {
    const { url } = await start({ app: built() });
    expect(await json(await fetch(`${url}/config.json`))).toEqual({ relay: './' });
  });
});

describe('health', () => {
  it('is good, with reasons', async () => {
    const { url } = await start({ parts: { checks: [async () => [{ name: 'loop', ok: true, reason: 'runs' }]] } });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const ready = await json(await fetch(`${url}/readyz`));
    expect(ready.checks.map(({ name }: { name: string }) => name)).toEqual(['store', 'disk', 'loop']);
    expect(ready.ok).toBe(true);
  });

  it('is bad where the store refuses or a loop ended, and says why', async () => {
    const objects = memoryObjects();
    const broken = { ...objects, write: () => Promise.reject(new LumiscopeError('source', 'the store is full')) };
    const { url } = await start({
      objects: broken,
      parts: { checks: [async () => [{ name: 'loop', ok: false, reason: 'it ended' }]] },
    });
    const answer = await fetch(`${url}/readyz`);
    expect(answer.status).toBe(503);
    const { checks } = await json(answer);
    expect(checks).toContainEqual({ name: 'store', ok: false, reason: 'the store is full' });
    expect(checks).toContainEqual({ name: 'loop', ok: false, reason: 'it ended' });
  });

  it('is looked into once for all who ask at the time', async () => {
    const objects = memoryObjects();
    let written = 0;
    const { url } = await start({
      objects: {
        ...objects,
        write: (...args) => {
          written++;
          return objects.write(...args);
        },
      },
    });
    const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(`${url}/readyz`)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(written).toBe(1);
  });

  it('is all that a process without the role api answers', async () => {
    const { url } = await start({ config: { roles: ['consumer'] } });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    for (const path of ['/', '/v1/datasets', '/catalogue/manifest.json', '/openapi.json'])
      expect((await fetch(url + path)).status).toBe(404);
  });
});

describe('messages and declarations', () => {
  const post = ({ url }: TestServer, body: string, type = 'application/json') =>
    fetch(`${url}/v1/messages`, { method: 'POST', body, headers: { 'content-type': type } });

  it('that are wrong are refused with the place of what is wrong', async () => {
    const server = await start({ config: { limits: { bodyBytes: 2500 } } });
    const wrong = await post(server, JSON.stringify({ dataset: 'x' }));
    expect(wrong.status).toBe(400);
    expect((await json(wrong)).error).toMatchObject({ what: 'is no dataset name', where: 'dataset' });
    expect((await post(server, '{')).status).toBe(400);
    expect((await post(server, '{"__proto__": {"x": 1}}')).status).toBe(400);
    expect((await post(server, ' '.repeat(4000))).status).toBe(413);
    expect((await post(server, 'x', 'text/plain')).status).toBe(415);
    const message = {
      dataset: PROGRESS.dataset,
      job: { id: 1 },
      producer: 'test',
      object: { sha256: 'a'.repeat(64), bytes: 1 },
      files: [{ guid: '01234567-89AB-CDEF-0123-456789ABCDEF', events: 1, digest: 'a'.repeat(64) }],
    };
    const long = await post(server, JSON.stringify({ ...message, ['k'.repeat(1500)]: 1 }));
    expect(long.status).toBe(400);
    expect((await long.text()).length).toBeLessThan(1000);
    const other = await fetch(`${server.url}/v1/datasets/${PROGRESS.dataset}/declaration`, {
      method: 'PUT',
      body: JSON.stringify({
        dataset: PROGRESS.dataset.replace('Main', 'Egamma'),
        files: [{ guid: '01234567-89AB-CDEF-0123-456789ABCDEF', events: 1 }],
      }),
      headers: { 'content-type': 'application/json' },
    });
    expect((await json(other)).error).toMatchObject({ where: 'dataset' });
  });

  it('what nobody foresaw is told to the log, not to the client', async () => {
    const server = await start({ intake: { datasets: () => Promise.reject(new Error('secret of the inside')) } });
    const answer = await fetch(`${server.url}/v1/datasets`);
    expect(answer.status).toBe(500);
    const text = await answer.text();
    expect(text).not.toContain('secret of the inside');
    expect(text).toContain(answer.headers.get('x-request-id'));
    expect(server.lines.join('')).toContain('secret of the inside');
  });
});

it('who sends a request too slowly is cut off', async () => {
  const { url } = await start({ config: { limits: { idleSeconds: 1 } } });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write('POST /v1/messages HTTP/1.1\r\nHost: ');
  await new Promise((resolve) => socket.once('close', resolve));
});

it('the OpenAPI document is whole: every reference leads somewhere, every parameter of a path is described', async () => {
  const { url } = await start();
  const document = await json(await fetch(`${url}/openapi.json`));
  expect(document.openapi).toBe('3.1.0');
  const text = JSON.stringify(document);
  for (const [, path] of text.matchAll(/"\$ref":"#\/([^"]*)"/g))
    expect(path!.split('/').reduce((part, name) => part?.[name.replaceAll('~1', '/')], document)).toBeDefined();
  let operations = 0;
  for (const [path, methods] of Object.entries<Record<string, OpenApiOperation>>(document.paths))
    for (const { summary, tags, parameters = [], responses } of Object.values(methods)) {
      operations++;
      expect(summary, path).toBeTruthy();
      expect(tags?.length, path).toBe(1);
      expect(Object.keys(responses).length, path).toBeGreaterThan(0);
      const named = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      expect(
        parameters.filter((one) => one.in === 'path').map(({ name }) => name),
        path,
      ).toEqual(named);
    }
  expect(operations).toBeGreaterThan(8);
});

interface OpenApiOperation {
  summary?: string;
  tags?: string[];
  parameters?: { in: string; name: string }[];
  responses: object;
}
