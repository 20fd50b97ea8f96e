import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig, variableOf } from './config.ts';
import { keysOf } from './configSchema.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lumiscope-config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Reads a file with the text, variables and options. */
function read(text: string, env: Record<string, string> = {}, args: string[] = []) {
  const path = join(folder, 'relay.yaml');
  writeFileSync(path, text);
  return readConfig(['--config', path, ...args], env);
}

describe('a configuration', () => {
  it('is what nobody said otherwise, and can be started with nothing', () => {
    const { config } = readConfig(['--folder', folder], {});
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 4380,
      consumers: 1,
      memory: 1e9,
      roles: ['api', 'supervisor', 'consumer', 'proxy'],
    });
    expect(config.lifetimes.uploads).toBe(86_400_000);
  });

  it('is a file, over it the environment, over that options', () => {
    const file = 'port: 1\nhost: 127.0.0.2\nlimits: { objectBytes: 3 GB, connections: 7 }\n';
    const env = {
      LUMISCOPE_RELAY_PORT: '2',
      LUMISCOPE_RELAY_LIMITS_OBJECT_BYTES: '2 MiB',
      LUMISCOPE_RELAY_ROLES: 'api,proxy',
    };
    const { config } = read(file, env, ['--port', '3']);
    expect(config).toMatchObject({ port: 3, host: '127.0.0.2', roles: ['api', 'proxy'] });
    expect(config.limits).toMatchObject({ objectBytes: 2 ** 21, connections: 7 });
  });

  it('may be JSON, and lie in the folder', () => {
    expect(read('{"port": 5, "auth": {"issuers": ["https://a.example"]}}').config.auth.issuers[0]).toMatchObject({
      issuer: 'https://a.example',
    });
    writeFileSync(join(folder, 'lumiscope-relay.yaml'), 'port: 77\n');
    expect(readConfig(['--folder', folder], {}).config.port).toBe(77);
    rmSync(join(folder, 'lumiscope-relay.yaml'));
  });

  it('takes an option several times', () => {
    const { config } = read('', {}, [
      '--auth',
      'https://a.example',
      '--auth',
      'https://b.example',
      '--origin',
      'https://c.example',
    ]);
    expect(config.auth.issuers.map(({ issuer }) => issuer)).toEqual(['https://a.example', 'https://b.example']);
    expect(config.origins).toEqual(['https://c.example']);
  });

  it('is printed as it could be written', () => {
    const { written, config } = read('memory: 2 GB\nproxy: { origins: [https://data.example] }\n');
    expect(written).toMatchObject({ memory: '2 GB', proxy: { origins: ['https://data.example'] }, port: 4380 });
    expect(read(JSON.stringify(written)).config).toEqual(config);
  });
});

describe('what is wrong is told with its place', () => {
  it.each<[string, string, RegExp]>([
    [
      'an unknown key',
      'port: 1\nprot: 2\n',
      /relay\.yaml:2:1: prot is no key of the configuration\n {2}keys here are folder, store/,
    ],
    [
      'an unknown key of a section',
      'limits:\n  objectBites: 2\n',
      /relay\.yaml:2:3: limits\.objectBites is no key.*\n.*objectBytes/,
    ],
    ['a wrong type', 'port: nine\n', /relay\.yaml:1:1: port: expected number, received string/],
    [
      'a wrong size',
      'limits:\n  # of one\n  objectBytes: lots\n',
      /relay\.yaml:3:3: limits\.objectBytes: "lots" is no size: write 512 MB/,
    ],
    ['a wrong time', 'lifetimes: { uploads: 3 }\n', /relay\.yaml:1:14: lifetimes\.uploads: expected string/],
    ['a wrong role', 'roles: [api, king]\n', /relay\.yaml:1:14: roles\.1: .*"api".*"proxy"/],
    ['an origin with a path', 'origins:\n  - https://a.example/app\n', /relay\.yaml:2:5: origins\.0: is no origin/],
    ['an algorithm that anybody can sign by', 'auth: { algorithms: [none] }\n', /auth\.algorithms\.0: .*"RS256"/],
    [
      'a grant of nothing',
      'auth: { issuers: [{ issuer: https://a.example, grants: [{ grants: [read] }] }] }\n',
      /names a scope or a group/,
    ],
    ['a proxy origin that is none', 'proxy: { origins: [data.example] }\n', /proxy\.origins/],
    ['no YAML', 'port: [1\n', /relay\.yaml:\d:\d: /],
    ['a list', '- port\n', /keys and values are expected/],
    ['an alias', 'folder: &a x\nstore: *a\n', /relay\.yaml/],
  ])('%s', (_, text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it.each<[string, Record<string, string>, string[], RegExp]>([
    [
      'a variable that is none',
      { LUMISCOPE_RELAY_PROT: '1' },
      [],
      /LUMISCOPE_RELAY_PROT: there is no such variable\n.*LUMISCOPE_RELAY_PORT/,
    ],
    ['a wrong value of a variable', { LUMISCOPE_RELAY_PORT: 'x' }, [], /LUMISCOPE_RELAY_PORT: port: expected number/],
    ['a wrong value of an option', {}, ['--consumers', '0'], /--consumers: consumers: .*>=1/],
    ['an option that is none', {}, ['--prot', '1'], /--prot/],
    ['a file that is not there', {}, ['--config', 'nowhere.yaml'], /there is no configuration file nowhere\.yaml/],
  ])('%s', (_, env, args, message) => {
    expect(() => readConfig(args, env)).toThrow(message);
  });
});

it('each key is in docs/relay.md, with what it means', () => {
  const docs = readFileSync(new URL('../docs/relay.md', import.meta.url), 'utf8');
  const missing = keysOf().filter(
    ({ path, description }) => !docs.includes(`\`${path.join('.')}\``) || !docs.includes(description) || !description,
  );
  expect(missing.map(({ path }) => path.join('.'))).toEqual([]);
  expect(variableOf(['limits', 'objectBytes'])).toBe('LUMISCOPE_RELAY_LIMITS_OBJECT_BYTES');
});

it.each([
  ['auth: { issuers: [http://issuer.example] }', /auth.issuers.0.*is not https:/],
  ['auth: { issuers: [{ issuer: https://a.example, jwks: http://a.example/keys }] }', /is not https:/],
  ['trustProxy: [nginx]', /trustProxy.0: "nginx" is no address/],
  ['limits: { uploadMemory: 0 MB }', /"0 MB" is no size/],
  ['selfTest: 30 days', /selfTest: at most 24 days/],
  ['limits: { idleSeconds: 3000000 }', /limits.idleSeconds/],
  ['stopSeconds: 3000000', /stopSeconds/],
])('what would fail later, or wrap around, is told at the start: %s', (text, why) => {
  expect(() => read(text)).toThrow(why);
});

it('reverse proxies are named by address, range, or kind', () => {
  const { config } = read('trustProxy: [10.0.0.10, 10.0.0.0/8, "fd00::/8", loopback]');
  expect(config.trustProxy).toHaveLength(4);
});
