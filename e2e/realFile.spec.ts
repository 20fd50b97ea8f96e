/** Files of a real experiment, dropped or picked, against numbers that other programs found in them. */
import { readFileSync } from 'node:fs';
import { sharedData } from '../workers/testing/sharedData.ts';
import { done, dropFile, passed, plot, saved, statistic, typeAtEnd } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const SINGLE_MU = sharedData('Run2012B_SingleMu-1000.parquet');
const NANO = sharedData('nano_dy.parquet');

const ADL: Record<string, { passed: number; histograms: { counts: number[] }[] }> = JSON.parse(
  readFileSync(new URL('../workers/engine/fixtures/adl_reference.json', import.meta.url), 'utf8'),
);

test.describe('1,000 events of CMS open data', () => {
  test.skip(!SINGLE_MU, 'needs ../shared/data/Run2012B_SingleMu-1000.parquet');

  test('a dropped file shows its collections, and its first plots have the known entries', async ({ page, app }) => {
    await page.goto(app.url);
    await dropFile(page, SINGLE_MU!);
    await done(page);
    await expect(page.getByText('1,000 events', { exact: true })).toBeVisible();
    await expect(page.getByText('86 columns', { exact: true })).toBeVisible();
    const tree = page.getByRole('tree', { name: 'Columns' });
    for (const name of ['Muon', 'Jet', 'MET']) {
      await expect(tree.getByRole('treeitem', { name: new RegExp(`^${name}\\b`) })).toBeVisible();
    }
    await expect(statistic(plot(page, 'n_Muon'), 'entries')).toHaveText('1,000');
    await expect(statistic(plot(page, 'Muon_pt'), 'entries')).toHaveText('1,328');
    await expect(statistic(plot(page, 'MET_pt'), 'entries')).toHaveText('1,000');
    await expect(statistic(plot(page, 'MET_pt'), 'mean')).toHaveText('28.468 GeV');
  });

  test('a picked file gives the known counts of jets and triggers, by clicks and by typing', async ({ page, app }) => {
    await page.goto(app.url);
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Pick a file' }).click();
    await (await chooser).setFiles(SINGLE_MU!);
    await done(page);
    const search = page.getByRole('textbox', { name: 'Search columns' });
    await search.fill('jet_pt');
    await page.getByRole('treeitem', { name: /^pt/ }).click();
    await expect(statistic(plot(page, 'Jet_pt'), 'entries')).toHaveText('1,699');
    await done(page);
    await typeAtEnd(page, '\nselect:\n  tight path: HLT_IsoMu24_eta2p1\n  wide path: HLT_IsoMu24\n');
    await expect.poll(() => passed(page)).toEqual(['1,000', '583', '583']);
    await page.getByRole('checkbox', { name: /tight path/ }).click();
    await expect.poll(() => passed(page)).toEqual(['1,000', '', '630']);
    await page.getByRole('textbox', { name: 'Expression of a new cut' }).fill('HLT_IsoMu24_eta2p1 | HLT_IsoMu24');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await expect.poll(() => passed(page)).toEqual(['1,000', '', '630', '630']);
  });

  test('a document given together with its data is filled at once', async ({ page, app }) => {
    await page.goto(app.url);
    await page.getByTestId('file-input').first().setInputFiles(['public/examples/adl-q5.yaml', SINGLE_MU!]);
    await done(page);
    expect((await passed(page)).at(-1)).toBe('57');
  });

  for (const [query, answer] of Object.entries(ADL)) {
    test(`ADL query ${query} asks for its file and saves the counts of a Python loop`, async ({ page, app }) => {
      await page.goto(app.url);
      await page.getByText('on a file of your own').click();
      await page.getByRole('button', { name: `ADL query ${query.slice(1)} ` }).click();
      await expect(page.getByText(/was made with a local file: Run2012B_SingleMu-1000.parquet/)).toBeVisible();
      await dropFile(page, SINGLE_MU!);
      await done(page);
      expect((await passed(page)).at(-1)).toBe(answer.passed.toLocaleString('en'));
      const cards = page.getByRole('article');
      await expect(cards).toHaveCount(answer.histograms.length);
      for (const [at, { counts }] of answer.histograms.entries()) {
        const title = (await cards.nth(at).getAttribute('aria-label'))!;
        const { storage } = JSON.parse(await saved(page, title, 'Save UHI JSON'));
        expect(storage).toEqual({ type: 'int', values: counts });
      }
    });
  }
});

test.describe('NanoAOD with 1,499 columns', () => {
  test.skip(!NANO, 'needs ../shared/data/nano_dy.parquet');

  test('opens, and its tree is searched and scrolled without a stutter', async ({ page, app }) => {
    await page.goto(app.url);
    await dropFile(page, NANO!);
    await done(page);
    await expect(page.getByText('1,499 columns', { exact: true })).toBeVisible();
    await expect(statistic(plot(page, 'Muon_pt'), 'entries')).toHaveText('18');
    const rows = page.getByRole('treeitem');
    // Only what is in view is in the page: that is what keeps a long tree fluid.
    expect(await rows.count()).toBeLessThan(80);
    const tree = page.getByRole('tree', { name: 'Columns' });
    await tree.focus();
    await page.keyboard.press('End');
    await expect(tree.locator('[aria-selected=true]')).toBeInViewport();
    await page.getByRole('textbox', { name: 'Search columns' }).pressSequentially('hlt isomu24');
    await expect(rows.filter({ hasText: /^(?!HLT).*IsoMu24/ }).first()).toBeVisible();
    await expect(rows.filter({ hasNotText: /HLT|IsoMu24/ })).toHaveCount(0);
    await page.getByRole('textbox', { name: 'Search columns' }).fill('no such column');
    await expect(page.getByText('No column matches “no such column”.')).toBeVisible();
  });
});
