import { existsSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { catalogueIn } from '../../workers/catalogue/write/catalogueStore.ts';
import { folderObjects } from '../../workers/objects/folderObjects.ts';
import { sweepCommand } from './sweep.ts';

const folder = mkdtempSync(join(tmpdir(), 'lumiscope-sweep-'));
afterEach(() => vi.restoreAllMocks());
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ out: string; err: string }> {
  const said = { out: '', err: '' };
  const hear = (channel: keyof typeof said) => (text: unknown) => {
    said[channel] += text;
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(hear('out'));
  vi.spyOn(process.stderr, 'write').mockImplementation(hear('err'));
  await sweepCommand(args);
  return said;
}

it('tells what the catalogue does not name, then removes it', async () => {
  const store = catalogueIn(folderObjects(folder));
  const table = await store.put('datasets.parquet', Uint8Array.of(1), 'tables');
  const orphan = await store.put('datasets.parquet', Uint8Array.of(1, 2, 3), 'tables');
  const young = await store.put('datasets.parquet', Uint8Array.of(4), 'tables');
  await store.replaceManifest({
    format: 'lumiscope-catalogue',
    version: 1,
    serial: 1,
    title: 'Test',
    changed: '2026-11-21T12:00:00.000Z',
    families: [],
    parts: [],
    tables: { datasets: table, containers: table, dstypes: table, dsguids: table, menus: table },
  });
  const old = Math.floor(Date.now() / 1000) - 3 * 86_400;
  for (const { path } of [table, orphan]) utimesSync(join(folder, path), old, old);
  const is = (path: string) => existsSync(join(folder, path));

  expect(await run(folder)).toEqual({
    out: expect.stringMatching(/^ *path +bytes +modified/),
    err: '0 objects, 0 bytes, removed; 2 younger than 7 days stay\n',
  });
  const trial = await run(join(folder, 'manifest.json'), '--older-than', '2', '--dry-run', '--format', 'json');
  expect(JSON.parse(trial.out)).toEqual([
    { path: orphan.path, bytes: 3, modified: new Date(old * 1000).toISOString() },
  ]);
  expect(trial.err).toBe('1 object, 3 bytes, would be removed; 1 younger than 2 days stay\n');
  expect(is(orphan.path)).toBe(true);
  expect((await run(folder, '--older-than', '2')).err).toBe('1 object, 3 bytes, removed; 1 younger than 2 days stay\n');
  expect([orphan, table, young].map(({ path }) => is(path))).toEqual([false, true, true]);
});

it('refuses what is no catalogue, and lifetimes that are too short', async () => {
  await expect(run(join(folder, 'none'))).rejects.toMatchObject({
    status: 3,
    message: expect.stringMatching(/there is no catalogue/),
  });
  await expect(run(folder, '--older-than', '0.5')).rejects.toMatchObject({ status: 2 });
  await expect(run()).rejects.toMatchObject({ status: 2 });
});
