/** XRootD's HTTP door against a real server. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findXRootD, type RealServer, startXRootD } from '../testing/realServers.ts';
import { locateFile } from './locate.ts';
import { openSource } from './openSource.ts';

const program = findXRootD();
if (!program) console.info('skipped: this server is not here, see npm run servers');
const BYTES = Uint8Array.from({ length: 200_000 }, (_, i) => i % 251);
const NAME = 'a+b c#é%.root';

describe.skipIf(!program)('a real XRootD server (npm run servers)', () => {
  const exported = mkdtempSync(join(tmpdir(), 'lumiscope-exported-'));
  let server: RealServer;

  beforeAll(async () => {
    chmodSync(exported, 0o755);
    mkdirSync(join(exported, 'eos'), { mode: 0o755 });
    writeFileSync(join(exported, 'eos', NAME), BYTES, { mode: 0o644 });
    server = await startXRootD(program!, exported);
  });
  afterAll(async () => {
    await server?.close();
    rmSync(exported, { recursive: true });
  });

  const open = (name: string) =>
    openSource(
      { kind: 'url', ...locateFile(`dav://${server.host}/eos/${encodeURIComponent(name)}`) },
      { counter: { bytes: 0, requests: 0 } },
    );

  test('a file is read by ranges', async () => {
    const { source } = await open(NAME);
    // Release 5 tells neither an ETag nor a date.
    expect(source.size).toBe(BYTES.length);
    expect(await source.read(1000, 50_000)).toEqual(BYTES.subarray(1000, 51_000));
    expect(await source.read(BYTES.length - 3, 3)).toEqual(BYTES.subarray(-3));
  });

  test('what is not there is told', async () => {
    await expect(open('none.root')).rejects.toMatchObject({ message: expect.stringContaining('not found') });
  });
});
