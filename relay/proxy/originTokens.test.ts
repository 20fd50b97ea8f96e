import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { rangeProxyOptions } from './options.ts';
import { CERTIFICATE, CERTIFICATE_KEY } from './testing/certificate.ts';
import { startProxy, type TestProxy } from './testing/startProxy.ts';

const folder = mkdtempSync(join(tmpdir(), 'lumiscope-tokens-'));
const file = join(folder, 'token');
let answer: RequestListener;
let asked: { host: string | undefined; token: string | undefined }[];
const listener: RequestListener = (request, response) => {
  asked.push({ host: request.headers.host, token: request.headers.authorization });
  answer(request, response);
};
let plain: Server;
let secure: https.Server;
let httpPort: number;
let tlsPort: number;
let proxy: TestProxy;

beforeAll(async () => {
  plain = createServer(listener);
  secure = https.createServer({ cert: CERTIFICATE, key: CERTIFICATE_KEY }, listener);
  for (const server of [plain, secure]) await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  httpPort = (plain.address() as AddressInfo).port;
  tlsPort = (secure.address() as AddressInfo).port;
});
afterAll(async () => {
  for (const server of [plain, secure]) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  asked = [];
  answer = (_, response) => response.end('x');
  writeFileSync(file, 'first.token\n');
  const addresses = ['127.0.0.1', '127.0.0.2'];
  proxy = await startProxy(
    {
      origins: [
        {
          origin: `https://secure.example:${tlsPort}`,
          addresses,
          token: { file },
          redirects: ['https://*.pool.example:*'],
        },
        { origin: `https://open.example:${tlsPort}`, addresses },
        { origin: `http://127.0.0.1:${httpPort}`, token: { env: 'LUMISCOPE_TEST_TOKEN' } },
        { origin: `http://plain.example:${httpPort}`, addresses: ['0.0.0.0/0'] },
      ],
      cache: { folder: join(folder, 'cache') },
    },
    {
      ca: CERTIFICATE,
      resolve: async (host) => [{ address: host === 'lan.example' ? '10.0.0.1' : '127.0.0.1', family: 4 }],
    },
  );
});
afterEach(async () => {
  delete process.env.LUMISCOPE_TEST_TOKEN;
  await proxy.close();
});

const url = () => `https://secure.example:${tlsPort}/a`;

test('a token of the configuration goes to its origin, and is read again when its file changes', async () => {
  expect(await (await proxy.ask(url())).text()).toBe('x');
  writeFileSync(file, 'second.and.longer.token');
  await proxy.ask(url());
  expect(asked.map(({ token }) => token)).toEqual(['Bearer first.token', 'Bearer second.and.longer.token']);
  await proxy.ask(`http://127.0.0.1:${httpPort}/`).then((response) => expect(response.status).toBe(503));
  process.env.LUMISCOPE_TEST_TOKEN = 'of.the.environment';
  await proxy.ask(`http://127.0.0.1:${httpPort}/`);
  expect(asked.at(-1)!.token).toBe('Bearer of.the.environment');
});

test.each(['', 'two words', 'line\r\nX-Other: y', 'ünïcode', 'x'.repeat(9000)])(
  'a file that holds %j instead of a token is no token, and the server is not asked without',
  async (text) => {
    writeFileSync(file, text);
    const response = await proxy.ask(url());
    expect(response.status).toBe(503);
    expect(asked).toEqual([]);
    const said = await response.text();
    if (text.length > 2) expect(said).not.toContain(text);
    rmSync(file);
    expect((await proxy.ask(url())).status).toBe(503);
  },
);

test("a caller's token goes to the origin that it names, and to no other", async () => {
  const open = `https://open.example:${tlsPort}`;
  const ask = async (authorization: string, to = `${open}/a`) =>
    (await proxy.ask(to, { headers: { 'X-Origin-Authorization': authorization } })).status;
  // The certificate is for another name.
  expect(await ask(`${open} Bearer my.token`)).toBe(502);
  expect(asked).toEqual([]);
  const secureOrigin = `https://secure.example:${tlsPort}`;
  expect(await ask(`${secureOrigin} Bearer my.token`, url())).toBe(200);
  expect(asked).toEqual([{ host: `secure.example:${tlsPort}`, token: 'Bearer my.token' }]);
  asked = [];
  for (const wrong of [
    `${open} Bearer my.token`,
    `https://secure.example Bearer my.token`,
    `http://secure.example:${tlsPort} Bearer my.token`,
    'Bearer my.token',
    `${secureOrigin} Basic my.token`,
    `${secureOrigin} Bearer my.token, ${open} Bearer other`,
    `${secureOrigin} Bearer`,
  ])
    expect(await ask(wrong, url()), wrong).toBe(400);
  expect(asked).toEqual([]);
});

