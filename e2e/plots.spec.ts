/** Plots that compare: stacks, ratios, overlays, bins and ranges that are changed on the plot. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { done, openDemo, pickFile, plot } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const DOCUMENT = `lumiscope: 1
title: Comparison
datasets:
  - { name: Data 2012, files: [demo/lumiscope-demo.parquet] }
  - { name: "Z → μμ", files: [demo/lumiscope-demo.parquet] }
  - { name: Other, files: [demo/lumiscope-demo.parquet] }
define:
  good: Muon[(Muon.pt > 3) & (abs(Muon.eta) < 2.4)]
histograms:
  pt:
    axes:
      - { value: good.pt, bins: 60, range: [0, 120], label: "pT(μ)", unit: GeV }
  isolated:
    axes:
      - { value: "good[good.pfRelIso04_all < 0.15].pt", bins: 60, range: [0, 120], label: "pT(μ)", unit: GeV }
  eta:
    axes:
      - { value: good.eta, bins: 48, range: [-2.4, 2.4] }
`;

async function openDocument(page: Page, url: string, text = DOCUMENT): Promise<void> {
  await page.goto(url);
  await pickFile(page, { name: 'comparison.yaml', buffer: Buffer.from(text) });
  await done(page);
}

/** Switches things on or off in a plot's menu. */
async function choose(card: Locator, ...items: string[]): Promise<void> {
  const page = card.page();
  await card.getByRole('button', { name: /^Menu of/ }).click();
  for (const name of items) await page.getByRole('menuitemcheckbox', { name, exact: true }).click();
  await page.keyboard.press('Escape');
}

/** Not a part of the page that loads when it is needed, nor its icon. */
const isData = (url: string) => !url.includes('/assets/');

const titleOfY = (card: Locator) => card.locator('.g-ytitle text').first();

test('a stack with points, its sum and a ratio is drawn, and a reload keeps it', async ({ page, app }) => {
  await openDocument(page, app.url);
  const card = plot(page, 'pt');
  await choose(card, 'Stack', 'Ratio to the first', 'Normalise to 1');
  const look = async () => {
    await expect(titleOfY(card)).toHaveText('Fraction of entries / 2 GeV');
    await expect(card.locator('.g-y2title text')).toHaveText('Ratio');
    // Two parts of the stack and the hatched error of their sum; the data are points.
    await expect(card.locator('.plot.xy, .subplot.xy').first().locator('.fills path.js-fill')).toHaveCount(3);
    await expect(card.locator('.subplot.xy .points path').first()).toBeAttached();
    await expect(card.locator('.subplot.xy2 .points path').first()).toBeAttached();
  };
  await look();
  await expect.poll(() => page.url()).toMatch(/&stack=pt&norm=pt&ratio=pt:ratio$/);
  await page.reload();
  await done(page);
  await look();
});

test('what the document says of a plot can be switched off, and the link says so', async ({ page, app }) => {
  await openDocument(page, app.url, DOCUMENT.replace('  eta:\n', '    view: { log: true, ratio: ratio }\n  eta:\n'));
  const card = plot(page, 'isolated');
  const log = card.getByRole('button', { name: 'log', exact: true });
  await expect(log).toHaveAttribute('aria-pressed', 'true');
  await expect(card.locator('.g-y2title text')).toHaveText('Ratio');
  expect(page.url()).not.toContain('&');
  await log.click();
  await choose(card, 'Ratio to the first');
  await expect(card.locator('.g-y2title text')).toHaveCount(0);
  await expect.poll(() => page.url()).toMatch(/&log=isolated:off&ratio=isolated:off$/);
  await page.reload();
  await done(page);
  await expect(log).toHaveAttribute('aria-pressed', 'false');
  await log.click();
  await expect.poll(() => page.url()).toMatch(/[^&]*&ratio=isolated:off$/);
});

