import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalogueCommand } from './catalogue.ts';

const DEMO = fileURLToPath(new URL('../../public/demo/catalogue', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumiscope-overlaps-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What the command writes. */
async function output(...args: string[]): Promise<string> {
  const path = join(folder, 'out');
  await catalogueCommand(['overlaps', DEMO, ...args, '--workers', '1', '--no-cache', '-o', path]);
  return readFile(path, 'utf8');
}

test('text and JSON tell the same of the derivations of a dataset', async () => {
  const { streams, pairs, events_union, events_in_exactly } = JSON.parse(await output('--format', 'json'));
  expect(pairs).toHaveLength((streams.length * (streams.length - 1)) / 2);
  expect(events_in_exactly.reduce((sum: number, n: number) => sum + n, 0)).toBe(events_union);
  const text = await output('--order', 'name', '--matrix', 'both');
  const numbers = text.slice(text.indexOf('Events in both'), text.indexOf('Pairs')).matchAll(/DAOD_\S+ +(.*)/g);
  const matrix = [...numbers].map(([, row]) => row!.split(/ +/).map(Number));
  const events = [...streams].sort((a, b) => (a.name < b.name ? -1 : 1)).map((stream) => stream.events_uniq);
  expect(matrix.map((row, i) => row[i])).toEqual(events);
  expect(text).toContain(`all  ${String(events_union).padStart(6)}`);
});

test('streams are containers taken together, and events of a file', async () => {
  const list = join(folder, 'mine.txt');
  await writeFile(list, '348885 18446744073709551615\n348885 1\n348885 1\n');
  const together = JSON.parse(
    await output(
      '--stream',
      'all PHYS=type:DAOD_PHYS version:*_p5057',
      'type:DAOD_PHYS version:*_p5057 run:348885',
      '--list',
      list,
      '--format',
      'json',
    ),
  );
  const [phys, all] = together.streams;
  expect(all.name).toBe('all PHYS');
  expect(all.events_uniq).toBeGreaterThan(phys.events_uniq);
  expect(together.pairs[0]).toMatchObject({ events_stream1_only: 0, events_bothstreams: phys.events_uniq });
  expect(together.streams.at(-1)).toEqual({ name: 'mine.txt', records: 2, events_uniq: 2 });
  expect(together).not.toHaveProperty('bytes_overlap');
});

test.each([
  [['type:NONE'], 'no container of the catalogue is like type:NONE'],
  [['--order', 'chance'], '--order is similarity, name, size, not chance'],
])('%j is refused with the reason', async (args, reason) => {
  await expect(output(...args)).rejects.toThrow(reason);
});
