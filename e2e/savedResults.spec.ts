/** Results made elsewhere, dropped onto the page: drawn over its plots, added to them, or all there is. */
import { readFileSync, writeFileSync } from 'node:fs';
import { done, dropFile, openDemo, plot, saved, statistic } from './explorer.ts';
import { expect, test } from './fixtures.ts';

test('a saved result is drawn over the plots, then added to them, and taken away', async ({ page, app }, info) => {
  await openDemo(page, app.url);
  const card = plot(page, 'dimuon mass');
  const entries = Number((await statistic(card, 'entries').textContent())!.replace(/\D/g, ''));
  const uhi = JSON.parse(await saved(page, 'dimuon mass', 'Save UHI JSON'));
  const path = info.outputPath('before.json');
  writeFileSync(path, JSON.stringify({ 'dimuon mass': uhi, elsewhere: uhi }));
  await dropFile(page, path);
  await expect(page.getByText('Saved results: before.json')).toBeVisible();
  await expect(card.locator('dt', { hasText: 'before.json' })).toBeVisible();
  await expect(plot(page, 'elsewhere').or(page.getByRole('article').last())).toBeVisible();

  await page.getByRole('button', { name: 'Add up' }).click();
  await expect(statistic(card, 'entries')).toHaveText((2 * entries).toLocaleString('en'));
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(statistic(card, 'entries')).toHaveText(entries.toLocaleString('en'));
});

test('without a document a saved result shows its histograms', async ({ page, app }, info) => {
  await openDemo(page, app.url);
  const uhi = await saved(page, 'dimuon mass', 'Save UHI JSON');
  const path = info.outputPath('mass.json');
  writeFileSync(path, uhi);
  await page.goto(app.url);
  await dropFile(page, path);
  await expect(page.getByRole('article')).toHaveCount(1);
  await expect(page.getByRole('article').locator('.scatterlayer .trace').first()).toBeAttached();
});

const HISTOGRAMS = 'workers/formats/root/histograms/fixtures';

test('a ROOT file of histograms shows them, dropped or by its address, and after a reload', async ({ page, app }) => {
  await page.goto(app.url);
  await dropFile(page, `${HISTOGRAMS}/no_tree.root`);
  await expect(page.getByRole('article')).toHaveCount(2);
  await expect(page.getByText('Saved results: no_tree.root')).toBeVisible();
  await expect(page.getByRole('article').locator('.scatterlayer .trace').first()).toBeAttached();

  const body = readFileSync(`${HISTOGRAMS}/no_tree.root`);
  await page.route('**/no_tree.root', (route) => {
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(route.request().headers().range ?? '') ?? [];
    const [begin, end] = from === undefined ? [0, body.length] : [Number(from), Math.min(body.length, Number(to) + 1)];
    return route.fulfill({
      status: from === undefined ? 200 : 206,
      headers: { etag: '"1"', 'content-range': `bytes ${begin}-${end - 1}/${body.length}`, 'accept-ranges': 'bytes' },
      body: body.subarray(begin, end),
    });
  });
  await page.goto(app.url);
  const address = page.getByRole('textbox').first();
  await address.fill(`${app.url}no_tree.root`);
  await address.press('Enter');
  await expect(page.getByRole('article')).toHaveCount(2);
  await page.reload();
  await expect(page.getByRole('article')).toHaveCount(2);
});

test('histograms that lie beside the events of a ROOT file are shown for the asking', async ({ page, app }) => {
  await page.goto(app.url);
  await dropFile(page, `${HISTOGRAMS}/histograms.root`);
  await page.getByRole('button', { name: '12 histograms: show' }).click();
  await expect(page.getByText('Saved results: histograms.root')).toBeVisible();
  await expect(page.getByText('12 histograms shown')).toBeVisible();
  await expect(page.getByRole('article')).toHaveCount(13);
});

test('a result that is damaged is told by its name', async ({ page, app }, info) => {
  await openDemo(page, app.url);
  const path = info.outputPath('broken.json');
  writeFileSync(path, '{"pt": {"uhi_schema": 1, "axes": 3}}');
  await dropFile(page, path);
  await expect(page.getByText(/broken\.json: the histogram has no list of axes/i).first()).toBeVisible();
  await done(page);
});
