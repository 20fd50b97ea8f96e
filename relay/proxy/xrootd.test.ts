/** The range proxy in front of a real XRootD's HTTP door, which has no CORS headers and tells no version. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSource } from '../../workers/io/openSource.ts';
import { setAccess } from '../../workers/io/send.ts';
import { findXRootD, type RealServer, startXRootD } from '../../workers/testing/realServers.ts';
import { startProxy, type TestProxy } from './testing/startProxy.ts';

const program = findXRootD();
if (!program) console.info('skipped: this server is not here, see npm run servers');
const BYTES = Uint8Array.from({ length: 200_000 }, (_, i) => i % 251);
const NAME = 'a+b c#é%.root';

describe.skipIf(!program)('a real XRootD server (npm run servers)', () => {
  const exported = mkdtempSync(join(tmpdir(), 'lumiscope-exported-'));
  let server: RealServer;
  let proxy: TestProxy;
  let url: string;

  beforeAll(async () => {
    chmodSync(exported, 0o755);
    mkdirSync(join(exported, 'eos'), { mode: 0o755 });
    writeFileSync(join(exported, 'eos', NAME), BYTES, { mode: 0o644 });
    server = await startXRootD(program!, exported);
    proxy = await startProxy({ origins: [server.endpoint], cache: { folder: join(exported, 'cache') } });
    url = `${server.endpoint}/eos/${encodeURIComponent(NAME)}`;
    setAccess({ keys: [], tokens: [], proxy: proxy.address, proxied: [server.host] });
  });
  afterAll(async () => {
    setAccess({ keys: [], tokens: [] });
    await proxy?.close();
    await server?.close();
    rmSync(exported, { recursive: true });
  });

  test('a file is opened and read by ranges, as the app does it', async () => {
    const { source } = await openSource({ kind: 'url', url }, { counter: { bytes: 0, requests: 0 } });
    expect(source.size).toBe(BYTES.length);
    expect(await source.read(1000, 50_000)).toEqual(BYTES.subarray(1000, 51_000));
    expect(await source.read(BYTES.length - 3, 3)).toEqual(BYTES.subarray(-3));
    expect(proxy.told.filter(({ kind }) => kind === 'error')).toEqual([]);
  });

  test('ranges that it answers with the whole file are cut out of it', async () => {
    const response = await proxy.ask(url, { headers: { range: 'bytes=-10' } });
    expect([response.status, response.headers.get('Content-Range')]).toEqual([206, 'bytes 199990-199999/200000']);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(BYTES.subarray(-10));
  });

  test('what is not there is told, and folders are not listed', async () => {
    expect((await proxy.ask(`${server.endpoint}/eos/none.root`)).status).toBe(404);
    const folder = await proxy.ask(`${server.endpoint}/eos/`);
    expect(folder.headers.get('Content-Type')).not.toContain('html');
  });
});
