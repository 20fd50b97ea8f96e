/** A run in view: its progress and cost, how it is cancelled, and what it asks of which host. */
import type { Page } from '@playwright/test';
import { encodeLink } from '../core/analysis/link.ts';
import { parseDocument } from '../core/analysis/yaml.ts';
import {
  cutflow,
  demoStillOpens,
  done,
  openAddress,
  openDemo,
  passed,
  plot,
  saved,
  state,
  statistic,
  typeDocument,
} from './explorer.ts';
import { expect, Guard, test } from './fixtures.ts';

const DEMO = 'lumiscope-demo.parquet';

/** A figure of the status bar. */
function figure(page: Page, name: string) {
  return page
    .getByRole('contentinfo')
    .locator('dl > div')
    .filter({ has: page.getByText(name, { exact: true }) })
    .locator('dd');
}

/** Lets `first` requests for data through and holds the others until it is opened. */
async function holdData(page: Page, first: number): Promise<{ open: () => void }> {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let asked = 0;
  await page.route('**/*.parquet', async (route) => {
    asked += 1;
    if (asked > first) await opened;
    // A cancelled request is gone by now.
    await route.continue().catch(() => {});
  });
  return { open: () => open() };
}

test.describe('a run that waits for its data', () => {
  test('goes on when Esc closes a menu', async ({ page, app }) => {
    await holdData(page, 6);
    await page.goto(app.url);
    await page.getByRole('button', { name: 'Open the demo' }).click();
    await expect(state(page)).toHaveText('Running');
    const share = page.getByRole('button', { name: 'Share' });
    await share.click();
    await expect(page.getByRole('menu').locator(':focus')).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('menu')).toHaveCount(0);
    await expect(share).toBeFocused();
    await expect(state(page)).toHaveText('Running');
  });

  for (const [how, cancel] of [
    ['the button', (page: Page) => page.getByRole('button', { name: 'Cancel' }).click()],
    ['Esc', (page: Page) => page.keyboard.press('Escape')],
  ] as const) {
    test(`shows its progress, is cancelled by ${how}, keeps its partial plots, and runs anew`, async ({
      page,
      app,
    }) => {
      const gate = await holdData(page, 6);
      await page.goto(app.url);
      await page.getByRole('button', { name: 'Open the demo' }).click();
      await expect(state(page)).toHaveText('Running');
      await expect(figure(page, 'events')).toHaveText(/^[1-9][\d,]* of 300,000$/);
      await expect(figure(page, 'events/s')).toHaveText(/^\d/);
      await expect(figure(page, 'fetched')).toHaveText(/^[\d.]+ [kM]B$/);
      await expect(page.getByTestId('cost')).toHaveText(/left$/);
      await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', /^[1-9]\d?$/);
      const card = plot(page, 'dimuon mass');
      await expect(card.locator('.scatterlayer .trace').first()).toBeAttached();
      await cancel(page);
      await expect(state(page)).toHaveText('Cancelled');
      await expect(page.getByText(/^The plots show the first [1-9][\d,]* events\.$/)).toBeVisible();
      await expect(card.locator('.scatterlayer .trace').first()).toBeAttached();
      const [all] = await passed(page);
      expect(Number(all!.replaceAll(',', ''))).toBeLessThan(300_000);
      gate.open();
      await page.getByRole('button', { name: 'Run', exact: true }).first().click();
      await done(page);
      expect((await passed(page))[0]).toBe('300,000');
    });
  }

  test('makes way for a changed text, whose numbers are those of a run that nobody disturbed', async ({
    page,
    app,
  }) => {
    const gate = await holdData(page, 6);
    await page.goto(app.url);
    await page.getByRole('button', { name: 'Open the demo' }).click();
    await expect(figure(page, 'events')).toHaveText(/^[1-9][\d,]* of 300,000$/);
    await page.getByRole('checkbox', { name: /close vertices/ }).click();
    gate.open();
    await page.getByRole('checkbox', { name: /close vertices/ }).click();
    await done(page);
    const disturbed = await cutflow(page);
    await page.unroute('**/*.parquet');
    await page.reload();
    await done(page);
    expect(await cutflow(page)).toEqual(disturbed);
  });
});

test('only the bytes of the needed columns are fetched, and a cut that is toggled fetches none', async ({
  page,
  app,
}) => {
  const sizes: number[] = [];
  page.on('response', (response) => {
    if (response.url().endsWith('.parquet')) sizes.push(Number(response.headers()['content-length']));
  });
  await openDemo(page, app.url);
  const whole = Number((await page.request.head(`${app.url}demo/${DEMO}`)).headers()['content-length']);
  const fetched = sizes.reduce((sum, size) => sum + size, 0);
  // Nine of 41 columns and the footer; what lies between two that are near is fetched with them.
  expect(fetched).toBeGreaterThan(1e6);
  expect(fetched).toBeLessThan(whole / 2);
  const requests = sizes.length;
  for (let i = 0; i < 2; i++) {
    await page.getByRole('checkbox', { name: /opposite charge/ }).click();
    await done(page);
  }
  await expect(page.getByTestId('cost')).toHaveText(/columns in memory$/);
  expect(sizes).toHaveLength(requests);
});

