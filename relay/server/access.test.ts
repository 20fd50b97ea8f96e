import type { FastifyInstance } from 'fastify';
import { generateKeyPair, generateSecret } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryObjects } from '../../workers/objects/testing/memoryObjects.ts';
import { createMonitor } from '../monitor/createMonitor.ts';
import { monitorRoutes } from '../monitor/routes.ts';
import { rangeProxyOptions } from '../proxy/options.ts';
import { rangeProxy } from '../proxy/rangeProxy.ts';
import { WLCG_ANY } from './grants.ts';
import { openIssuers } from './issuers.ts';
import { startTestIssuer, type TestIssuer } from './testing/testIssuer.ts';
import { PROGRESS, startTestServer, type TestServer } from './testing/testServer.ts';

const AUDIENCE = 'https://relay.example.org';
const OPTIONS = { algorithms: ['ES256'], toleranceSeconds: 30 };
const GRANTS = [
  { scope: 'storage.create:/eventindex', grants: ['produce' as const] },
  { scope: 'storage.read:/eventindex', grants: ['read' as const] },
  { group: '/cms/eventindex', grants: ['produce' as const, 'read' as const] },
];
const NAME = encodeURIComponent(PROGRESS.dataset);
const SHA = 'a'.repeat(64);
const now = () => Math.floor(Date.now() / 1000);

let issuer: TestIssuer;
let server: TestServer;
let open: TestServer;
let stop: () => Promise<void>;

beforeAll(async () => {
  issuer = await startTestIssuer(AUDIENCE);
  const rules = [{ issuer: issuer.issuer, audience: [AUDIENCE], grants: GRANTS }];
  const intake = {
    dataset: async () => PROGRESS,
    datasets: async () => [PROGRESS],
    retry: async () => true,
  };
  const verify = await openIssuers(rules, OPTIONS);
  const monitor = createMonitor({ objects: memoryObjects(), datasets: async () => [], processMetrics: false });
  stop = monitor.close;
  const proxy = rangeProxy(rangeProxyOptions.parse({}), { tell: () => {} });
  const parts = { monitor: (app: FastifyInstance) => monitorRoutes(app, { monitor }), proxy };
  server = await startTestServer({ access: { verify, anonymous: [] }, intake, parts });
  open = await startTestServer({ access: { verify, anonymous: ['read'] }, intake, parts });
});
afterAll(async () => {
  await Promise.all([server.close(), open.close(), issuer.close(), stop()]);
});

async function ask(method: string, path: string, token?: string, to = server) {
  const answer = await fetch(to.url + path, {
    method,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    ...(method === 'PUT' && { body: 'x' }),
  });
  // A stream goes on until it is told to end.
  const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream');
  const text = isStream ? '' : await answer.text();
  if (isStream) await answer.body?.cancel();
  return { status: answer.status, text, challenge: answer.headers.get('www-authenticate') ?? '' };
}

const ROUTES: [string, string, string][] = [
  ['HEAD', `/v1/objects/${SHA}`, 'produce'],
  ['PUT', `/v1/objects/${SHA}`, 'produce'],
  ['POST', '/v1/messages', 'produce'],
  ['PUT', `/v1/datasets/${NAME}/declaration`, 'produce'],
  ['GET', '/v1/datasets', 'read'],
  ['GET', `/v1/datasets/${NAME}`, 'read'],
  ['POST', `/v1/datasets/${NAME}/retry`, 'consume'],
  ['GET', '/catalogue/manifest.json', 'read'],
  ['HEAD', '/catalogue/manifest.json', 'read'],
  ['GET', '/range?url=nothing', 'read'],
  ['HEAD', '/range?url=nothing', 'read'],
  ['GET', '/metrics', 'read'],
  ['GET', '/v1/monitor', 'read'],
  ['GET', '/v1/monitor/stream', 'read'],
  ['GET', '/v1/self-test', 'read'],
  ['POST', '/v1/self-test', 'admin'],
  ['GET', '/healthz', 'open'],
  ['GET', '/readyz', 'open'],
  ['GET', '/openapi.json', 'open'],
  ['GET', '/config.json', 'open'],
  ['GET', '/index.html', 'open'],
  ['HEAD', '/index.html', 'open'],
];

