/** Attempts to reach what the proxy must not. The server that they aim at counts who came. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Resolve } from './addresses.ts';
import { startProxy, type TestProxy } from './testing/startProxy.ts';

const LISTED = 'http://data.example';
/** Names that DNS gives, for the tests. */
const NAMES: Record<string, string[]> = {
  'data.example': ['127.0.0.1'],
  'loop.example': ['127.0.0.1'],
  'six.example': ['::1'],
  'mapped.example': ['::ffff:127.0.0.1'],
  'compatible.example': ['::7f00:1'],
  'nat64.example': ['64:ff9b::7f00:1'],
  'nat64-private.example': ['64:ff9b:1::5db8:d822'],
  'six-to-four.example': ['2002:7f00:1::'],
  'teredo.example': ['2001:0:4136:e378:8000:63bf:3fff:fdd2'],
  'ten.example': ['10.1.2.3'],
  'twelve.example': ['172.16.0.1'],
  'home.example': ['192.168.1.1'],
  'cgnat.example': ['100.64.0.1'],
  'link.example': ['169.254.1.1'],
  'metadata.example': ['169.254.169.254'],
  'azure.example': ['168.63.129.16'],
  'zero.example': ['0.0.0.0'],
  'multicast.example': ['224.0.0.1'],
  'broadcast.example': ['255.255.255.255'],
  'docs.example': ['192.0.2.1'],
  'docs6.example': ['2001:db8::1'],
  'ula.example': ['fd12:3456::1'],
  'link6.example': ['fe80::1%lo'],
  'site6.example': ['fec0::1'],
  'unspecified6.example': ['::'],
  'multicast6.example': ['ff02::1'],
  'unassigned6.example': ['4000::1'],
  'mixed.example': ['93.184.216.34', '127.0.0.1'],
};
const resolve: Resolve = async (host) => {
  resolved.push(host);
  const found = NAMES[host];
  if (!found) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
  return found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
};

let reached: string[];
/** Names that were looked up. */
let resolved: string[];
let answer: RequestListener;
let server: Server;
let port: number;
let proxy: TestProxy;

