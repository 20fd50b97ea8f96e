import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { AccessRules } from '../workers/io/access.ts';
import type { Listing } from '../workers/io/locate.ts';
import type { DataSession } from '../workers/session.ts';
import { accessFromEnvironment } from './access.ts';
import { addressesOf, type NamedFile } from './addresses.ts';

const KEYS = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
const AWS = 'bucket.s3.amazonaws.com';
const REGIONAL = 'bucket.with.dots.s3.dualstack.ap-southeast-2.amazonaws.com';
const CERN = 's3.cern.ch';
const EVIL = [
  'evil-amazonaws.com',
  'ec2-1-2-3-4.compute-1.amazonaws.com',
  's3-evil-123.us-east-1.elb.amazonaws.com',
  'x.execute-api.us-east-1.amazonaws.com',
];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lumiscope-access-'));
  mkdirSync(join(folder, 'deep/er'), { recursive: true });
  for (const name of ['b.root', 'a+b.root', 'notes.txt', 'deep/c.root', 'deep/er/d.root'])
    writeFileSync(join(folder, name), 'x');
  writeFileSync(join(folder, 'token'), ' from-file\n');
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

describe('keys of the environment', () => {
  const hosts = async (environment: Record<string, string>) =>
    (
      await accessFromEnvironment(
        { s3Hosts: [AWS, REGIONAL, CERN, `bucket.${CERN}`, ...EVIL], tokenHosts: [] },
        environment,
      )
    ).keys.map(({ host }) => host);

  test('go to AWS alone, or to the endpoint that the environment names alone', async () => {
    expect(await hosts(KEYS)).toEqual([AWS, REGIONAL]);
    expect(await hosts({ ...KEYS, AWS_ENDPOINT_URL: 'https://s3.cern.ch/' })).toEqual([CERN, `bucket.${CERN}`]);
    expect(await hosts({ AWS_ACCESS_KEY_ID: 'id' })).toEqual([]);
  });

  test('come with session token and region', async () => {
    const environment = { ...KEYS, AWS_SESSION_TOKEN: 'session', AWS_DEFAULT_REGION: 'eu-west-3' };
    expect((await accessFromEnvironment({ s3Hosts: [AWS], tokenHosts: [] }, environment)).keys).toEqual([
      { host: AWS, accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'session', region: 'eu-west-3' },
    ]);
  });
});

describe('a token of the environment', () => {
  const token = async (environment: Record<string, string>, tokenHosts = ['door.example']) =>
    (await accessFromEnvironment({ s3Hosts: [], tokenHosts }, environment)).tokens;

  test('is looked for where WLCG says', async () => {
    writeFileSync(join(folder, `bt_u${process.getuid?.()}`), 'from-folder');
    const file = { BEARER_TOKEN_FILE: join(folder, 'token') };
    expect(await token({ BEARER_TOKEN: 'direct', ...file })).toEqual([{ host: 'door.example', token: 'direct' }]);
    expect(await token(file)).toEqual([{ host: 'door.example', token: 'from-file' }]);
    expect(await token({ XDG_RUNTIME_DIR: folder })).toEqual([{ host: 'door.example', token: 'from-folder' }]);
    await expect(token({ BEARER_TOKEN_FILE: join(folder, 'none') })).rejects.toThrow(
      'BEARER_TOKEN_FILE can not be read',
    );
  });

  test('goes nowhere where no host is named', async () => {
    expect(await token({ BEARER_TOKEN: 'direct' }, [])).toEqual([]);
  });
});

describe('files of a document and of the command line', () => {
  const session = (keys: string[] = []) => {
    const given: AccessRules[] = [];
    const listed: Listing[] = [];
    const some: Pick<DataSession, 'setAccess' | 'list'> = {
      setAccess: (rules) => void given.push(rules),
      list: async (listing) => {
        listed.push(listing);
        return keys;
      },
    };
    return { session: some as DataSession, given, listed };
  };
  const named = (file: string, more: Partial<NamedFile> = {}): NamedFile => ({ file, folder, ...more });

  test('a token goes to the sites that the command line names, not to those of a document', async () => {
    vi.stubEnv('BEARER_TOKEN', 'token');
    const { session: some, given } = session();
    const inDocument = ['davs://evil.example/a', 'https://evil.example/b', 'root://eoscms.cern.ch//eos/a'].map((file) =>
      named(file),
    );
    const onCommandLine = [
      'davs://door.example:2880/a',
      'root://eospublic.cern.ch//eos/a',
      'https://plain.example/c',
    ].map((file) => named(file, { trusted: true }));
    await addressesOf([[...inDocument, ...onCommandLine]], some, ['asked.example']);
    expect(given[0]?.tokens.map(({ host }) => host)).toEqual([
      'asked.example',
      'door.example:2880',
      'eospublic.cern.ch',
    ]);
  });

  test('a pattern stands for what the store has, of any source within one data set', async () => {
    const { session: some, listed } = session(['run/a b.root', 'run/c.root']);
    const s3 = { endpoint: 'https://s3.cern.ch', region: 'x' };
    const files = ['s3://bucket/run/*.root', 'https://plain.example/d.root', 'b.root'].map((file) =>
      named(file, { s3 }),
    );
    expect(await addressesOf([files], some)).toEqual([
      [
        { kind: 'url', url: 'https://s3.cern.ch/bucket/run/a%20b.root', region: 'x' },
        { kind: 'url', url: 'https://s3.cern.ch/bucket/run/c.root', region: 'x' },
        { kind: 'url', url: 'https://plain.example/d.root' },
        { kind: 'path', path: join(folder, 'b.root') },
      ],
    ]);
    expect(listed[0]).toMatchObject({ name: 'bucket', prefix: 'run/' });
  });

  test('AWS_ENDPOINT_URL is where s3:// addresses lie, unless the document says otherwise', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:7070');
    const files = [named('s3://b/a'), named('s3://b/a', { s3: { endpoint: 'https://s3.cern.ch' } })];
    const [addresses] = await addressesOf([files], session().session);
    expect(addresses).toMatchObject([{ url: 'http://127.0.0.1:7070/b/a' }, { url: 'https://s3.cern.ch/b/a' }]);
  });

  test.each([
    ['*.root', ['a+b.root', 'b.root']],
    ['deep/**/*.root', ['deep/c.root', 'deep/er/d.root']],
    ['*/?.root', ['deep/c.root']],
  ])('%s stands for %o of this machine', async (pattern, expected) => {
    const [addresses] = await addressesOf([[named(pattern)]], session().session);
    expect(addresses).toEqual(expected.map((name) => ({ kind: 'path', path: join(folder, name) })));
  });

  test('a pattern without a match is told', async () => {
    await expect(addressesOf([[named('*.parquet')]], session().session)).rejects.toThrow('no file matches');
    await expect(addressesOf([[named('s3://b/*.parquet')]], session().session)).rejects.toThrow('no file matches');
  });
});
