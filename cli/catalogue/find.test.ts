import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalogueCommand } from './catalogue.ts';

const DEMO = fileURLToPath(new URL('../../public/demo/catalogue', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumiscope-find-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What a command writes. */
async function output(...args: string[]): Promise<string> {
  const path = join(folder, 'out');
  await catalogueCommand([...args, '--workers', '1', '--no-cache', '-o', path]);
  return readFile(path, 'utf8');
}

test('what is found is written with the columns that are asked for, and leads to the declared files', async () => {
  const columns = ['--columns', 'name,run,files_rucio,inserted', '--format', 'json'];
  const found = JSON.parse(await output('datasets', DEMO, 'run:348885', 'type:DAOD_EGAM7', ...columns));
  expect(found.length).toBeGreaterThan(1);
  expect(found.every((row: { run_number: number }) => row.run_number === 348885)).toBe(true);
  expect(found[0].inserted).toMatch(/^\d{4}-\d{2}-\d{2}T/);
  const files = (await output('show', DEMO, found[1].name, '--files', '--format', 'csv')).trim().split('\r\n');
  expect(files[0]).toBe('file,guid,tid,events_rucio,bytes');
  expect(files).toHaveLength(1 + found[1].files_rucio);
  expect(files[1]).toMatch(/^\d+,[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12},/);
});

test('a wrong search is pointed at', async () => {
  await expect(output('datasets', DEMO, 'AOD strem:x')).rejects.toThrow(
    'there is no field strem\n  AOD strem:x\n      ^\n  did you mean stream?',
  );
});