beforeAll(async () => {
  server = createServer((request, response) => {
    reached.push(`${request.headers.host}${request.url}`);
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as AddressInfo).port;
  proxy = await startProxy(
    {
      origins: [
        { origin: `${LISTED}:${port}`, addresses: ['127.0.0.1'] },
        ...Object.keys(NAMES)
          .slice(1)
          .map((name) => `http://${name}:${port}`),
        'https://*.cern.ch',
      ],
    },
    { resolve },
  );
});
afterAll(async () => {
  await proxy.close();
  server.closeAllConnections();
  return new Promise((done) => server.close(done));
});
beforeEach(() => {
  reached = [];
  resolved = [];
  answer = (_, response) => response.writeHead(200, { 'Content-Length': 6 }).end('secret');
});

async function refused(url: string): Promise<number> {
  const { status } = await proxy.ask(url);
  return status;
}

test('what is listed is reached', async () => {
  const response = await proxy.ask(`${LISTED}:${port}/a`);
  expect([response.status, await response.text()]).toEqual([200, 'secret']);
  expect(reached).toEqual([`data.example:${port}/a`]);
});

describe('addresses that are not listed', () => {
  const forms = [
    'http://localhost:PORT/',
    'http://localhost.:PORT/',
    'http://LOCALHOST:PORT/',
    'http://127.0.0.1:PORT/',
    'http://127.1:PORT/',
    'http://127.0.1:PORT/',
    'http://0x7f000001:PORT/',
    'http://0x7f.0.0.1:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://017700000001:PORT/',
    'http://2130706433:PORT/',
    'http://0.0.0.0:PORT/',
    'http://0:PORT/',
    'http://127.0.0.1.:PORT/',
    'http://[::1]:PORT/',
    'http://[::]:PORT/',
    'http://[0:0:0:0:0:0:0:1]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::ffff:7f00:1]:PORT/',
    'http://[::127.0.0.1]:PORT/',
    'http://[64:ff9b::7f00:1]:PORT/',
    'http://[64:ff9b::127.0.0.1]:PORT/',
    'http://[2002:7f00:1::]:PORT/',
    'http://[fe80::1]:PORT/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/latest/meta-data/',
    'http://127。0。0。1:PORT/',
    'http://①②⑦.⓪.⓪.①:PORT/',
    'http://ｌｏｃａｌｈｏｓｔ:PORT/',
    'http://loc\tal\nhost:PORT/',
    '//localhost:PORT/',
    'http:\\\\localhost:PORT\\',
    'http:localhost:PORT/',
    'http://data.example:1/',
    'http://data.example/',
    'https://data.example:PORT/',
    'http://data.example.:PORT/',
    'http://data.example.evil.example:PORT/',
    'http://evildata.example:PORT/',
    'http://xn--dta-1na.example:PORT/',
    'http://dаta.example:PORT/',
    'http://data.example%00.evil.example:PORT/',
    'http://data.example%2eevil.example:PORT/',
    'http://data.example%2f@localhost:PORT/',
    'https://cern.ch/',
    'https://evilcern.ch/',
    'https://.cern.ch/',
    'https://a.cern.ch:8443/',
    'http://a.cern.ch/',
    'https://a.cern.ch.evil.example/',
    'https://evil.example/?https://a.cern.ch/',
    'https://evil.example#.cern.ch/',
    'https://evil.example\\.cern.ch/',
  ];
  test.each(forms)('%s', async (form) => {
    expect([400, 403]).toContain(await refused(form.replaceAll('PORT', String(port))));
    expect([reached, resolved]).toEqual([[], []]);
  });
});

describe('credentials in addresses', () => {
  test.each([
    'http://user:pass@data.example:PORT/',
    'http://user@data.example:PORT/',
    'http://:pass@data.example:PORT/',
    'http://data.example:PORT@localhost:PORT/',
    'http://data.example@localhost:PORT/',
    'http://localhost:PORT\\@data.example:PORT/',
  ])('%s', async (form) => {
    expect([400, 403]).toContain(await refused(form.replaceAll('PORT', String(port))));
    expect([reached, resolved]).toEqual([[], []]);
  });
});

test.each([
  'file:///etc/passwd',
  'data:text/plain,hello',
  'gopher://data.example:70/',
  'ftp://data.example/',
  'ws://data.example/',
  'javascript:alert(1)',
  'blob:http://data.example/x',
  'about:blank',
  'root://data.example//a',
  '',
  ' ',
  'a',
  '/etc/passwd',
  '../a',
  'http://',
  'http://[',
  'http://a b/',
])('%s is no address of a file', async (url) => {
  expect(await refused(url)).toBe(400);
});

test('an address is one, whole and not too long', async () => {
  const url = encodeURIComponent(`${LISTED}:${port}/`);
  const status = async (query: string) => (await fetch(`${proxy.address}${query}`)).status;
  expect(await status('')).toBe(400);
  expect(await status(`?url=${url}&url=${url}`)).toBe(400);
  expect(await status(`?url=${LISTED}:${port}/a?b=1&c=2`)).toBe(400);
  expect(await status(`?url=${url}${'a'.repeat(9000)}`)).toBe(414);
  expect(reached).toEqual([]);
});

test('nothing but GET and HEAD', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND']) {
    const response = await proxy.ask(`${LISTED}:${port}/`, { method }).catch(() => undefined);
    expect(response?.status ?? 404, method).toBeGreaterThanOrEqual(400);
  }
  expect(reached).toEqual([]);
});

describe('names of listed origins whose addresses are not', () => {
  test.each(Object.keys(NAMES).slice(1))('%s', async (name) => {
    const response = await proxy.ask(`http://${name}:${port}/`);
    expect(response.status).toBe(403);
    expect((await response.json()).error.hint).toContain('addresses');
    expect(reached).toEqual([]);
  });
});

test('the host is resolved once, and what it resolves to later is of no matter', async () => {
  const asked: string[] = [];
  const rebinding = await startProxy(
    { origins: [{ origin: `http://rebinding.example:${port}`, addresses: ['127.0.0.1'] }] },
    {
      resolve: async (host) => {
        asked.push(host);
        return [{ address: asked.length === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }];
      },
    },
  );
  try {
    expect((await rebinding.ask(`http://rebinding.example:${port}/`)).status).toBe(200);
    expect(asked).toEqual(['rebinding.example']);
    // A connection that was kept is no way around: the next request is checked anew.
    expect((await rebinding.ask(`http://rebinding.example:${port}/`)).status).toBe(403);
    expect(reached).toHaveLength(1);
  } finally {
    await rebinding.close();
  }
});

