/** Results made elsewhere, dropped onto the page: drawn over its plots, added to them, or all there is. */
import { writeFileSync } from 'node:fs';
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

test('a result that is damaged is told by its name', async ({ page, app }, info) => {
  await openDemo(page, app.url);
  const path = info.outputPath('broken.json');
  writeFileSync(path, '{"pt": {"uhi_schema": 1, "axes": 3}}');
  await dropFile(page, path);
  await expect(page.getByText(/broken\.json: the histogram has no list of axes/i).first()).toBeVisible();
  await done(page);
});
