/** Trigger chains on the demo's catalogue: numbers against a count that knows nothing of the engine, read by another Parquet reader. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { Manifest } from '../core/catalogue/manifest.ts';
import { printHltMask, printL1Mask } from '../core/catalogue/triggerMask.ts';
import { axe } from './axe.ts';
import { expect, test } from './fixtures.ts';

const FOLDER = fileURLToPath(new URL('../public/demo/catalogue/', import.meta.url));
const RUN = 348_885;
const TAG = 'f937_m1972';

interface Event {
  eventno: bigint;
  lb: number;
  tbp: number[];
  tap: number[];
  tav: number[];
  ph: number[];
  pt: number[];
  rs: number[];
}

async function objects<T>(path: string, columns?: string[]): Promise<T[]> {
  const { buffer, byteOffset, byteLength } = readFileSync(FOLDER + path);
  const file = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
  return (await parquetReadObjects({ file, compressors, ...(columns && { columns }) })) as T[];
}

/** The events of a dataset's AOD, each once, and the names of its chains by level and bit. */
async function truth(): Promise<{ events: Event[]; chains: Map<string, string>; smk: number }> {
  const manifest = JSON.parse(readFileSync(`${FOLDER}manifest.json`, 'utf8')) as Manifest;
  const { dspid } = manifest.families.find((one) => one.runNumber === RUN && one.amiTag === TAG)!;
  const datasets = await objects<{ dspid: number; smk: number }>(manifest.tables.datasets.path);
  const { smk } = datasets.find((row) => row.dspid === dspid)!;
  const menu = await objects<{ smk: number; level: number; bit: number; chain: string }>(manifest.tables.menus.path);
  const events = new Map<bigint, Event>();
  const columns = ['eventno', 'lb', 'tbp', 'tap', 'tav', 'ph', 'pt', 'rs'];
  for (const part of manifest.parts.filter((one) => one.dspid === dspid)) {
    for (const record of await objects<Event>(part.records.path, columns))
      if (!events.has(BigInt(record.eventno))) events.set(BigInt(record.eventno), record);
  }
  const chains = menu.filter((row) => row.smk === smk).map((row) => [`${row.level} ${row.bit}`, row.chain] as const);
  return { events: [...events.values()], chains: new Map(chains), smk };
}

async function saved(page: Page, button: string, item: string): Promise<string[][]> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: button, exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
  const text = readFileSync(await (await download).path(), 'utf8');
  return text
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','));
}

