/** S3 against a real server. */
import { AwsV4Signer } from 'aws4fetch';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { findS3Gateway, type S3Gateway, startS3Gateway } from '../testing/realServers.ts';
import { listKeys } from './listing.ts';
import { locate, locateFile } from './locate.ts';
import { openSource } from './openSource.ts';
import { setAccess } from './send.ts';

const program = findS3Gateway();
if (!program) console.info('skipped: this server is not here, see npm run servers');
const BYTES = Uint8Array.from({ length: 200_000 }, (_, i) => i % 251);
const ODD = 'run1/a+b c#é%.root';
const counter = () => ({ bytes: 0, requests: 0 });

describe.skipIf(!program)('a real S3 server (npm run servers)', () => {
  let store: S3Gateway;

  beforeAll(async () => {
    store = await startS3Gateway(program!);
    const put = async (url: string, body?: BodyInit) => {
      const response = await store.owner.fetch(url, { method: 'PUT', ...(body && { body }) });
      if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
    };
    for (const bucket of ['closed', 'open-data']) {
      await put(`${store.endpoint}/${bucket}`);
      for (const key of [ODD, 'run1/b.root', 'run1/notes.txt', 'run2/deep/c.root'])
        await put(locateFile(`s3://${bucket}/${key}`, { endpoint: store.endpoint }).url, BYTES);
    }
    const everybody = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: '*',
          Action: ['s3:GetObject', 's3:ListBucket'],
          Resource: ['arn:aws:s3:::open-data', 'arn:aws:s3:::open-data/*'],
        },
      ],
    };
    await put(`${store.endpoint}/open-data?policy`, JSON.stringify(everybody));
  });
  afterAll(() => store?.close());
  afterEach(() => setAccess({ keys: [], tokens: [] }));

  const useKeys = (
    some: { accessKeyId?: string; secretAccessKey?: string; sessionToken?: string; region?: string } = {},
  ) => {
    const { host, accessKeyId, secretAccessKey } = store;
    setAccess({ keys: [{ host, accessKeyId, secretAccessKey, ...some }], tokens: [] });
  };
  const read = async (address: string) => {
    const place = locateFile(address, { endpoint: store.endpoint });
    const { source } = await openSource({ kind: 'url', ...place }, { counter: counter() });
    expect(source.size).toBe(BYTES.length);
    return source.read(1000, 50_000);
  };
  const list = (address: string) => {
    const located = locate(address, { endpoint: store.endpoint });
    return 'listing' in located ? listKeys(located.listing, counter()) : Promise.reject(new Error('no listing'));
  };
  const middle = BYTES.subarray(1000, 51_000);

  test('an open bucket needs no keys', async () => {
    expect(await read(`s3://open-data/${ODD}`)).toEqual(middle);
    expect(await list('s3://open-data/**/*.root')).toEqual([ODD, 'run1/b.root', 'run2/deep/c.root']);
  });

  test('a closed one opens with keys, in the region that it names itself', async () => {
    useKeys();
    expect(await read(`s3://closed/${ODD}`)).toEqual(middle);
    expect(await list('s3://closed/run1/*.root')).toEqual([ODD, 'run1/b.root']);
  });

  test('keys are refused with the reason', async () => {
    const refused = (message: string) => ({ message: expect.stringContaining(message), place: { access: store.host } });
    await expect(read('s3://closed/run1/b.root')).rejects.toMatchObject(refused('no keys or token were given'));
    await expect(list('s3://closed/*')).rejects.toMatchObject(refused('no keys or token were given'));
    useKeys({ accessKeyId: 'AKOTHER' });
    await expect(read('s3://closed/run1/b.root')).rejects.toMatchObject(
      refused('the server does not know the access key'),
    );
    useKeys({ secretAccessKey: 'wrong' });
    await expect(read('s3://closed/run1/b.root')).rejects.toMatchObject(refused('the secret key does not fit'));
  });

  test('a link signed elsewhere works until it expires', async () => {
    const link = async (datetime?: string) => {
      const { accessKeyId, secretAccessKey, region } = store;
      const url = `${locateFile(`s3://closed/${ODD}`, { endpoint: store.endpoint }).url}?X-Amz-Expires=600`;
      const signer = new AwsV4Signer({
        url,
        accessKeyId,
        secretAccessKey,
        region,
        service: 's3',
        signQuery: true,
        ...(datetime && { datetime }),
      });
      return (await signer.sign()).url.href;
    };
    const { source } = await openSource({ kind: 'url', url: await link() }, { counter: counter() });
    expect(await source.read(1000, 50_000)).toEqual(middle);
    const old = openSource({ kind: 'url', url: await link('20240102T030405Z') }, { counter: counter() });
    await expect(old).rejects.toMatchObject({ message: expect.stringContaining('expired on 2024-01-02 03:14 UTC') });
  });

  test('what is not there is told', async () => {
    useKeys();
    await expect(read('s3://closed/none.root')).rejects.toMatchObject({
      message: expect.stringContaining('not found'),
    });
  });
});