test('a token is not sent over http:, but within this machine', async () => {
  const lan = await startProxy(
    { origins: [{ origin: `http://lan.example:${httpPort}`, addresses: ['10.0.0.0/8', '127.0.0.1'] }] },
    {
      resolve: async () => [
        { address: '127.0.0.1', family: 4 },
        { address: '10.0.0.1', family: 4 },
      ],
    },
  );
  try {
    const origin = `http://lan.example:${httpPort}`;
    const response = await lan.ask(`${origin}/a`, {
      headers: { 'X-Origin-Authorization': `${origin} Bearer my.token` },
    });
    expect(response.status).toBe(400);
    expect(asked).toEqual([]);
  } finally {
    await lan.close();
  }
  const here = `http://plain.example:${httpPort}`;
  await proxy.ask(`${here}/a`, { headers: { 'X-Origin-Authorization': `${here} Bearer my.token` } });
  expect(asked.map(({ token }) => token)).toEqual(['Bearer my.token']);
});

test('a token does not go along with a redirect to another origin, nor back from there', async () => {
  const here = `http://plain.example:${httpPort}`;
  const there = `http://127.0.0.1:${httpPort}`;
  process.env.LUMISCOPE_TEST_TOKEN = 'of.another.origin';
  const hops: Record<string, string> = { '/a': `${here}/b`, '/b': `${there}/c`, '/c': `${here}/d` };
  answer = (request: IncomingMessage, response) => {
    const next = hops[request.url!];
    if (next) response.writeHead(302, { Location: next }).end();
    else response.end('x');
  };
  await proxy.ask(`${here}/a`, { headers: { 'X-Origin-Authorization': `${here} Bearer my.token` } });
  expect(asked).toEqual([
    { host: `plain.example:${httpPort}`, token: 'Bearer my.token' },
    { host: `plain.example:${httpPort}`, token: 'Bearer my.token' },
    { host: `127.0.0.1:${httpPort}`, token: undefined },
    { host: `plain.example:${httpPort}`, token: undefined },
  ]);
});

test('a redirect from https: to http: is not followed', async () => {
  answer = (_, response) => response.writeHead(302, { Location: `http://plain.example:${httpPort}/b` }).end();
  expect((await proxy.ask(url())).status).toBe(403);
  expect(asked).toHaveLength(1);
});

test('no answer and nothing that is told holds a token', async () => {
  const here = `http://plain.example:${httpPort}`;
  for (const status of [401, 403, 500, 302]) {
    answer = (_, response) => response.writeHead(status, { Location: 'http://evil.example/' }).end('my.secret.token');
    const response = await proxy.ask(`${here}/a?authz=my.secret.token`, {
      headers: { 'X-Origin-Authorization': `${here} Bearer my.secret.token` },
    });
    expect(await response.text()).not.toContain('my.secret');
  }
  expect(JSON.stringify(proxy.told)).not.toContain('my.secret');
});

test('what is kept is given to those alone who may read it', async () => {
  const here = `http://plain.example:${httpPort}`;
  answer = (request, response) => {
    if (request.headers.authorization !== 'Bearer right' && request.url !== '/s?X-Amz-Signature=good')
      response.writeHead(403).end();
    else response.writeHead(206, { ETag: '"v"', 'Content-Range': 'bytes 0-3/100' }).end('kept');
  };
  const ask = async (token?: string, path = '/a') => {
    const headers = { Range: 'bytes=0-3', ...(token && { 'X-Origin-Authorization': `${here} Bearer ${token}` }) };
    const response = await proxy.ask(here + path, { headers });
    return response.ok ? response.text() : response.status;
  };
  expect(await ask('right')).toBe('kept');
  expect(await ask('right')).toBe('kept');
  expect(asked).toHaveLength(1);
  expect(await ask('wrong')).toBe(403);
  expect(await ask()).toBe(403);
  // Nor is what a signed address opened given to who has no signature, or another.
  expect(await ask(undefined, '/s?X-Amz-Signature=good')).toBe('kept');
  expect(await ask(undefined, '/s?X-Amz-Signature=bad')).toBe(403);
  expect(await ask(undefined, '/s')).toBe(403);
});

test.each([
  [{ origin: 'https://*.example.org', token: { env: 'A' } }, 'one origin'],
  [{ origin: 'http://data.example.org', token: { env: 'A' } }, 'in clear'],
  [{ origin: 'https://*.org' }, 'too wide'],
  [{ origin: 'https://*' }, 'no origin'],
  [{ origin: 'https://a.*.org' }, 'no origin'],
  [{ origin: 'https://*a.example.org' }, 'no origin'],
  [{ origin: 'https://*.127.0.0.1' }, 'too wide'],
  [{ origin: 'https://a.example.org/path' }, 'no origin'],
  [{ origin: 'https://user@a.example.org' }, 'no origin'],
  [{ origin: 'https://a.example.org.' }, 'dot'],
  [{ origin: 'https://a.example.org:*' }, 'port'],
  [{ origin: 'https://a.example.org:99999' }, 'no origin'],
  [{ origin: 'ftp://a.example.org' }, 'no origin'],
  [{ origin: 'https://a.example.org', addresses: ['10.1'] }, 'no address'],
  [{ origin: 'https://a.example.org', addresses: ['10.0.0.0/33'] }, 'no address'],
  [{ origin: 'https://a.example.org', other: 1 }, 'nrecognized'],
])('a configuration with %j is refused', (rule, why) => {
  const { error } = rangeProxyOptions.safeParse({ origins: [rule] });
  expect(JSON.stringify(error?.issues)).toContain(why);
});