test('chains are counted, compared, and decoded for an event and for masks', async ({ page, app }) => {
  const { events, chains, smk } = await truth();
  const link = `${app.url}#catalogue=demo/catalogue/&task=triggers`;

  await page.goto(link);
  const grid = page.getByRole('grid', { name: 'Chains' });
  await expect(page.getByText(`${events.length.toLocaleString('en')} events of`)).toBeVisible();
  const rows = await saved(page, 'Save', 'Chains as CSV');
  expect(rows).toHaveLength([...chains.keys()].filter((key) => key.startsWith('1 ')).length);
  for (const [bit, chain, ...numbers] of rows) {
    const count = (list: 'tbp' | 'tap' | 'tav') => events.filter((event) => event[list].includes(Number(bit))).length;
    const alone = events.filter(({ tav }) => tav.length === 1 && tav[0] === Number(bit)).length;
    expect(chain).toBe(chains.get(`1 ${bit}`));
    expect([...numbers.slice(0, 3), numbers[5]].map(Number)).toEqual([count('tbp'), count('tap'), count('tav'), alone]);
  }
  expect((await axe(page, 'light').analyze()).violations).toEqual([]);

  // A range of luminosity blocks, the other level, a filter and another order: all of it in the link.
  await page.getByRole('combobox', { name: 'Level' }).selectOption('2');
  await page.getByRole('textbox', { name: 'Luminosity blocks' }).fill('10-20');
  await page.getByRole('textbox', { name: 'Luminosity blocks' }).press('Enter');
  await page.getByRole('textbox', { name: 'Chains' }).fill('HLT_mu*');
  await page.getByRole('textbox', { name: 'Chains' }).press('Enter');
  await page.getByRole('button', { name: 'Sort by chain', exact: true }).click();
  const inside = events.filter(({ lb }) => lb >= 10 && lb <= 20);
  await expect(page.getByText(`${inside.length} events of`)).toBeVisible();
  const names = [...chains].filter(([key, name]) => key.startsWith('2 ') && name.startsWith('HLT_mu'));
  const [first] = names.sort(([, a], [, b]) => (a < b ? -1 : 1));
  const bit = Number(first![0].slice(2));
  const expected = [bit, first![1], inside.filter(({ ph }) => ph.includes(bit)).length].map(String);
  await expect(async () => {
    const cells = await grid.getByRole('row').nth(1).getByRole('gridcell').allTextContents();
    expect(cells.slice(0, 3)).toEqual(expected);
  }).toPass();
  await page.reload();
  await expect(grid.getByRole('row').nth(1)).toContainText(first![1]);

  // Overlaps of the ten chains with most events.
  await page.goto(`${link}&level=2&view=overlaps&most=10&order=name`);
  await expect(page.getByRole('application', { name: 'Heat map of the overlaps of 10 chains' })).toBeVisible();
  const bits = new Map(
    [...chains].filter(([key]) => key.startsWith('2 ')).map(([key, name]) => [name, Number(key.slice(2))]),
  );
  const pairs = await saved(page, 'Save overlaps', 'Pairs as CSV');
  expect(pairs).toHaveLength(45);
  for (const [a, b, only1, only2, both] of pairs) {
    const has = (name: string) => (event: Event) => event.ph.includes(bits.get(name)!);
    const [of1, of2] = [events.filter(has(a!)), events.filter(has(b!))];
    const shared = of1.filter(has(b!)).length;
    expect([only1, only2, both].map(Number), `${a} and ${b}`).toEqual([
      of1.length - shared,
      of2.length - shared,
      shared,
    ]);
  }
  await page.emulateMedia({ colorScheme: 'dark' });
  expect((await axe(page, 'dark').analyze()).violations).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });

  // The events of a pair, by keyboard: the first row, second column.
  const map = page.getByRole('application', { name: 'Heat map of the overlaps of 10 chains' });
  await map.focus();
  await map.press('ArrowRight');
  await map.press('ArrowRight');
  const [a, b] = [...new Set(pairs.flatMap(([one, other]) => [one!, other!]))].sort() as [string, string];
  const shared = events.filter(({ ph }) => ph.includes(bits.get(a)!) && ph.includes(bits.get(b)!)).length;
  await expect(page.getByText(`${a} and ${b}: ${shared} events in both`)).toBeVisible();
  await map.press('Enter');
  await expect(page.getByText(`${shared} events`).first()).toBeVisible();
  await page.goBack();

  // A mask, with and without a menu, and a wrong one.
  await page.getByRole('button', { name: 'Decode an event or a mask' }).click();
  const fired = page.getByRole('grid', { name: 'Fired chains' });
  const [event] = events;
  await page.getByRole('textbox', { name: 'Mask' }).fill(printL1Mask(event!));
  await expect(fired.getByRole('row').nth(1)).toContainText(`L1 bit ${event!.tbp[0]}`);
  await page.getByRole('combobox', { name: 'Menu' }).selectOption(String(smk));
  await expect(fired.getByRole('row').nth(1)).toContainText(chains.get(`1 ${event!.tbp[0]}`)!);
  await page.getByRole('textbox', { name: 'Mask' }).fill(printHltMask(event!));
  await expect(fired.getByRole('row').nth(1)).toContainText(
    chains.get(`2 ${Math.min(...event!.ph, ...event!.pt, ...event!.rs)}`)!,
  );
  await page.getByRole('textbox', { name: 'Mask' }).fill('G!B!-C');
  await expect(page.getByRole('alert')).toContainText('bad letter: -, at character 5');
  expect((await axe(page, 'light').analyze()).violations).toEqual([]);

  // The same event by its number.
  await page.getByRole('textbox', { name: 'Mask' }).fill('');
  await page.getByRole('textbox', { name: 'Run' }).fill(String(RUN));
  await page.getByRole('textbox', { name: 'Event' }).fill(String(event!.eventno));
  await page.getByRole('button', { name: 'Decode', exact: true }).click();
  await expect(fired.getByRole('row').nth(1)).toContainText(chains.get(`1 ${event!.tbp[0]}`)!);
  await expect(page.getByText(`luminosity block ${event!.lb}`)).toBeVisible();
});
