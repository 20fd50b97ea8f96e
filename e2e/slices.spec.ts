/** A histogram of four axes: two are drawn, or one, and sliders move through the others. */
import type { Locator, Page } from '@playwright/test';
import { done, pickFile, plot, statistic } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const FIRST = `{ value: "good[0].pt", bins: 12, range: [0, 120], label: "pT(μ1)", unit: GeV }`;
const DOCUMENT = `lumiscope: 1
title: Four axes
datasets:
  - { name: demo, files: [demo/lumiscope-demo.parquet] }
define:
  good: Muon[(Muon.pt > 3) & (abs(Muon.eta) < 2.4)]
select:
  two muons: len(good) >= 2
histograms:
  four:
    axes:
      - ${FIRST}
      - { value: "good[0].eta", bins: 6, range: [-2.4, 2.4], label: "η(μ1)" }
      - { value: "good[1].pt", bins: 10, range: [0, 100], label: "pT(μ2)", unit: GeV }
      - { value: "good[1].charge", categories: [-1, 1], label: "charge(μ2)" }
  cut:
    axes:
      - ${FIRST}
    select: (good[1].pt >= 20) & (good[1].pt < 30) & (good[1].charge == 1)
  above:
    axes:
      - ${FIRST}
    select: good[1].pt >= 100
`;

async function openDocument(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await pickFile(page, { name: 'four.yaml', buffer: Buffer.from(DOCUMENT) });
  await done(page);
}

/** What all bins of a plot hold, read by keyboard. */
async function bins(card: Locator): Promise<string[]> {
  const reader = card.getByRole('slider', { name: /^Bins of/ });
  await reader.focus();
  await reader.press('Home');
  const texts: string[] = [];
  const many = Number(await reader.getAttribute('aria-valuemax'));
  for (let i = 1; i <= many; i++) {
    await expect(reader).toHaveAttribute('aria-valuenow', String(i));
    texts.push((await reader.getAttribute('aria-valuetext')) ?? '');
    await reader.press('ArrowRight');
  }
  return texts;
}

test('a slice shows what a histogram with the cut holds, and a reload keeps it', async ({ page, app, guard }) => {
  await openDocument(page, app.url);
  const card = plot(page, 'four');
  const asked = guard.requested.length;
  await card.getByRole('combobox', { name: 'y' }).selectOption('none');
  const pt = card.getByRole('slider', { name: 'pT(μ2)' });
  const charge = card.getByRole('slider', { name: 'charge(μ2)' });
  await expect(pt).toHaveAttribute('aria-valuetext', 'all (sum)');
  await charge.fill('2');
  await expect(charge).toHaveAttribute('aria-valuetext', '1');
  // Underflow is the first bin.
  await pt.press('Home');
  for (let i = 0; i < 4; i++) await pt.press('ArrowRight');
  await expect(card.getByText('20 – 30 GeV', { exact: true })).toBeVisible();
  const direct = await bins(plot(page, 'cut'));
  expect(direct.some((text) => !/: 0\b/.test(text))).toBe(true);
  expect(await bins(card)).toEqual(direct);
  await expect(statistic(card, 'entries')).toHaveText((await statistic(plot(page, 'cut'), 'entries').textContent())!);
  expect(guard.requested.slice(asked).filter((url) => !url.includes('/assets/'))).toEqual([]);

  await expect.poll(() => page.url()).toMatch(/&axes=four:0&slice=four:2-3\+3-1$/);
  await page.reload();
  await done(page);
  await expect(card.getByText('20 – 30 GeV', { exact: true })).toBeVisible();
  expect(await bins(card)).toEqual(direct);
});

test('overflow is a position of the slider, and the left end is the sum', async ({ page, app }) => {
  await openDocument(page, app.url);
  const card = plot(page, 'four');
  await card.getByRole('combobox', { name: 'y' }).selectOption('none');
  const pt = card.getByRole('slider', { name: 'pT(μ2)' });
  await pt.press('End');
  await expect(pt).toHaveAttribute('aria-valuetext', 'overflow: ≥ 100 GeV or NaN');
  expect(await bins(card)).toEqual(await bins(plot(page, 'above')));
  await pt.press('Home');
  await expect(pt).toHaveAttribute('aria-valuetext', 'all (sum)');
  await expect.poll(() => page.url()).not.toContain('slice=');
});

test('a heat map has sliders for the axes that it does not draw', async ({ page, app }) => {
  await openDocument(page, app.url);
  const card = plot(page, 'four');
  await expect(card.getByRole('slider', { name: /^(pT|charge)\(μ2\)$/ })).toHaveCount(2);
  const all = card.getByText(/^entries [\d,]+$/);
  const before = await all.textContent();
  await card.getByRole('slider', { name: 'charge(μ2)' }).press('ArrowRight');
  await expect(all).not.toHaveText(before!);
  await card.getByRole('combobox', { name: 'x' }).selectOption('pT(μ2) [GeV]');
  await expect(card.getByRole('slider', { name: 'pT(μ1)' })).toBeVisible();
  await expect(card.getByRole('slider', { name: 'pT(μ2)' })).toHaveCount(0);
});