describe('redirects', () => {
  const redirectTo = (location: string, status = 302) => {
    answer = (_, response) => response.writeHead(status, { Location: location }).end();
  };
  test.each([
    'http://localhost:PORT/',
    'http://127.0.0.1:PORT/',
    'http://127.1:PORT/',
    'http://0x7f000001:PORT/',
    'http://[::1]:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://169.254.169.254/',
    'http://loop.example:PORT/',
    'http://six.example:PORT/',
    'http://nat64.example:PORT/',
    'http://metadata.example:PORT/',
    'http://mixed.example:PORT/',
    '//localhost:PORT/',
    '/\\localhost:PORT/',
    'http://user:pass@data.example:PORT/',
    'file:///etc/passwd',
    'data:text/plain,hello',
    'gopher://data.example/',
    'javascript:alert(1)',
    'http://[',
    'http://elsewhere.example/',
    'http://a.pool.example:PORT/',
  ])('to %s are not followed', async (form) => {
    redirectTo(form.replaceAll('PORT', String(port)));
    expect([403, 502]).toContain(await refused(`${LISTED}:${port}/a`));
    expect(reached).toEqual([`data.example:${port}/a`]);
    expect(resolved.filter((name) => !NAMES[name])).toEqual([]);
  });

  test('without end are not followed', async () => {
    redirectTo('/again');
    expect(await refused(`${LISTED}:${port}/a`)).toBe(502);
    expect(reached).toHaveLength(6);
  });

  test('are followed by the proxy, on listed origins', async () => {
    answer = ({ url }, response) =>
      url === '/b' ? response.end('here') : response.writeHead(307, { Location: '/b#c', 'Set-Cookie': 'a=b' }).end();
    const response = await proxy.ask(`${LISTED}:${port}/a`);
    expect([response.status, await response.text()]).toEqual([200, 'here']);
    expect(response.headers.get('Location')).toBeNull();
  });

  test('go to hosts of the pattern that an origin may redirect to, with its addresses', async () => {
    const site = await startProxy(
      {
        origins: [
          {
            origin: `http://door.example:${port}`,
            addresses: ['127.0.0.0/8'],
            redirects: ['http://*.pool.example:*'],
          },
        ],
      },
      { resolve: async () => [{ address: '127.0.0.1', family: 4 }] },
    );
    try {
      answer = ({ url, headers }, response) =>
        url === '/a'
          ? response.writeHead(302, { Location: `http://p1.pool.example:${port}/b?xrd.k=1` }).end()
          : response.end(headers.host);
      expect(await (await site.ask(`http://door.example:${port}/a`)).text()).toBe(`p1.pool.example:${port}`);
      // The host itself is not listed.
      expect((await site.ask(`http://p1.pool.example:${port}/b`)).status).toBe(403);
      redirectTo(`http://pool.example:${port}/`);
      expect((await site.ask(`http://door.example:${port}/a`)).status).toBe(403);
    } finally {
      await site.close();
    }
  });
});

test('answers hold nothing that a browser would run or keep', async () => {
  answer = (_, response) =>
    response
      .writeHead(200, {
        'Content-Type': 'text/html',
        'Set-Cookie': 'a=b',
        Location: '/x',
        'Content-Disposition': 'inline',
        'Access-Control-Allow-Origin': '*',
        'X-Other': 'y',
        ETag: 'no tag',
        Refresh: '0; url=/x',
        Link: '</x>; rel=preload',
      })
      .end('<script>alert(1)</script>');
  const response = await proxy.ask(`${LISTED}:${port}/a`);
  expect(response.headers.get('Content-Type')).toBe('application/octet-stream');
  expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
  expect(response.headers.get('Content-Security-Policy')).toContain('sandbox');
  for (const name of ['Set-Cookie', 'Location', 'Content-Disposition', 'X-Other', 'ETag', 'Refresh', 'Link'])
    expect(response.headers.get(name), name).toBeNull();
  expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull();
  answer = (_, errors) => errors.writeHead(404, { 'Content-Type': 'text/html' }).end('<script>alert(1)</script>');
  const error = await proxy.ask(`${LISTED}:${port}/a`);
  expect(error.headers.get('Content-Type')).toContain('application/json');
  expect(await error.text()).not.toContain('script');
});

test('of what a client sends, only what is understood goes on', async () => {
  let sent: Record<string, unknown> = {};
  answer = ({ headers }, response) => {
    sent = headers;
    response.end('x');
  };
  const headers = {
    Authorization: 'Bearer for-the-relay',
    Cookie: 'session=1',
    'X-Forwarded-For': '1.2.3.4',
    'X-Other': 'y',
    Referer: 'https://page.example/',
    'Accept-Language': 'de',
    'If-None-Match': '"a", W/"b"',
  };
  await proxy.ask(`${LISTED}:${port}/a`, { headers });
  expect(sent).toEqual({
    host: `data.example:${port}`,
    connection: 'keep-alive',
    accept: '*/*',
    'accept-encoding': 'identity',
    'user-agent': 'lumiscope-relay',
    'if-none-match': '"a", W/"b"',
  });
});
