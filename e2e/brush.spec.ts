/** Parts of plots that are marked: the other plots follow, as if each were a cut. */
import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { cutflow, done, pickFile, plot, statistic } from './explorer.ts';
import { expect, test } from './fixtures.ts';

/** Weights of both signs; plots filled once an event, per muon and per pair, a map, categories, a logarithmic axis. */
const DOCUMENT = `lumiscope: 1
title: Brushes
datasets:
  - { name: demo, files: [demo/lumiscope-demo.parquet] }
define:
  good: Muon[(Muon.pt > 3) & (abs(Muon.eta) < 2.4)]
  pair: combinations(good, 2)
select:
  two muons: len(good) >= 2
weight: genWeight
histograms:
  leading:
    axes:
      - { value: "good[0].pt", bins: 60, range: [0, 120], label: "pT(μ1)", unit: GeV }
  vertices:
    axes:
      - { value: PV_npvs, bins: 50, range: [0, 50], label: "N_{PV}" }
  directions:
    axes:
      - { value: good.eta, bins: 48, range: [-2.4, 2.4], label: "η(μ)" }
      - { value: good.phi, bins: 32, range: [-3.2, 3.2], label: "φ(μ)", unit: rad }
  mass:
    axes:
      - { value: (pair.a + pair.b).mass, bins: 100, range: [0.25, 300], scale: log, label: "m(μμ)", unit: GeV }
  charge:
    axes:
      - { value: good.charge, categories: [-1, 1], label: "q(μ)" }
`;

async function openDocument(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await pickFile(page, { name: 'brushes.yaml', buffer: Buffer.from(DOCUMENT) });
  await done(page);
}

interface Contents {
  values: number[];
  variances: number[];
}

/** What all plots hold, flow bins among it, as it is saved. */
async function contents(page: Page): Promise<Record<string, Contents>> {
  const item = page.getByRole('menuitem', { name: 'Save UHI JSON' });
  await page.getByRole('button', { name: 'More' }).click();
  await expect(item).toBeVisible();
  const download = page.waitForEvent('download');
  await item.click();
  const all: Record<string, { storage: { values: unknown[]; variances: unknown[] } }> = JSON.parse(
    readFileSync(await (await download).path(), 'utf8'),
  );
  return Object.fromEntries(
    Object.entries(all).map(([name, { storage }]) => [
      name,
      { values: flat(storage.values), variances: flat(storage.variances) },
    ]),
  );
}

const flat = (array: unknown[]): number[] => (array as number[]).flat(9);

/** Bin by bin, and not all of them empty. */
function expectSame(one: number[], other: number[]): void {
  const most = Math.max(...other.map(Math.abs));
  expect(most).toBeGreaterThan(0);
  expect(one).toHaveLength(other.length);
  const differ = one.flatMap((value, bin) =>
    Math.abs(value - other[bin]!) <= 1e-9 * most ? [] : [{ bin, value, wanted: other[bin] }],
  );
  expect(differ).toEqual([]);
}

