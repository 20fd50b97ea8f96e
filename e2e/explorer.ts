/** What a person does on the page, and what is read off it there, by the names that are on it. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect } from './fixtures.ts';

/** What the status bar says of the work on the document. */
export function state(page: Page): Locator {
  return page.getByRole('contentinfo').getByRole('status');
}

/** Waits for the end of the run that is under way. */
export async function done(page: Page): Promise<void> {
  await expect(state(page)).toHaveText('Done');
  await expect(page.getByText('older text')).toHaveCount(0);
}

/** Opens the demo from the start page. */
export async function openDemo(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('button', { name: 'Open the demo' }).click();
  await done(page);
}

/** The page is as good as new: whatever is on it, the demo opens and fills its plots. */
export async function demoStillOpens(page: Page): Promise<void> {
  const home = page.getByRole('button', { name: 'Lumiscope: start page' });
  if (await home.isVisible()) await home.click();
  await page.getByRole('button', { name: 'Open the demo' }).click();
  await done(page);
  await expect(plot(page, 'dimuon mass').locator('.scatterlayer .trace').first()).toBeAttached();
}

/** Opens data, a document or a link by its address, from the start page. */
export async function openAddress(page: Page, address: string): Promise<void> {
  await page.getByRole('textbox', { name: /Address/ }).fill(address);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
}

/** A file of this machine as if picked. */
export async function pickFile(page: Page, file: string | { name: string; buffer: Buffer }): Promise<void> {
  const input = page.getByTestId('file-input').first();
  await input.setInputFiles(typeof file === 'string' ? file : { mimeType: '', ...file });
}

/** A file of this machine as if dragged onto the page and let go there. */
export async function dropFile(page: Page, path: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ({ name, base64 }) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
      return transfer;
    },
    { name: basename(path), base64: readFileSync(path).toString('base64') },
  );
  for (const type of ['dragenter', 'dragover']) await page.dispatchEvent('main', type, { dataTransfer });
  await expect(page.getByText('Drop to open')).toBeVisible();
  await page.dispatchEvent('main', 'drop', { dataTransfer });
  await expect(page.getByText('Drop to open')).toHaveCount(0);
}

/** The card of a histogram, by its title. */
export function plot(page: Page, title: string): Locator {
  return page.getByRole('article', { name: title, exact: true });
}

/** A figure of a plot's statistics box. */
export function statistic(card: Locator, name: 'entries' | 'mean' | 'std dev'): Locator {
  return card
    .locator('dl > div')
    .filter({ has: card.page().getByText(name, { exact: true }) })
    .locator('dd');
}

/** The cutflow as rows of cell texts: events, weights, step, total. */
export async function cutflow(page: Page): Promise<string[][]> {
  return page
    .getByRole('region', { name: 'Cutflow table' })
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? '')));
}

/** The events of each row of the cutflow. */
export async function passed(page: Page): Promise<string[]> {
  return (await cutflow(page)).map(([events]) => events ?? '');
}

/** What the menus save histograms as. */
export type SaveItem =
  | 'Save CSV'
  | 'Save UHI JSON'
  | 'Save HEPData YAML'
  | 'Save pyhf workspace'
  | 'Save Python script';

/** What a histogram's menu saves, as text. */
export async function saved(page: Page, title: string, item: SaveItem): Promise<string> {
  await page.getByRole('button', { name: `Menu of ${title}`, exact: true }).click();
  const download = page.waitForEvent('download');
  await page
    .getByRole('menu', { name: `Menu of ${title}`, exact: true })
    .getByRole('menuitem', { name: item })
    .click();
  return readFileSync(await (await download).path(), 'utf8');
}

/** Puts the cursor at the end of the text and types there. */
export async function typeAtEnd(page: Page, text: string): Promise<void> {
  await page.locator('.cm-content').click();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.insertText(text);
}

/** Types a text in place of the one that is there. */
export async function typeDocument(page: Page, text: string): Promise<void> {
  await page.locator('.cm-content').click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
}

/** The problems of the text, as the list under the editor tells them. */
export function problems(page: Page): Locator {
  return page.getByRole('list', { name: 'Problems of the text' });
}
