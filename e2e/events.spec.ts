import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import wanted from '../workers/fixtures/event_table.json' with { type: 'json' };
import { sharedData } from '../workers/testing/sharedData.ts';
import { done, openDemo, pickFile, typeDocument } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const REAL = sharedData('Run2012B_SingleMu-1000.parquet');
const DOCUMENT = `lumiscope: 1
datasets:
  - name: data
    files: [Run2012B_SingleMu-1000.parquet]
define:
  good: Muon[(Muon.pt > 20) & (abs(Muon.eta) < 2.1)]
  lead: good[0].pt
select:
  a good muon: len(good) >= 1
  missing energy: MET.pt > 50
histograms: {}
`;
const { rows, failed } = wanted;

const table = (page: Page) => page.getByRole('grid', { name: 'Events that pass' });
const event = (page: Page) => page.getByRole('article', { name: 'One event' });

/** Opens the real file with cuts that are known, and its events. */
async function openEvents(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await pickFile(page, REAL!);
  await done(page);
  await typeDocument(page, DOCUMENT);
  await expect(page.getByRole('button', { name: 'Events', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Events', exact: true }).click();
  await expect(page.getByText(`${rows.length} events pass`)).toBeVisible();
}

async function download(page: Page, item: string): Promise<string> {
  await page.getByRole('button', { name: 'Export' }).click();
  const file = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: item }).click();
  return readFileSync(await (await file).path(), 'utf8');
}

test.describe('events of a real file', () => {
  test.skip(!REAL, 'needs ../shared/data');

  test('those that pass are listed, sorted, and saved as awkward-array finds them', async ({ page, app }) => {
    await openEvents(page, app.url);
    expect(await download(page, 'Save run:lumi:event list')).toBe(
      rows.map(({ run, block, event: number }) => `${run}:${block}:${number}\n`).join(''),
    );
    await page.getByLabel('Another value of each event').fill('MET.pt');
    await page.getByRole('button', { name: 'Add', exact: true }).last().click();
    await table(page).getByRole('button', { name: 'MET.pt' }).click();
    await table(page).getByRole('button', { name: 'MET.pt' }).click();
    await expect(table(page).getByRole('columnheader', { name: 'MET.pt' })).toHaveAttribute('aria-sort', 'descending');
    const lines = (await download(page, 'Save CSV')).trim().split('\n');
    expect(lines[0]).toBe('run,lumi,event,len(good),lead,MET.pt');
    const sorted = [...rows].sort((a, b) => b.met - a.met);
    expect(lines.slice(1)).toEqual(
      sorted.map(({ run, block, event: number, good, first, met }) => [run, block, number, good, first, met].join()),
    );
    await page.reload();
    // A local file has to be given again.
    await pickFile(page, REAL!);
    await expect(table(page).getByRole('row').nth(1).getByRole('gridcell').nth(2)).toHaveText(sorted[0]!.event);
  });

  test('one is opened by keyboard, has a link of its own, and Back leads to the table', async ({ page, app }) => {
    await openEvents(page, app.url);
    await table(page).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const title = `Run ${rows[1]!.run} · lumi ${rows[1]!.block} · event ${rows[1]!.event}`;
    await expect(event(page).getByRole('heading', { name: title })).toBeVisible();
    await expect(event(page).getByText('It passes all cuts.')).toBeVisible();
    await expect(event(page).getByText(`2 of ${rows.length}`)).toBeVisible();
    await page.reload();
    // A local file has to be given again.
    await pickFile(page, REAL!);
    await expect(event(page).getByRole('heading', { name: title })).toBeVisible();
    await page.getByRole('button', { name: 'Next event' }).click();
    await expect(event(page).getByRole('heading', { name: rows[2]!.event })).toBeVisible();
    expect((await new AxeBuilder({ page }).include('#plots').analyze()).violations).toEqual([]);
    await page.goBack();
    await expect(event(page).getByRole('heading', { name: title })).toBeVisible();
    await page.getByRole('button', { name: 'All events' }).click();
    await expect(table(page)).toBeFocused();
    expect((await new AxeBuilder({ page }).include('#plots').analyze()).violations).toEqual([]);
  });

  test('one that is missing is found by its number, and shows the cut that it failed', async ({ page, app }) => {
    await openEvents(page, app.url);
    await page.getByRole('textbox', { name: 'Run', exact: true }).fill(failed.run);
    await page.getByRole('textbox', { name: 'Event number' }).fill(failed.event);
    await page.getByRole('textbox', { name: 'Event number' }).press('Enter');
    await expect(event(page).getByText('It fails the cut “missing energy”.')).toBeVisible();
    const cut = event(page).getByRole('listitem').filter({ hasText: 'missing energy' });
    await expect(cut).toContainText('MET.pt');
    await expect(cut.getByRole('definition')).toHaveText(String(Number(failed.met.toFixed(4))));
    await event(page)
      .getByRole('button', { name: /Show all 86 columns/ })
      .click();
    await event(page).getByRole('textbox', { name: 'Search columns of the event' }).fill('Muon_charge');
    await expect(event(page).getByRole('region', { name: 'Muon (1)' }).getByRole('cell')).toHaveText(
      ['0', String(failed.charge[0])].map((text) => text.replace('-', '−')),
    );
    await page.getByRole('textbox', { name: 'Event number' }).fill('12345');
    await page.getByRole('button', { name: 'Find', exact: true }).click();
    await expect(
      page.getByText(
        /^It is not in the data: looked in 1 file \(Run2012B_SingleMu-1000\.parquet\) with 1,000 events\.$/,
      ),
    ).toBeVisible();
    // Of several cuts that it fails, the first one is told.
    await typeDocument(page, DOCUMENT.replace('len(good) >= 1', 'len(good) >= 9'));
    await page.getByRole('textbox', { name: 'Event number' }).fill(failed.event);
    await page.getByRole('button', { name: 'Find', exact: true }).click();
    await expect(event(page).getByText('It fails the cut “a good muon”.')).toBeVisible();
  });

  test('where none passes, the cut that stops the last ones is told', async ({ page, app }) => {
    await openEvents(page, app.url);
    await typeDocument(page, DOCUMENT.replace('MET.pt > 50', 'MET.pt > 5000'));
    await expect(page.getByText('No event passes all cuts')).toBeVisible();
    await expect(page.getByText(/The cut “missing energy” stops the last [\d,]+\./)).toBeVisible();
  });
});

test('a wrong value is told where it is typed, a right one joins the table', async ({ page, app }) => {
  await openDemo(page, app.url);
  await page.getByRole('button', { name: 'Events', exact: true }).click();
  const field = page.getByLabel('Another value of each event');
  await expect(table(page)).toBeVisible();
  await field.fill('Muon.pt');
  await field.press('Enter');
  await expect(page.getByText(/a table has one value an event/)).toBeVisible();
  await field.fill('max(Muon.pt)');
  await field.press('Enter');
  await expect(table(page).getByRole('columnheader', { name: 'max(Muon.pt)' })).toBeVisible();
  await page.getByRole('button', { name: 'Remove max(Muon.pt)' }).click();
  await expect(table(page).getByRole('columnheader', { name: 'max(Muon.pt)' })).toHaveCount(0);
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('table and event fit the width', async ({ page, app }) => {
    await openDemo(page, app.url);
    await page.getByRole('navigation').getByRole('button', { name: 'Events' }).click();
    const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
    await table(page).getByRole('row').nth(2).tap();
    await expect(event(page).getByText('It passes all cuts.')).toBeVisible();
    expect(await fits()).toBe(true);
    await page.getByRole('button', { name: 'All events' }).tap();
    await expect(table(page)).toBeVisible();
    expect(await fits()).toBe(true);
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  });
});