/** Drags over a part of a plot: shares of its width and height, from the top left. */
async function drag(card: Locator, from: [number, number], to: [number, number], then?: () => Promise<void>) {
  const page = card.page();
  const area = card.locator('.nsewdrag').first();
  await card.scrollIntoViewIfNeeded();
  // What brushes is loaded when the mode is chosen.
  await expect(card.locator('[class*="_layer_"]').first()).toBeAttached();
  await area.scrollIntoViewIfNeeded();
  const box = (await area.boundingBox())!;
  const at = ([x, y]: [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at(to), { steps: 8 });
  await then?.();
  await page.mouse.up();
}

const brushOn = (card: Locator) => card.getByRole('slider', { name: /^Brush on/ });

const mode = (page: Page, name: 'Zoom' | 'Brush') =>
  page.getByRole('group', { name: 'Drag in a plot' }).getByRole('button', { name, exact: true });

/** A row of the cut list by the plot of its brush. */
const row = (page: Page, title: string) =>
  page.getByRole('region', { name: 'Cutflow table' }).getByRole('row').filter({ hasText: title });

async function makeCut(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for the brush on ${title}` }).click();
  await page.getByRole('menuitem', { name: 'Make it a cut' }).click();
  await expect(page.getByRole('button', { name: `Actions for the brush on ${title}` })).toHaveCount(0);
  await done(page);
}

/** Shares of the plot from where to where; the last one is several at once. */
const SETS: Record<string, [from: [number, number], to: [number, number]]>[] = [
  {
    leading: [
      [0.2, 0.5],
      [0.8, 0.5],
    ],
  },
  {
    directions: [
      [0.1, 0.1],
      [0.7, 0.8],
    ],
  },
  {
    mass: [
      [0.3, 0.5],
      [0.95, 0.5],
    ],
    charge: [
      [0.6, 0.5],
      [0.9, 0.5],
    ],
  },
];

test('brushes leave in the other plots what a fresh run with the same cuts gives, bin by bin', async ({
  page,
  app,
}) => {
  test.slow();
  await openDocument(page, app.url);
  await mode(page, 'Brush').click();
  let before = await contents(page);
  for (const brushes of SETS) {
    const titles = Object.keys(brushes);
    for (const [title, [from, to]] of Object.entries(brushes)) {
      await drag(plot(page, title), from, to);
      // Its figures are those of the run under it.
      await expect(row(page, title).getByRole('cell').first()).toHaveText(/\d/);
    }
    await done(page);
    const brushed = await contents(page);
    const events = (await cutflow(page)).map((cells) => cells.slice(0, 4));
    for (const title of titles) await makeCut(page, title);
    const cut = await contents(page);
    for (const [title, { values, variances }] of Object.entries(brushed)) {
      if (titles.length === 1 && titles.includes(title)) {
        // The brushed plot shows all events.
        expectSame(values, before[title]!.values);
        continue;
      }
      expect(values).not.toEqual(before[title]!.values);
      if (titles.includes(title)) continue;
      expectSame(values, cut[title]!.values);
      expectSame(variances, cut[title]!.variances);
    }
    expect((await cutflow(page)).map((cells) => cells.slice(0, 4))).toEqual(events);
    before = cut;
  }
});

test('a brush is made, moved, typed, kept and made a cut by keyboard', async ({ page, app }) => {
  test.slow();
  await openDocument(page, app.url);
  const card = plot(page, 'leading');
  const all = await statistic(plot(page, 'vertices'), 'entries').textContent();
  await card.getByRole('slider', { name: 'Bins of leading' }).press('Enter');
  const brush = brushOn(card);
  await expect(brush).toBeFocused();
  await expect(brush).toHaveAttribute('aria-valuetext', '40 ≤ pT(μ1) < 80 GeV');
  await expect(statistic(plot(page, 'vertices'), 'entries')).not.toHaveText(all!);
  await page.keyboard.press('Shift+ArrowLeft');
  await expect(brush).toHaveAttribute('aria-valuetext', '36.667 ≤ pT(μ1) < 76.667 GeV');
  const upper = card.getByRole('slider', { name: 'pT(μ1) up to' });
  await upper.press('End');
  await expect(upper).toHaveAttribute('aria-valuetext', '120 GeV');
  await done(page);

  const lower = row(page, 'leading').getByRole('textbox', { name: 'pT(μ1) from' });
  await lower.fill('low');
  await lower.press('Enter');
  await expect(page.getByRole('alert')).toHaveText('Here goes a number.');
  await expect(lower).toHaveValue('low');
  await lower.fill('15.1');
  await lower.press('Enter');
  // It goes to the nearest fine edge.
  await expect(lower).toHaveValue('15');
  await expect(brush).toHaveAttribute('aria-valuetext', '15 ≤ pT(μ1) < 120 GeV');
  await done(page);
  await expect.poll(() => page.url()).toContain('&brush=leading:15..120');
  const flow = await cutflow(page);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await page.reload();
  await done(page);
  await expect(brush).toHaveAttribute('aria-valuetext', '15 ≤ pT(μ1) < 120 GeV');
  await page.getByRole('button', { name: 'Lumiscope: start page' }).click();
  await page.goBack();
  await done(page);
  await expect(brush).toHaveAttribute('aria-valuetext', '15 ≤ pT(μ1) < 120 GeV');
  expect(await cutflow(page)).toEqual(flow);

  await row(page, 'leading')
    .getByRole('button', { name: /^Actions/ })
    .press('Enter');
  await page.getByRole('menuitem', { name: 'Make it a cut' }).press('Enter');
  await expect(page.locator('.cm-content')).toContainText('15 <= good[0].pt < 120');
  await expect(brush).toHaveCount(0);
  await done(page);
  await expect.poll(() => page.url()).not.toContain('&brush');
  expect((await cutflow(page)).map(([events]) => events)).toEqual(flow.map(([events]) => events));
});

test('while a brush is dragged the other plots follow without Plotly', async ({ page, app }) => {
  await openDocument(page, app.url);
  await mode(page, 'Brush').click();
  const card = plot(page, 'leading');
  const other = plot(page, 'vertices');
  await other.scrollIntoViewIfNeeded();
  await expect(other.locator('.main-svg').first()).toBeAttached();
  await page.evaluate(() => {
    const changes: unknown[] = [];
    Object.assign(globalThis, { changes });
    const observer = new MutationObserver((records) => changes.push(...records));
    for (const svg of document.querySelectorAll('[aria-label="vertices"] .main-svg'))
      observer.observe(svg, { subtree: true, childList: true, attributes: true });
  });
  const changes = () => page.evaluate(() => (globalThis as unknown as { changes: unknown[] }).changes.length);
  await drag(card, [0.2, 0.5], [0.5, 0.5], async () => {
    await expect(other.locator('canvas')).toBeAttached();
    expect(await changes()).toBe(0);
  });
  await done(page);
  await expect(other.locator('canvas')).toHaveCount(0);
  await expect.poll(changes).toBeGreaterThan(0);
});

test('a drag that loses its plot leaves nothing behind; what ends a brush on a map leaves the focus on its card', async ({
  page,
  app,
}) => {
  await openDocument(page, app.url);
  await mode(page, 'Brush').click();
  const other = plot(page, 'vertices');
  // Numbers of a drag lie over a plot that is drawn.
  await other.scrollIntoViewIfNeeded();
  await expect(other.locator('.main-svg').first()).toBeAttached();
  await drag(plot(page, 'leading'), [0.2, 0.5], [0.5, 0.5], async () => {
    await expect(other.locator('canvas')).toBeAttached();
    // Drags zoom again, so there is nothing to brush with.
    await page.keyboard.press('b');
    await expect(other.locator('canvas')).toHaveCount(0);
  });
  await expect(page).not.toHaveURL(/&brush=/);

  const map = plot(page, 'directions');
  await map.getByRole('button', { name: 'Menu of directions' }).click();
  await page.getByRole('menuitem', { name: 'Brush' }).click();
  await expect(brushOn(map)).toBeFocused();
  await page.keyboard.press('Delete');
  await expect(brushOn(map)).toHaveCount(0);
  await expect(map.getByRole('button', { name: 'Menu of directions' })).toBeFocused();
});
