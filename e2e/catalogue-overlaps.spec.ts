/** Overlaps on the demo's catalogue: numbers against a count that knows nothing of the engine, read by another Parquet reader. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { Manifest } from '../core/catalogue/manifest.ts';
import { axe } from './axe.ts';
import { expect, test } from './fixtures.ts';

const FOLDER = fileURLToPath(new URL('../public/demo/catalogue/', import.meta.url));

/** Distinct events of each derivation of a dataset, by data type. */
async function streamsOf(runNumber: number, amiTag: string): Promise<Map<string, Set<bigint>>> {
  const manifest = JSON.parse(readFileSync(`${FOLDER}manifest.json`, 'utf8')) as Manifest;
  const objects = async <T>(path: string, columns?: string[]) => {
    const { buffer, byteOffset, byteLength } = readFileSync(FOLDER + path);
    const file = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
    return (await parquetReadObjects({ file, compressors, ...(columns && { columns }) })) as T[];
  };
  const dstypes = await objects<{ dstypeid: number; format: string; group: string }>(manifest.tables.dstypes.path);
  const family = manifest.families.find((one) => one.runNumber === runNumber && one.amiTag === amiTag)!;
  const streams = new Map<string, Set<bigint>>();
  for (const { dspid, dstypeid, keys } of manifest.parts) {
    if (dspid !== family.dspid) continue;
    const { format, group } = dstypes.find((one) => one.dstypeid === dstypeid)!;
    const name = `${format}_${group}`;
    const events = streams.get(name) ?? new Set<bigint>();
    for (const { eventno } of await objects<{ eventno: bigint }>(keys.path, ['eventno'])) events.add(BigInt(eventno));
    streams.set(name, events);
  }
  return streams;
}

test('derivations of a dataset: every pair, k-fold counts, shared events to pick', async ({ page, app }) => {
  const streams = await streamsOf(348_885, 'r13286_p5057');
  const names = [...streams.keys()].sort();
  const shared = (a: string, b: string) => [...streams.get(a)!].filter((event) => streams.get(b)!.has(event));
  expect(names.length).toBeGreaterThan(8);

  await page.goto(`${app.url}#catalogue=demo/catalogue/&task=overlaps&order=name`);
  const pairs = page.getByRole('grid', { name: 'Pairs of streams' });
  await expect(page.getByRole('heading', { name: `${(names.length * (names.length - 1)) / 2} pairs` })).toBeVisible();

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Pairs as CSV' }).click();
  const rows = readFileSync(await (await download).path(), 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  const found = rows
    .map((row) => row.split(','))
    .map(([a, b, ...numbers]) => [typeOf(a!), typeOf(b!), ...numbers.map(Number)]);
  const expected = names.flatMap((a, i) =>
    names.slice(i + 1).map((b) => {
      const both = shared(a, b).length;
      const [only1, only2] = [streams.get(a)!.size - both, streams.get(b)!.size - both];
      return [a, b, only1, only2, both, both / (only1 + only2 + both)];
    }),
  );
  expect(found).toEqual(expected);

  const inExactly = new Map<number, number>();
  const all = new Set([...streams.values()].flatMap((events) => [...events]));
  for (const event of all) {
    const k = names.filter((name) => streams.get(name)!.has(event)).length;
    inExactly.set(k, (inExactly.get(k) ?? 0) + 1);
  }
  const folds = page.getByRole('region', { name: 'Events by number of streams' }).getByRole('row');
  for (const [k, events] of inExactly)
    await expect(folds.nth(k)).toContainText(new RegExp(`^${k}${events.toLocaleString('en-US')}`));

  // By keyboard: the first row, second column.
  const map = page.getByRole('application', { name: /Heat map/ });
  await map.focus();
  await map.press('ArrowRight');
  await map.press('ArrowRight');
  const [first, second] = names as [string, string];
  const both = shared(first, second);
  await expect(page.getByText(`${first} and ${second}: ${both.length} events in both`)).toBeVisible();
  await map.press('Enter');
  const panel = page.getByRole('region', { name: 'Events of the pair' });
  await panel.getByRole('combobox', { name: 'Events' }).selectOption('only1');
  const only = [...streams.get(first)!]
    .filter((event) => !streams.get(second)!.has(event))
    .sort((a, b) => (a < b ? -1 : 1));
  await expect(panel.getByRole('listitem').first()).toHaveText(`348885 ${only[0]}`);
  await expect(panel.getByText(`${only.length} events`)).toBeVisible();
  expect((await axe(page, 'light').analyze()).violations).toEqual([]);

  await page.reload();
  await expect(panel.getByRole('listitem').first()).toHaveText(`348885 ${only[0]}`);
  await panel.getByRole('button', { name: 'Back to the pairs' }).click();
  await page.getByRole('searchbox', { name: 'Filter pairs by name' }).fill(`${first} ${second}`);
  await expect(pairs.getByRole('row')).toHaveCount(2);
  await expect(pairs.getByRole('row').last()).toContainText(first + second);

  // The explanation leads to events that the demo has.
  await page.getByRole('link', { name: 'What is this?' }).click();
  const where = await page.getByRole('link', { name: /^Where is event/ }).getAttribute('href');
  const [, event] = /events=348885:(\d+)/.exec(where!)!;
  expect(streams.get('DAOD_PHYS')).toContain(BigInt(event!));
  await page.getByRole('link', { name: 'Which events do two derivations share?' }).click();
  await expect(panel.getByRole('heading', { name: 'DAOD_EGAM7 and DAOD_PHYS' })).toBeVisible();
});

/** The data type in the name of a container. */
const typeOf = (name: string) => name.split('.')[4]!;
