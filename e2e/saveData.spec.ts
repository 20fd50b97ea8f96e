/** Saving the events of an analysis as a file, and going on with it. */
import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { done, openDemo, passed, plot, statistic } from './explorer.ts';
import { expect, test } from './fixtures.ts';

test('the demo’s events are saved, and opened in its place they give the same plots', async ({ page, app }) => {
  // A picker can't be answered from here: the file is downloaded.
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
  await openDemo(page, app.url);
  const figures = async () =>
    Promise.all(
      (['entries', 'mean', 'std dev'] as const).map((name) => statistic(plot(page, 'dimuon mass'), name).textContent()),
    );
  const before = { figures: await figures(), passed: (await passed(page)).at(-1)! };
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Save data as Parquet…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save data as Parquet' });
  await expect(dialog.getByText(/^11 columns, about \d/)).toBeVisible();

  await dialog.getByRole('searchbox', { name: 'Search columns to add' }).fill('HLT_*');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText(/^14 columns, about \d/)).toBeVisible();
  await dialog.getByRole('combobox', { name: 'Leave out items of a collection' }).selectOption('Muon');
  const mask = dialog.getByRole('textbox', { name: 'Items of Muon that are kept' });
  await mask.fill('Muon.pq > 3');
  await expect(dialog.getByRole('alert')).toContainText('did you mean `pt`?');
  await expect(dialog.getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
  await mask.fill('Muon.pt > 3');
  await expect(dialog.getByRole('alert')).toHaveCount(0);
  expect((await new AxeBuilder({ page }).include('dialog').analyze()).violations).toEqual([]);

  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('Simulated-demo.parquet');
  const bytes = readFileSync(await file.path());
  expect([bytes.toString('latin1', 0, 4), bytes.toString('latin1', bytes.length - 4)]).toEqual(['PAR1', 'PAR1']);
  await expect(dialog.getByRole('status')).toContainText(`${before.passed} of 300,000 events`);

  await dialog.getByRole('button', { name: 'Open it here' }).click();
  await expect(dialog).toHaveCount(0);
  await expect.poll(() => passed(page)).toEqual(Array(4).fill(before.passed));
  await done(page);
  expect(await figures()).toEqual(before.figures);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(async () => (await passed(page))[0]).toBe('300,000');
});