/** The route that answers. */
function templateOf(path: string): string {
  return path
    .replace(/\?.*$/, '')
    .replace(SHA, ':sha256')
    .replace(NAME, ':name')
    .replace('/catalogue/manifest.json', '/catalogue/*')
    .replace('/index.html', '/*');
}

describe('who may call what', () => {
  it('is said below of all that the server answers', () => {
    const templates = ROUTES.map(([method, path]) => `${method} ${templateOf(path)}`);
    expect(templates.sort()).toEqual([...server.routes].sort());
  });

  it.each(ROUTES)('%s %s: %s', async (method, path, scope) => {
    const status = async (claims: string) => (await ask(method, path, await issuer.token({ scope: claims }))).status;
    const passed = (one: number) => one !== 401 && one !== 403;
    expect(passed((await ask(method, path)).status), 'without a token').toBe(scope === 'open');
    expect((await ask(method, path, 'nonsense')).status, 'with a bad one').toBe(401);
    for (const held of ['produce', 'consume', 'read', 'admin'])
      expect(passed(await status(`lumiscope.${held}`)), `with ${held}`).toBe(
        scope === 'open' || held === scope || held === 'admin',
      );
    expect(passed((await ask(method, path, undefined, open)).status), 'where reading is open').toBe(
      scope === 'open' || scope === 'read',
    );
  });

  it('the same stands in the OpenAPI document', async () => {
    const { paths } = JSON.parse((await ask('GET', '/openapi.json')).text) as {
      paths: Record<string, Record<string, { security?: { bearer: string[] }[] }>>;
    };
    for (const [method, path, scope] of ROUTES.filter(([, path]) => /^\/(v1|catalogue|healthz)/.test(path))) {
      const template = templateOf(path).replace(/:(\w+)|\*/g, (all, name) => `{${name ?? all}}`);
      const operation = paths[template]?.[method.toLowerCase()];
      if (method === 'HEAD') continue;
      expect(operation, `${method} ${template}`).toBeDefined();
      expect(operation!.security?.[0]?.bearer ?? ['open']).toEqual([scope]);
    }
  });
});