test.describe('data on another host', () => {
  const documentOf = (files: string[], values = ['Muon.pt']) => `lumiscope: 1
title: Far away
datasets:
  - name: far
    files: [${files.join(', ')}]
select:
  two muons: len(Muon) >= 2
histograms:
${values.map((value) => `  ${value}: { axes: [{ value: ${value}, bins: 50, range: [0, 100] }] }`).join('\n')}
`;

  test('gives a fresh browser identical numbers by a link, after one click', async ({
    page,
    app,
    browser,
    elsewhere,
    guard,
  }) => {
    guard.allow(new RegExp(elsewhere.origin));
    await openDemo(page, app.url);
    await typeDocument(page, documentOf([elsewhere.url(DEMO)]));
    await page.getByRole('button', { name: 'Load data' }).click();
    await expect(statistic(plot(page, 'Muon.pt'), 'entries')).toHaveText(/^\d/);
    await done(page);
    const [numbers, bins, link] = [await cutflow(page), await saved(page, 'Muon.pt', 'Save UHI JSON'), page.url()];

    const context = await browser.newContext();
    const fresh = new Guard(context, new URL(app.url).origin);
    const other = await context.newPage();
    const before = elsewhere.requests.length;
    await other.goto(link);
    await expect(other.getByText(`reads data from ${new URL(elsewhere.origin).host}`)).toBeVisible();
    await expect(other.getByText(elsewhere.url(DEMO)).first()).toBeVisible();
    await expect(state(other)).toHaveText('Waiting for data');
    expect(elsewhere.requests).toHaveLength(before);
    expect(fresh.problems()).toEqual([]);
    await other.getByRole('button', { name: 'Load data' }).click();
    await done(other);
    expect(elsewhere.requests.length).toBeGreaterThan(before);
    expect(await cutflow(other)).toEqual(numbers);
    expect(await saved(other, 'Muon.pt', 'Save UHI JSON')).toBe(bins);
    await context.close();
  });

  test('is asked for once where the host is remembered, and for each visit where it is not', async ({
    page,
    app,
    elsewhere,
    guard,
  }) => {
    guard.allow(new RegExp(elsewhere.origin));
    await page.goto(app.url);
    await openAddress(page, elsewhere.url(DEMO));
    await page.getByRole('button', { name: 'Load data' }).click();
    await done(page);
    await page.reload();
    await expect(page.getByRole('button', { name: 'Load data' })).toBeVisible();
    await page.getByRole('checkbox', { name: 'Remember this host' }).click();
    await page.getByRole('button', { name: 'Load data' }).click();
    await done(page);
    await page.reload();
    await done(page);
  });

  test('that cost a lot wait for a click with their price', async ({ page, app, elsewhere, guard }) => {
    guard.allow(new RegExp(elsewhere.origin));
    const before = elsewhere.requests.length;
    const copies = Array.from({ length: 15 }, (_, i) => `${elsewhere.url(DEMO)}?copy=${i}`);
    const columns = ['pt', 'eta', 'phi'].flatMap((field) => [`Muon.${field}`, `Jet.${field}`]);
    const text = documentOf(copies, [...columns, 'Muon.dxy', 'Muon.dz', 'Jet.mass']);
    await page.goto(app.url + encodeLink(parseDocument(text).document!));
    await page.getByRole('button', { name: 'Load data' }).click();
    await expect(page.getByText(/^This run fetches 1\d\d MB$/)).toBeVisible();
    await expect(page.getByText(/^4,500,000 events, \d+ columns?\. Nothing more is read\.$/)).toBeVisible();
    await expect(page.getByTestId('cost')).toHaveText(/^1\d\d MB to fetch/);
    await expect(state(page)).toHaveText('Ready to run');
    const read = () => elsewhere.requests.slice(before).reduce((sum, { sent }) => sum + sent, 0);
    // The end of each file, which says where its columns lie, and no column.
    expect(read()).toBeLessThan(copies.length * 70_000);
    await page.getByRole('button', { name: 'Run', exact: true }).last().click();
    await expect(figure(page, 'events')).toHaveText(/^[1-9][\d,]* of 4,500,000$/);
    await page.keyboard.press('Escape');
    await expect(state(page)).toHaveText('Cancelled');
    await demoStillOpens(page);
  });

  test('that cost a lot for N−1 plots alone wait for a click, too', async ({ page, app, elsewhere, guard }) => {
    guard.allow(new RegExp(elsewhere.origin));
    const copies = Array.from({ length: 15 }, (_, i) => `${elsewhere.url(DEMO)}?copy=${i}`);
    const columns = ['pt', 'eta', 'phi'].flatMap((field) => [`Muon.${field}`, `Jet.${field}`]);
    const cuts = [...columns, 'Muon.dxy', 'Muon.dz', 'Jet.mass'].map((value, k) => `  c${k}: max(${value}) > -9`);
    const text = documentOf(copies, ['MET.pt']).replace('select:', `select:\n  none: nMuon > 1000\n${cuts.join('\n')}`);
    // The statistics say that no event passes the first cut, so that the run itself reads nothing.
    await page.goto(`${app.url}${encodeLink(parseDocument(text).document!)}&show=n-1`);
    await page.getByRole('button', { name: 'Load data' }).click();
    await expect(page.getByText(/^The N−1 plots fetch [12]\d\d MB$/)).toBeVisible();
    const before = elsewhere.requests.length;
    await page.getByRole('button', { name: 'Fill the plots' }).click();
    await expect(page.getByText('Filling the N−1 plots…')).toBeVisible();
    await expect.poll(() => elsewhere.requests.length).toBeGreaterThan(before);
  });
});
