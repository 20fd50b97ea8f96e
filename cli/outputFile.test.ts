import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { OutputFile } from './outputFile.ts';

const folder = await mkdtemp(join(tmpdir(), 'lumiscope-output-'));
afterAll(() => rm(folder, { recursive: true }));

it('a file has its name once it is whole', async () => {
  const file = await OutputFile.create(join(folder, 'whole'));
  await file.write(Uint8Array.of(97, 98));
  expect(await readdir(folder)).toEqual(['whole.part']);
  await file.finish();
  await file.discard();
  expect(await readdir(folder)).toEqual(['whole']);
  expect(await readFile(join(folder, 'whole'), 'utf8')).toBe('ab');
});

it('one that can not get its name leaves nothing', async () => {
  await mkdir(join(folder, 'taken', 'by'), { recursive: true });
  const file = await OutputFile.create(join(folder, 'taken'));
  await expect(file.finish()).rejects.toThrow('can not write');
  await file.discard();
  expect(await readdir(folder)).toEqual(['taken', 'whole']);
});