describe('tokens that are not accepted', () => {
  const ATTEMPTS: [string, () => Promise<string>, RegExp][] = [
    ['expired', () => issuer.token({ exp: now() - 60 }), /expired/],
    ['of the future', () => issuer.token({ nbf: now() + 120 }), /not valid yet/],
    ['without an end', () => issuer.token({ exp: undefined }), /exp is missing/],
    ['for another server', () => issuer.token({ aud: 'https://other.example' }), /another server/],
    ['for anybody', () => issuer.token({ aud: undefined }), /aud is missing/],
    ['for any WLCG server, but of no WLCG profile', () => issuer.token({ aud: WLCG_ANY }), /another server/],
    ['of a profile that is not understood', () => issuer.token({ 'wlcg.ver': '2.0' }), /wlcg.ver/],
    ['of nobody', () => issuer.token({ sub: undefined }), /sub is missing/],
    ['of an issuer that is not trusted', () => issuer.token({ iss: 'https://evil.example' }), /not one of those/],
    ['of an issuer with a slash more', () => issuer.token({ iss: `${issuer.issuer}/` }), /not one of those/],
    [
      'with a storage scope without a path',
      () => issuer.token({ scope: 'lumiscope.read storage.read' }),
      /has no path/,
    ],
    [
      'signed by another key',
      async () => issuer.token({}, { key: (await generateKeyPair('ES256')).privateKey }),
      /signature is wrong/,
    ],
    [
      'signed by the public key as if it were a secret',
      async () => issuer.token({}, { alg: 'HS256', key: (await generateSecret('HS256')) as CryptoKey }),
      /algorithm that is not allowed/,
    ],
    [
      'not signed at all',
      async () => {
        const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
        const claims = { iss: issuer.issuer, sub: 'x', aud: AUDIENCE, exp: now() + 60, scope: 'lumiscope.admin' };
        return `${part({ alg: 'none' })}.${part(claims)}.`;
      },
      /algorithm that is not allowed/,
    ],
    [
      'with other claims than were signed',
      async () => {
        const [head, , signature] = (await issuer.token()).split('.');
        const claims = { iss: issuer.issuer, sub: 'x', aud: AUDIENCE, exp: now() + 60, scope: 'lumiscope.admin' };
        return `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
      },
      /signature is wrong/,
    ],
  ];

  it.each(ATTEMPTS)('%s', async (_, make, why) => {
    const token = await make();
    const { status, text, challenge } = await ask('GET', '/v1/datasets', token);
    expect(status).toBe(401);
    expect(JSON.parse(text).error.what).toMatch(why);
    expect(challenge).toContain('invalid_token');
    expect(text).not.toContain(token);
    expect((await ask('GET', '/v1/datasets', token, open)).status, 'also where none is needed').toBe(401);
  });

  it('clocks may differ by the tolerance', async () => {
    const late = await issuer.token({ exp: now() - 10, nbf: now() + 10, scope: 'lumiscope.read' });
    expect((await ask('GET', '/v1/datasets', late)).status).toBe(200);
  });

  it('by a query, a cookie, or another scheme', async () => {
    const token = await issuer.token({ scope: 'lumiscope.read' });
    expect((await ask('GET', `/v1/datasets?access_token=${token}`)).status).toBe(401);
    const attempts: Record<string, string>[] = [
      { cookie: `token=${token}` },
      { authorization: `Basic ${token}` },
      { authorization: token },
    ];
    for (const headers of attempts) expect((await fetch(`${server.url}/v1/datasets`, { headers })).status).toBe(401);
  });
});

describe('claims of WLCG tokens', () => {
  const WLCG = { 'wlcg.ver': '1.0', aud: WLCG_ANY };
  it.each<[string, Record<string, unknown>, boolean, boolean]>([
    ['a capability for the folder', { scope: 'storage.read:/eventindex' }, true, false],
    ['a capability for all', { scope: 'storage.read:/ compute.read' }, true, false],
    ['one that includes creating', { scope: 'storage.modify:/eventindex' }, false, true],
    ['another folder', { scope: 'storage.read:/eventindex2 storage.create:/event' }, false, false],
    ['a folder within', { scope: 'storage.read:/eventindex/2026' }, false, false],
    ['a path that climbs', { scope: 'storage.read:/eventindex/..' }, false, false],
    ['the group', { 'wlcg.groups': ['/cms', '/cms/eventindex'] }, true, true],
    ['the group above, and one below', { 'wlcg.groups': ['/cms', '/cms/eventindex/readers'] }, false, false],
    [
      'the group, with a capability: that counts alone',
      { 'wlcg.groups': ['/cms/eventindex'], scope: 'storage.read:/x' },
      false,
      false,
    ],
    ['groups that are no list', { 'wlcg.groups': '/cms/eventindex' }, false, false],
    ['scopes that are no text', { scope: ['storage.read:/'] }, false, false],
  ])('%s', async (_, claims, reads, produces) => {
    const token = await issuer.token({ ...WLCG, ...claims });
    expect((await ask('GET', '/v1/datasets', token)).status).toBe(reads ? 200 : 403);
    expect((await ask('HEAD', `/v1/objects/${SHA}`, token)).status).toBe(produces ? 404 : 403);
  });
});

describe('an issuer', () => {
  it("that changes its keys is asked again, and one that can't be reached is not missed while its keys are known", async () => {
    const changing = await startTestIssuer(AUDIENCE);
    const rules = [{ issuer: changing.issuer, audience: [AUDIENCE], grants: [] }];
    const verify = await openIssuers(rules, { ...OPTIONS, pauseMs: 0, freshMs: 0 });
    const old = await changing.token({ scope: 'lumiscope.read' });
    expect([...(await verify(old)).scopes]).toEqual(['read']);
    await changing.rotate();
    const young = await changing.token({ scope: 'lumiscope.produce' });
    expect([...(await verify(young)).scopes]).toEqual(['produce']);
    await expect(verify(old), 'the key is gone').rejects.toMatchObject({ status: 401 });
    changing.down = true;
    expect([...(await verify(young)).scopes]).toEqual(['produce']);
    await changing.close();
    expect([...(await verify(young)).scopes]).toEqual(['produce']);
  });

  it("whose keys are too old, and that can't be reached, is no reason to refuse: 503", async () => {
    const away = await startTestIssuer(AUDIENCE);
    const rules = [{ issuer: away.issuer, audience: [AUDIENCE], grants: [] }];
    const verify = await openIssuers(rules, { ...OPTIONS, pauseMs: 0, freshMs: 0, staleMs: 0 });
    const token = await away.token();
    away.down = true;
    await expect(verify(token)).rejects.toMatchObject({ status: 503 });
    await away.close();
  });

  it.each([
    ['that does not answer', 'http://127.0.0.1:1/vo', /can't be used/],
    ['that is another one', '', /is of the issuer/],
  ])('%s stops the relay from starting', async (_, address, why) => {
    const issuerAddress = address || issuer.issuer.replace('127.0.0.1', 'localhost');
    const rules = [{ issuer: issuerAddress, audience: [], grants: [] }];
    await expect(openIssuers(rules, OPTIONS)).rejects.toThrow(why);
  });
});

it('each client has a limit of its own, and guessing tokens is limited, too', async () => {
  const verify = await openIssuers([{ issuer: issuer.issuer, audience: [AUDIENCE], grants: [] }], OPTIONS);
  const few = await startTestServer({
    access: { verify, anonymous: [] },
    config: { limits: { requestsPerMinute: 3 } },
  });
  const token = await issuer.token({ scope: 'lumiscope.read' });
  const other = await issuer.token({ sub: 'other', scope: 'lumiscope.read' });
  const statuses = async (one: string) => {
    const found: number[] = [];
    for (let k = 0; k < 4; k++) found.push((await ask('GET', '/v1/datasets', one, few)).status);
    return found;
  };
  expect(await statuses(token)).toEqual([200, 200, 200, 429]);
  expect(await statuses(other)).toEqual([200, 200, 200, 429]);
  expect(await statuses('guess')).toEqual([401, 401, 401, 429]);
  const answer = await fetch(`${few.url}/v1/datasets`);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  await few.close();
});

it('a token is in no line of the log, and in no answer', async () => {
  const tokens = [
    await issuer.token({ scope: 'lumiscope.admin' }),
    await issuer.token({ exp: 1 }),
    'secret-that-is-no-token-at-all',
  ];
  const answers: string[] = [];
  for (const token of tokens) {
    answers.push((await ask('GET', '/v1/datasets', token)).text);
    answers.push((await ask('GET', `/nope/${token}`, token)).text);
    answers.push((await ask('GET', `/v1/datasets?access_token=${token}&X-Amz-Signature=${token}`, token)).text);
    answers.push((await ask('POST', '/v1/messages', token)).text);
    answers.push(
      await (
        await fetch(`${server.url}/v1/messages`, {
          method: 'POST',
          body: `{"token":"${token}"`,
          headers: { 'content-type': 'application/json', cookie: `t=${token}` },
        })
      ).text(),
    );
  }
  const said = server.lines.join('\n');
  expect(server.lines.length).toBeGreaterThan(15);
  // The last one is no token by its looks: where it is part of an address that does not exist, nothing tells.
  for (const token of tokens.slice(0, 2)) expect(said + answers.join('\n')).not.toContain(token.split('.')[2]);
  expect(said.replaceAll(`/nope/${tokens[2]}`, '')).not.toContain(tokens[2]);
});

it('a stream ends with the token that it was begun with', async () => {
  const token = await issuer.token({ scope: 'lumiscope.read', exp: now() - 28 });
  const answer = await fetch(`${server.url}/v1/monitor/stream`, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  expect(await answer.text()).toMatch(/^event: snapshot/);
  expect((await ask('GET', '/v1/monitor', token)).status).toBe(401);
});
