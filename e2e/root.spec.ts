/** ROOT files as they are: one of a real experiment, and one with several trees. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sharedData } from '../workers/testing/sharedData.ts';
import { done, dropFile, plot, problems, statistic } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const NANO = sharedData('nano_dy.root');
const NTUPLE = sharedData('nano_dimuon_rntuple.root');
/** Trees `Events` and `nominal/CollectionTree`: made by fixtures/folders.py. */
const FOLDERS = fileURLToPath(new URL('../workers/formats/root/fixtures/folders.root', import.meta.url));

test('a dropped NanoAOD tree shows its collections, and its first plots have the known entries', async ({
  page,
  app,
}) => {
  test.skip(!NANO, 'needs ../shared/data/nano_dy.root');
  await page.goto(app.url);
  await dropFile(page, NANO!);
  await done(page);
  await expect(page.getByText('1,499 columns', { exact: true })).toBeVisible();
  await expect(statistic(plot(page, 'Muon_pt'), 'entries')).toHaveText('18');
  await expect(statistic(plot(page, 'MET_pt'), 'entries')).toHaveText('40');
  await expect(page.getByRole('combobox', { name: 'Tree' })).toHaveValue('Events');
});

test('a dropped ntuple shows the same collections as its tree would', async ({ page, app }) => {
  test.skip(!NTUPLE, 'needs ../shared/data/nano_dimuon_rntuple.root');
  await page.goto(app.url);
  await dropFile(page, NTUPLE!);
  await done(page);
  await expect(page.getByText('1,601 columns', { exact: true })).toBeVisible();
  await expect(statistic(plot(page, 'n_Muon'), 'entries')).toHaveText('40');
  await expect(statistic(plot(page, 'Muon_pt'), 'entries')).toHaveText('84');
});

test('another tree is chosen by its name, which goes into the document, and the choice is undone', async ({
  page,
  app,
}) => {
  await page.goto(app.url);
  await dropFile(page, FOLDERS);
  await done(page);
  const columns = page.getByRole('tree', { name: 'Columns' });
  await expect(columns.getByRole('treeitem', { name: /^y\b/ })).toBeVisible();
  await page.getByRole('combobox', { name: 'Tree' }).selectOption('nominal/CollectionTree');
  await expect(columns.getByRole('treeitem', { name: /^z\b/ })).toBeVisible();
  await expect(page.locator('.cm-content')).toContainText('tree: nominal/CollectionTree');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(columns.getByRole('treeitem', { name: /^y\b/ })).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Tree' })).toHaveValue('Events');
});

test('a tree that is not there is told at its place, with the names of the others, and one of them is a choice away', async ({
  page,
  app,
}) => {
  await page.goto(app.url);
  const document = 'lumiscope: 1\ndatasets:\n  - name: data\n    files: [folders.root]\n    tree: Evnts\n';
  await page
    .getByTestId('file-input')
    .first()
    .setInputFiles([
      { name: 'wrong.yaml', mimeType: 'text/yaml', buffer: Buffer.from(document) },
      { name: 'folders.root', mimeType: '', buffer: readFileSync(FOLDERS) },
    ]);
  await expect(problems(page)).toContainText(/5:11.*no tree 'Evnts'.*it has Events, nominal\/CollectionTree/i);
  await page.getByRole('alert').getByRole('combobox', { name: 'Tree' }).selectOption('Events');
  await done(page);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByText('7 events', { exact: true })).toBeVisible();
});
