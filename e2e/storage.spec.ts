/** What is kept between visits: the data, and the app itself, with and without a network. */
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { serveFolder } from '../scripts/staticServer.ts';
import { startFaultyServer } from '../workers/testing/faultyServer.ts';
import { done, openAddress, passed } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const DEMO = '?doc=examples/demo-dimuon.yaml';

test.describe('with service workers', () => {
  test.use({ serviceWorkers: 'allow' });

  test('a pinned analysis opens and runs without app server, data server and network, with the same numbers', async ({
    page,
    context,
    guard,
  }) => {
    const own = await serveFolder(DIST, { base: '/app/' });
    const data = await startFaultyServer(`${DIST}/demo`);
    guard.allow(new RegExp(`${own.url}|${data.origin}|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION`));
    await page.goto(own.url);
    await openAddress(page, data.url('lumiscope-demo.parquet'));
    await page.getByRole('checkbox', { name: 'Remember this host' }).check();
    await page.getByRole('button', { name: 'Load data' }).click();
    await done(page);
    const numbers = await numbersOf(page);

    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Stored data…' }).click();
    const panel = page.getByRole('dialog', { name: 'Stored data' });
    await panel.getByRole('button', { name: 'Pin for offline' }).click();
    await expect(panel.getByText('Ready: 1 file pinned')).toBeVisible();
    await expect(panel.getByRole('button', { name: 'Pin lumiscope-demo.parquet' })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
    const { violations } = await new AxeBuilder({ page }).include('dialog').analyze();
    expect(violations).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(panel).toHaveCount(0);

    data.requests.length = 0;
    await page.reload();
    await done(page);
    expect(data.requests.map(({ method }) => method)).toEqual(['HEAD']);
    expect(await numbersOf(page)).toEqual(numbers);

    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await Promise.all([own.close(), data.close()]);
    await context.setOffline(true);
    await page.reload();
    await done(page);
    await expect(page.getByText('Offline: data as of')).toBeVisible();
    expect(await numbersOf(page)).toEqual(numbers);
    // Parts of the app that were not used before are there as well.
    await page.getByRole('button', { name: /from store/ }).click();
    await expect(panel.getByText('lumiscope-demo.parquet', { exact: true })).toBeVisible();
  });
});

test('two tabs at once, one killed in the middle, and damage on the disk leave the right numbers', async ({
  page,
  context,
  app,
}) => {
  test.slow();
  const other = await context.newPage();
  await Promise.all([page.goto(app.url + DEMO), other.goto(app.url + DEMO)]);
  await done(page);
  const numbers = await numbersOf(page);
  await expect.poll(() => storedPacks(page), { timeout: 20_000 }).toBeGreaterThan(0);
  await other.close({ runBeforeUnload: false });
  await page.waitForTimeout(500);
  await page.evaluate(flipBytes);
  const requested: string[] = [];
  context.on('request', (request) => {
    if (request.url().endsWith('.parquet')) requested.push(request.method());
  });
  await page.reload();
  await done(page);
  expect(await numbersOf(page)).toEqual(numbers);
  expect(requested).toContain('GET');
  // What was fetched again is kept some time after the plots.
  await expect(async () => {
    requested.length = 0;
    await page.reload();
    await done(page);
    expect(await numbersOf(page)).toEqual(numbers);
    expect(requested).toEqual(['HEAD']);
  }).toPass({ timeout: 40_000 });
});

test('the read-only view stores nothing', async ({ page, app }) => {
  await page.goto(`${app.url}?view=present&doc=examples/demo-dimuon.yaml`);
  await expect(page.getByText('computed on this device')).toBeVisible();
  await page.waitForTimeout(3500);
  expect(await storedPacks(page)).toBe(-1);
});

/** Cutflow and figures of the plots. */
async function numbersOf(page: Page): Promise<unknown> {
  const figures = await page.getByRole('article').locator('dl').allInnerTexts();
  expect(figures.length).toBeGreaterThan(1);
  return { passed: await passed(page), figures };
}

/** Files in the cache; -1 where there is none. */
function storedPacks(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const cache = await root.getDirectoryHandle('lumiscope-cache').catch(() => undefined);
    if (!cache) return -1;
    let count = 0;
    for await (const folder of cache.values())
      if (folder.kind === 'directory') for await (const _ of (folder as FileSystemDirectoryHandle).values()) count++;
    return count;
  });
}

/** Changes a byte in every 50 kB of what is stored. */
async function flipBytes(): Promise<void> {
  const root = await navigator.storage.getDirectory();
  const cache = await root.getDirectoryHandle('lumiscope-cache');
  for await (const folder of cache.values()) {
    if (folder.kind !== 'directory') continue;
    for await (const entry of (folder as FileSystemDirectoryHandle).values()) {
      if (entry.kind !== 'file' || !/^[0-9a-f]{16}\./.test(entry.name)) continue;
      const file = entry as FileSystemFileHandle;
      const bytes = new Uint8Array(await (await file.getFile()).arrayBuffer());
      for (let at = 40_000; at < bytes.length; at += 50_000) bytes[at]! ^= 1;
      const writer = await file.createWritable();
      await writer.write(bytes);
      await writer.close();
    }
  }
}
