import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './testing/testServer.ts';

const APP = 'https://lumiscope.example.org';
let server: TestServer;
let host: string;
beforeAll(async () => {
  server = await startTestServer({ origins: [APP] });
  host = new URL(server.url).host;
});
afterAll(() => server.close());

/** Sends headers as they are: `fetch` would not let a test say what a browser says. */
function raw(request: string, headers: string[]): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    let text = '';
    socket.on('data', (part) => {
      text += part;
    });
    socket.on('end', () => resolve({ status: Number(text.split(' ')[1]), text }));
    socket.on('error', reject);
    socket.write(`${[request, ...headers, 'Connection: close'].join('\r\n')}\r\n\r\n`);
  });
}

describe('a website that calls the relay of who visits it', () => {
  it.each<[string, string, string[], number]>([
    ['a program, which says nothing', 'GET /v1/datasets HTTP/1.1', ['Host: HOST'], 200],
    ['by localhost', 'GET /v1/datasets HTTP/1.1', ['Host: LOCALHOST'], 200],
    [
      'the own page',
      'GET /v1/datasets HTTP/1.1',
      ['Host: HOST', 'Origin: http://HOST', 'Sec-Fetch-Site: same-origin'],
      200,
    ],
    ['the address bar', 'GET / HTTP/1.1', ['Host: HOST', 'Sec-Fetch-Site: none', 'Sec-Fetch-Mode: navigate'], 404],
    [
      'a page that is allowed',
      'GET /v1/datasets HTTP/1.1',
      ['Host: HOST', `Origin: ${APP}`, 'Sec-Fetch-Site: cross-site'],
      200,
    ],
    ['a name that points here (DNS rebinding)', 'GET /v1/datasets HTTP/1.1', ['Host: evil.example'], 421],
    [
      'the same with the port',
      'GET /v1/datasets HTTP/1.1',
      ['Host: evil.example:PORT', 'Origin: http://evil.example:PORT', 'Sec-Fetch-Site: same-origin'],
      421,
    ],
    ['this host at another port', 'GET /v1/datasets HTTP/1.1', ['Host: 127.0.0.1:1'], 421],
    ['two hosts', 'GET /v1/datasets HTTP/1.1', ['Host: HOST', 'Host: evil.example'], 421],
    ['an address in the request line', 'GET http://evil.example/v1/datasets HTTP/1.1', ['Host: evil.example'], 421],
    ['no host', 'GET /v1/datasets HTTP/1.0', [], 421],
    ['another page', 'GET /v1/datasets HTTP/1.1', ['Host: HOST', 'Origin: https://evil.example'], 403],
    [
      'a page of this machine at another port',
      'GET /v1/datasets HTTP/1.1',
      ['Host: HOST', 'Origin: http://localhost:1'],
      403,
    ],
    [
      'a page that calls itself as the app, by http',
      'GET /v1/datasets HTTP/1.1',
      ['Host: HOST', 'Origin: http://lumiscope.example.org'],
      403,
    ],
    ['a page with a longer name', 'GET /v1/datasets HTTP/1.1', ['Host: HOST', `Origin: ${APP}.evil.example`], 403],
    ['a sandboxed frame or a file', 'GET /v1/datasets HTTP/1.1', ['Host: HOST', 'Origin: null'], 403],
    [
      'a form or fetch of plain text',
      'POST /v1/messages HTTP/1.1',
      ['Host: HOST', 'Origin: https://evil.example', 'Content-Type: text/plain', 'Content-Length: 0'],
      403,
    ],
    [
      'an image or script, without CORS',
      'GET /catalogue/manifest.json HTTP/1.1',
      ['Host: HOST', 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors'],
      403,
    ],
    [
      'the same from this machine',
      'GET /v1/datasets HTTP/1.1',
      ['Host: HOST', 'Sec-Fetch-Site: same-site', 'Sec-Fetch-Mode: no-cors'],
      403,
    ],
    [
      'server-sent events',
      'GET /v1/monitor/stream HTTP/1.1',
      ['Host: HOST', 'Origin: https://evil.example', 'Accept: text/event-stream'],
      403,
    ],
    [
      'a WebSocket',
      'GET /v1/monitor/stream HTTP/1.1',
      [
        'Host: HOST',
        'Origin: https://evil.example',
        'Upgrade: websocket',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        'Sec-WebSocket-Version: 13',
      ],
      403,
    ],
    [
      'a link to the app',
      'GET / HTTP/1.1',
      ['Host: HOST', 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'],
      404,
    ],
    [
      'a link to the interface',
      'GET /v1/datasets HTTP/1.1',
      ['Host: HOST', 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'],
      403,
    ],
    [
      'a frame with the app',
      'GET / HTTP/1.1',
      ['Host: HOST', 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: iframe'],
      403,
    ],
    ['health, too', 'GET /healthz HTTP/1.1', ['Host: HOST', 'Origin: https://evil.example'], 403],
    ['and what does not exist', 'POST /nope HTTP/1.1', ['Host: evil.example', 'Content-Length: 0'], 421],
  ])('%s', async (_, request, headers, status) => {
    const { port } = new URL(server.url);
    const filled = headers.map((line) =>
      line.replaceAll('LOCALHOST', `localhost:${port}`).replaceAll('HOST', host).replaceAll('PORT', port),
    );
    const answer = await raw(request, filled);
    expect(answer.status).toBe(status);
    if (status === 403 || status === 421) expect(answer.text).not.toMatch(/access-control-allow-origin/i);
  });
});

describe('CORS', () => {
  const preflight = (origin: string, more: Record<string, string> = {}) =>
    fetch(`${server.url}/v1/datasets`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'GET', ...more },
    });

  it('pages that are allowed may send what clients send, and read what they need', async () => {
    const answer = await preflight(APP, {
      'access-control-request-headers': 'authorization,range',
      'access-control-request-private-network': 'true',
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe(APP);
    expect(answer.headers.get('access-control-allow-headers')).toMatch(/authorization.*range/);
    expect(answer.headers.get('access-control-allow-private-network')).toBe('true');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    const got = await fetch(`${server.url}/v1/datasets`, { headers: { origin: APP } });
    expect(got.headers.get('access-control-allow-origin')).toBe(APP);
    expect(got.headers.get('access-control-expose-headers')).toMatch(/content-range.*etag/);
    expect(got.headers.get('vary')).toMatch(/origin/i);
  });

  it('others are not', async () => {
    for (const origin of ['https://evil.example', 'null', `${APP}:444`]) {
      const answer = await preflight(origin, { 'access-control-request-private-network': 'true' });
      expect(answer.status).toBe(403);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      expect(answer.headers.get('access-control-allow-private-network')).toBeNull();
    }
  });
});

it('answers tell browsers to guess nothing, and nobody what runs here', async () => {
  const { headers } = await fetch(`${server.url}/v1/datasets`);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  for (const name of ['server', 'x-powered-by']) expect(headers.get(name)).toBeNull();
});
