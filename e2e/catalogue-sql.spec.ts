/** SQL over a catalogue in the page: DuckDB from the page's own origin, when it is opened, and no other request. */
import { readFile } from 'node:fs/promises';
import { axe } from './axe.ts';
import { expect, test } from './fixtures.ts';

test('questions to a catalogue: DuckDB comes with the console, an answer can be sorted, drawn and saved; errors have a place, a cancel is heard', async ({
  page,
  app,
  guard,
}) => {
  await page.goto(`${app.url}#catalogue=demo/catalogue/`);
  await expect(page.getByRole('grid')).toBeVisible();
  expect(guard.requested.filter((url) => /duckdb/.test(url))).toEqual([]);

  await page.getByRole('link', { name: 'SQL' }).click();
  const editor = page.getByRole('textbox', { name: 'Question in SQL' });
  const status = page.getByRole('status').filter({ hasText: /DuckDB|Running|row|Cancelled/ });
  await expect(status).toContainText('7.7 MB');
  const ask = async (text: string) => {
    await editor.fill(text);
    await editor.press('Escape');
    await editor.press('Control+Enter');
  };

  // Asked before DuckDB is there: it waits for it. Numbers are those of the generator's manifest.
  await page.getByRole('button', { name: 'Examples' }).click();
  await page.getByRole('menuitem', { name: 'Records by luminosity block' }).click();
  await ask('SELECT 18446744073709551615 AS "largest", count(*) AS records, max(eventno) > 0 AS there FROM events');
  const answer = page.getByRole('region', { name: 'Answer' });
  const cells = answer.getByRole('gridcell');
  await expect(cells).toHaveText(['18446744073709551615', '122', 'true']);
  await expect(page).toHaveURL(/&sql=[\w-]+/);
  expect(
    new Set(guard.requested.filter((url) => /duckdb/.test(url)).map((url) => url.replace(/-[^/]*\./, '.'))).size,
  ).toBe(2);

  // A link shows its question, and asks nothing by itself.
  await ask('SELECT data_type, count(*) AS datasets FROM datasets GROUP BY data_type ORDER BY data_type');
  await expect(status).toHaveText(/^19 rows/);
  await answer.getByRole('button', { name: /^datasets/ }).click();
  await answer.getByRole('button', { name: /^datasets/ }).click();
  await expect(cells.first()).toHaveText('AOD');
  expect((await axe(page, 'light').analyze()).violations).toEqual([]);
  await answer.getByRole('button', { name: 'Save' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Save Parquet' }).click();
  const saved = await readFile(await (await download).path());
  expect(saved.subarray(-4).toString()).toBe('PAR1');
  await answer.getByRole('button', { name: 'Chart' }).click();
  await expect(answer.getByRole('img', { name: 'datasets over data_type' }).locator('.js-fill')).not.toHaveCount(0);

  // What is wrong is told at its place; nothing changes a table, loads an extension or asks an address.
  await ask('SELECT 1;\nDROP TABLE datasets');
  await expect(page.getByRole('alert')).toContainText('Line 2, column 1: DROP is not possible here');
  await expect(page.locator('.cm-lintRange-error')).toHaveText('DROP');
  for (const text of ["FROM read_csv('https://example.org/x.csv')", "SELECT '[1]'::JSON", 'LOAD parquet']) {
    await ask(text);
    await expect(page.getByRole('alert')).toBeVisible();
    await expect(status).toHaveCount(0);
  }

  await ask('SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range * b.range % 7 = 3');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(status).toHaveText('Cancelled');
  await ask('SELECT count(*) AS n FROM datasets');
  await expect(status).toHaveText(/^1 row in/);
});