test('a histogram with the same bins is laid over another one, with their efficiency', async ({ page, app }) => {
  await openDocument(page, app.url, DOCUMENT.replace(/^ {2}- \{ name: ("Z|Other).*\n/gm, ''));
  const card = plot(page, 'pt');
  await card.getByRole('button', { name: 'Menu of pt' }).click();
  await expect(page.getByRole('menuitemcheckbox', { name: 'isolated' })).toBeVisible();
  await expect(page.getByRole('menuitemcheckbox', { name: 'eta' })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await choose(card, 'isolated', 'Efficiency: parts of the first');
  await expect(card.locator('.g-y2title text')).toHaveText('Efficiency');
  await expect(card.locator('dl')).toHaveCount(2);
  await expect(card.locator('dl').nth(1)).toContainText('isolated');
  await page.reload();
  await done(page);
  await expect(card.locator('dl')).toHaveCount(2);
});

test('bins and range are changed on the plot without a request or a run', async ({ page, app, guard }) => {
  await openDemo(page, app.url);
  const card = plot(page, 'muon pT');
  await card.scrollIntoViewIfNeeded();
  await expect(titleOfY(card)).toHaveText('Entries / 2 GeV');
  await page.evaluate(() => {
    const status = document.querySelector('[role="contentinfo"] [role="status"], footer [role="status"]');
    const states: (string | null)[] = [];
    Object.assign(globalThis, { states });
    new MutationObserver(() => states.push(status?.textContent ?? null)).observe(document.querySelector('footer')!, {
      childList: true,
      subtree: true,
      characterData: true,
    });
  });
  const requested = guard.requested.length;
  await card.getByRole('button', { name: 'Menu of muon pT' }).click();
  await page.getByRole('menuitem', { name: 'Bins and range…' }).click();
  await card.getByRole('spinbutton', { name: 'bins drawn as one' }).fill('7');
  await page.keyboard.press('Enter');
  await expect(titleOfY(card)).toHaveText('Entries / 14 GeV');
  await card.getByRole('spinbutton', { name: 'to, GeV' }).fill('56');
  await page.keyboard.press('Enter');
  await expect.poll(() => page.url()).toMatch(/&rebin=muon%20pT:7&range=muon%20pT:0\.\.56$/);
  expect(guard.requested.slice(requested).filter(isData)).toEqual([]);
  expect(await page.evaluate(() => (globalThis as unknown as { states: string[] }).states)).not.toContain('Running');
  await page.reload();
  await done(page);
  await card.scrollIntoViewIfNeeded();
  await expect(titleOfY(card)).toHaveText('Entries / 14 GeV');
});

test('dragging over a plot shows a part of it, and a double click all of it', async ({ page, app }) => {
  await openDemo(page, app.url);
  const card = plot(page, 'Z → μμ, both muons isolated');
  await card.scrollIntoViewIfNeeded();
  const area = card.locator('.nsewdrag').first();
  await expect(area).toBeAttached();
  const box = (await area.boundingBox())!;
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width / 4, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, y + 5, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => page.url()).toMatch(/&range=Z%20window:7[45](\.\d+)?\.\.(89|90)(\.\d+)?$/);
  await expect(card.locator('.xtick text').first()).toHaveText(/^7[4-8]$/);
  const reset = (await area.boundingBox())!;
  await page.mouse.dblclick(reset.x + reset.width / 2, reset.y + reset.height / 2);
  await expect.poll(() => page.url()).not.toContain('&range');
  await expect(card.locator('.xtick text').first()).toHaveText('60');
});

test('bins of a plot become those of the analysis, which fetches nothing', async ({ page, app, guard }) => {
  await openDemo(page, app.url);
  const card = plot(page, 'muon pT');
  await card.getByRole('button', { name: 'Menu of muon pT' }).click();
  await page.getByRole('menuitem', { name: 'Bins and range…' }).click();
  await card.getByRole('spinbutton', { name: 'bins drawn as one' }).fill('5');
  await page.keyboard.press('Enter');
  await card.getByRole('spinbutton', { name: 'to, GeV' }).fill('58');
  await page.keyboard.press('Enter');
  const requested = guard.requested.length;
  await card.getByRole('button', { name: 'Use in the analysis' }).click();
  await expect(page.locator('.cm-content')).toContainText('bins: 6, range: [0, 60]');
  await done(page);
  await expect(titleOfY(card)).toHaveText('Entries / 10 GeV');
  await expect.poll(() => page.url()).not.toContain('&');
  expect(guard.requested.slice(requested).filter(isData)).toEqual([]);
});

test('a fit that is added on the plot gives the mass of the J/ψ, stays in the document and can be removed', async ({
  page,
  app,
}) => {
  const jpsi = `  mass:
    axes:
      - { value: (os.a + os.b).mass, bins: 90, range: [2.6, 3.5], label: "m(μμ)", unit: GeV }
`;
  const pairs = `  pair: combinations(good, 2)
  os: pair[pair.a.charge != pair.b.charge]
histograms:
`;
  const one = DOCUMENT.replace(/^ {2}- \{ name: ("Z|Other).*\n/gm, '').replace('histograms:\n', pairs);
  await openDocument(page, app.url, one + jpsi);
  const card = plot(page, 'mass');
  await card.getByRole('button', { name: 'Menu of mass' }).click();
  await page.getByRole('menuitem', { name: 'Fit…' }).click();
  await card.getByRole('combobox', { name: 'peak' }).selectOption('Gaussian');
  await expect(card.getByText('(preview)')).toBeVisible();
  await card.getByRole('spinbutton', { name: 'from' }).fill('2.8');
  await page.keyboard.press('Enter');
  await card.getByRole('button', { name: 'Add to the analysis' }).click();
  await done(page);
  await expect(page.locator('.cm-content')).toContainText('{ peak: gaussian, background: 1, range: [2.8, 3.5] }');
  const fit = card.getByRole('region', { name: 'Fit Gaussian + line' });
  const mass = fit.locator('dl > div').filter({ has: page.getByText('μ', { exact: true }) });
  await expect(mass).toHaveText(/^μ3\.09\d+ ± 0\.000\d+ GeV$/);
  const [value, error] = ((await mass.textContent()) ?? '').match(/\d\.\d+/g)!.map(Number);
  // The demo's J/ψ decays at 3.0969 GeV; the muons lose nothing on average.
  expect(Math.abs(value! - 3.0969)).toBeLessThan(5 * error!);
  await page.reload();
  await done(page);
  await expect(mass).toContainText(String(value));
  await card.getByRole('button', { name: 'Remove the fit Gaussian + line' }).click();
  await expect(page.locator('.cm-content')).not.toContainText('gaussian');
  await expect(fit).toHaveCount(0);
});

/** Saves what the dialog shows, and gives the bytes. */
async function saveAs(
  page: Page,
  format: 'PDF' | 'SVG' | 'PNG',
  name: string,
): Promise<{ bytes: Buffer; path: string }> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: format }).click();
  await expect(dialog.getByRole('img')).toBeVisible();
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: `Save ${format}` }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe(name);
  await expect(dialog).toHaveCount(0);
  const path = await file.path();
  return { bytes: readFileSync(path), path };
}

/** The words in an SVG, as a browser reads it. */
function textsOf(page: Page, svg: string): Promise<string[]> {
  return page.evaluate((text) => {
    const root = new DOMParser().parseFromString(text, 'image/svg+xml');
    if (root.querySelector('parsererror')) throw new Error('not an SVG');
    // A subscript ends with a space of no width.
    return [...root.querySelectorAll('text')].map((element) => (element.textContent ?? '').replaceAll('\u200b', ''));
  }, svg);
}

const PUBLISHED = DOCUMENT.replace(
  'datasets:\n',
  'publication: { experiment: CMS Open Data, status: Preliminary, luminosity: L = 11.6 fb⁻¹, energy: 8 TeV }\ndatasets:\n',
);

test('a figure is saved in the style of a publication, as PDF, SVG and PNG', async ({ page, app }) => {
  await openDocument(page, app.url, PUBLISHED);
  const open = async () => {
    await page.getByRole('button', { name: 'Menu of pt' }).click();
    await page.getByRole('menuitem', { name: 'Save figure…' }).click();
  };
  await open();
  const svg = (await saveAs(page, 'SVG', 'pt.svg')).bytes.toString();
  const texts = await textsOf(page, svg);
  // What is simulated says so, whatever the document says of its status.
  expect(texts).toEqual(
    expect.arrayContaining([
      'CMS Open Data Preliminary, Simulated data',
      'L = 11.6 fb⁻¹ (8 TeV)',
      'pT(μ) [GeV]',
      'Entries / 2 GeV',
      'Data 2012',
    ]),
  );
  await open();
  const png = (await saveAs(page, 'PNG', 'pt.png')).bytes;
  expect(png.readUInt32BE(16)).toBe(4 * 673);
  await open();
  const { bytes, path } = await saveAs(page, 'PDF', 'pt.pdf');
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  expect(bytes.length).toBeGreaterThan(20_000);
  if (!existsSync('/usr/bin/pdftotext')) return;
  const words = execFileSync('/usr/bin/pdftotext', ['-layout', path, '-'], { stdio: ['ignore', 'pipe', 'ignore'] });
  expect(words.toString()).toContain('CMS Open Data');
  expect(words.toString()).toContain('(μ) [GeV]');
});

test('all plots go on one page', async ({ page, app }) => {
  await openDocument(page, app.url, PUBLISHED);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Save all plots…' }).click();
  const svg = (await saveAs(page, 'SVG', 'Comparison.svg')).bytes.toString();
  const texts = await textsOf(page, svg);
  for (const title of ['pt', 'isolated', 'eta']) expect(texts).toContain(title);
  expect(texts.filter((text) => text.startsWith('CMS Open Data'))).toHaveLength(3);
});
