/** Files that are not Parquet: dropped, their plots fill; what is wrong in them is told with its place. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { done, dropFile, pickFile, plot, statistic } from './explorer.ts';
import { expect, test } from './fixtures.ts';

const ARROW = fileURLToPath(new URL('../workers/formats/arrow/fixtures/plain.arrow', import.meta.url));

/** A flat n-tuple of candidates, as Belle II's tools write them. */
function ntuple(rows: number, wrong?: number): string {
  const lines = Array.from({ length: rows }, (_, i) =>
    [
      12,
      300 + (i % 3),
      9007199254740993n + BigInt(i),
      i === wrong ? 'oops' : 5.2 + (i % 10) / 100,
      i % 4 ? '' : i,
    ].join(','),
  );
  return `__experiment__,__run__,__event__,Mbc,p\n${lines.join('\n')}\n`;
}

async function addPlot(page: Page, column: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Search columns' }).fill(column);
  await page
    .getByRole('treeitem', { name: new RegExp(`^${column}`) })
    .first()
    .click();
}

test('a dropped CSV file gives plots: missing values are not filled', async ({ page, app }, info) => {
  const path = info.outputPath('ntuple.csv');
  writeFileSync(path, ntuple(1000));
  await page.goto(app.url);
  await dropFile(page, path);
  await done(page);
  await expect(page.getByText('1,000 events', { exact: true })).toBeVisible();
  await expect(page.getByText(/^CSV, \d+(\.\d+)? kB$/)).toBeVisible();
  await addPlot(page, 'Mbc');
  await expect(statistic(plot(page, 'Mbc'), 'entries')).toHaveText('1,000');
  await expect(statistic(plot(page, 'Mbc'), 'mean')).toHaveText(/^5\.24/);
  await addPlot(page, 'p');
  await expect(statistic(plot(page, 'p'), 'entries')).toHaveText('250');
});

test('a CSV file that is packed opens too', async ({ page, app }) => {
  await page.goto(app.url);
  await pickFile(page, { name: 'ntuple.csv.gz', buffer: gzipSync(ntuple(1000)) });
  await done(page);
  await addPlot(page, '__run__');
  await expect(statistic(plot(page, 'run'), 'mean')).toHaveText('301');
});

test('a wrong cell of a CSV file is told with its line and column, and other columns fill', async ({ page, app }) => {
  await page.goto(app.url);
  await pickFile(page, { name: 'ntuple.csv', buffer: Buffer.from(ntuple(1000, 620)) });
  await done(page);
  await addPlot(page, 'p');
  await expect(statistic(plot(page, 'p'), 'entries')).toHaveText('250');
  await addPlot(page, 'Mbc');
  await expect(page.getByText(/ntuple\.csv, column Mbc: line 622: "oops" is no number/i).first()).toBeVisible();
  await expect(page.getByText(/mend the cell, leave it empty/i).first()).toBeVisible();
});

test('a dropped Arrow file gives plots of flat and list columns', async ({ page, app }) => {
  await page.goto(app.url);
  await dropFile(page, ARROW);
  await done(page);
  await expect(page.getByText('40 events', { exact: true })).toBeVisible();
  await expect(page.getByText(/^Arrow, \d+(\.\d+)? kB$/)).toBeVisible();
  await addPlot(page, 'uint16');
  await expect(statistic(plot(page, 'uint16'), 'entries')).toHaveText('40');
  await addPlot(page, 'fixed');
  // Of three events one has three values, one has two and a missing one.
  await expect(statistic(plot(page, 'fixed'), 'entries')).toHaveText('68');
});
