/** The view of event catalogues as a whole, and finding datasets in it. */
import { axe } from './axe.ts';
import { expect, test } from './fixtures.ts';

const EGAM7 = 'data18_13TeV.00348885.physics_Main.deriv.DAOD_EGAM7.r13286_p5057';

test('the demo catalogue opens from the start page, and gives a dataset; its link survives a reload and Back', async ({
  page,
  app,
}) => {
  await page.goto(app.url);
  await page.getByRole('link', { name: 'Open the demo catalogue' }).click();
  await expect(page.getByText('Simulated data')).toBeVisible();
  await expect(page).toHaveTitle(/^Discover: Demo/);
  const table = page.getByRole('grid', { name: 'Containers' });
  const found = page.getByRole('region', { name: 'Containers' }).getByRole('status');
  await expect(found).toHaveText(/^63 containers/);

  // A search with a completed field, a mistake in it, and a tick.
  const search = page.getByRole('combobox', { name: 'Search' });
  await search.fill('physics_Main gro');
  await expect(page.getByRole('option', { name: 'group:' })).toBeVisible();
  await search.press('ArrowDown');
  await search.press('Enter');
  await expect(search).toHaveValue('physics_Main group:');
  await expect(page.getByRole('alert')).toContainText('has no value here (column 20)');
  await search.fill('physics_Main group:EGAM*');
  await expect(page.getByRole('alert')).toBeEmpty();
  await page.getByRole('checkbox', { name: /DAOD_EGAM7/ }).check();
  await expect(search).toHaveValue('physics_Main group:EGAM* data_type:DAOD_EGAM7');
  await expect(found).toHaveText(/^2 containers/);
  await table.getByRole('button', { name: 'Run' }).click();
  await expect(table.getByRole('columnheader', { name: 'Run' })).toHaveAttribute('aria-sort', 'ascending');

  // Details, by the keyboard; a dataset of it, and its files.
  await table.focus();
  await table.press('ArrowDown');
  const details = page.getByRole('complementary', { name: 'Details' });
  await expect(details).toContainText(EGAM7);
  await details.getByRole('button', { name: '_tid31260190_00' }).click();
  await expect(details.getByRole('heading', { name: 'Dataset', exact: true })).toBeVisible();
  await details.getByRole('button', { name: /^Show \d+ files/ }).click();
  await expect(details.getByRole('grid', { name: 'Files' })).toContainText(/[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}/);
  expect((await axe(page, 'light').analyze()).violations).toEqual([]);

  await page.reload();
  await expect(details).toContainText(`${EGAM7}_tid31260190_00`);
  await expect(search).toHaveValue('physics_Main group:EGAM* data_type:DAOD_EGAM7');
  await details.getByRole('link', { name: 'Overlaps of its data types' }).click();
  await expect(page).toHaveURL(/task=overlaps&of=4/);
  await page.goBack();
  await expect(details).toContainText(EGAM7);
  // The way back to where the person came from, and forward again.
  await page.goBack();
  await expect(details).toBeHidden();
  await page.goBack();
  await expect(page.getByRole('heading', { name: 'Explore collision events in this tab' })).toBeVisible();
  await page.goForward();
  await expect(found).toHaveText(/^2 containers/);
});

test('a catalogue on another host is asked for after a click, and nothing of it before', async ({
  page,
  app,
  elsewhere,
  guard,
}) => {
  guard.allow(new RegExp(elsewhere.origin));
  await page.goto(app.url);
  await page.getByLabel('Address of data or of an analysis').fill(elsewhere.url('catalogue/manifest.json'));
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  const { host } = new URL(elsewhere.origin);
  await expect(page.getByRole('status').filter({ hasText: `This catalogue lies on ${host}` })).toBeVisible();
  expect(elsewhere.requests.filter(({ url }) => url.includes('catalogue'))).toEqual([]);
  await page.getByRole('button', { name: 'Open the catalogue' }).click();
  await expect(page.getByRole('region', { name: 'Containers' }).getByRole('status')).toHaveText(/^63 containers/);
  expect(elsewhere.requests.some(({ url }) => url.includes('catalogue/manifest.json'))).toBe(true);

  // One that does not open says which object it lacks.
  guard.allow(/nowhere\/manifest\.json|404/);
  await page.goto(`${app.url}#catalogue=nowhere/`);
  await expect(page.getByRole('alert')).toContainText('nowhere/manifest.json');
});
