import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parquetReadObjects } from 'hyparquet';
import type { Manifest } from '../core/catalogue/manifest.ts';
import { axe } from './axe.ts';
import { expect, test } from './fixtures.ts';

const FOLDER = fileURLToPath(new URL('../dist/demo/catalogue/', import.meta.url));
const RUN = 348885;

/** Records of the derivation with duplicates, read and counted without anything of ours. */
async function dumbCount() {
  const manifest = JSON.parse(readFileSync(`${FOLDER}manifest.json`, 'utf8')) as Manifest;
  const family = manifest.families.find(({ runNumber, amiTag }) => runNumber === RUN && amiTag === 'r13286_p5057')!;
  const counts: { events: number; uniq: number; dup: number; filesDup: number; file: number; ofFile: number }[] = [];
  for (const part of manifest.parts.filter(({ dspid }) => dspid === family.dspid)) {
    const bytes = readFileSync(FOLDER + part.keys.path);
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    const rows = (await parquetReadObjects({ file })) as { eventno: bigint; file: number }[];
    const files = new Map<bigint, number[]>();
    for (const row of rows) files.set(row.eventno, [...(files.get(row.eventno) ?? []), row.file]);
    const dup = [...files.values()].filter((own) => own.length > 1);
    const holders = [...new Set(dup.flat())].sort((a, b) => a - b);
    const ofFile = dup.filter((own) => own.includes(holders[0]!)).length;
    counts.push({
      events: rows.length,
      uniq: files.size,
      dup: dup.length,
      filesDup: holders.length,
      file: holders[0]!,
      ofFile,
    });
  }
  return counts.sort((a, b) => b.dup - a.dup)[0]!;
}

test('containers are checked over HTTP: counts, files with duplicates and the events that are there twice', async ({
  page,
  app,
}) => {
  const expected = await dumbCount();
  expect(expected.dup).toBeGreaterThan(3);
  await page.goto(`${app.url}#catalogue=demo/catalogue/&task=check`);
  await page.getByRole('button', { name: /^Check all \d+$/ }).click();
  await expect(page.getByText(/^\d+ of \d+ containers are not as declared$/)).toBeVisible();
  // Of the containers, the derivations of one version.
  await page.getByRole('button', { name: /Containers to check/ }).click();
  await page.getByRole('button', { name: 'None' }).click();
  await page.getByRole('searchbox', { name: 'Find containers' }).fill(`run:${RUN} tag:r13286_p5057`);
  await page.getByRole('button', { name: /^Add all/ }).click();
  await page.getByRole('button', { name: /Containers to check/ }).click();
  const table = page.getByRole('grid', { name: 'Checked containers' });
  const row = table
    .getByRole('row')
    .filter({ hasText: String(expected.uniq) })
    .filter({ hasText: String(expected.events) });
  await row.first().click();
  const figure = (label: string) => page.locator('dl > div').filter({ hasText: label }).locator('dd');
  await expect(figure('Distinct events')).toHaveText(expected.uniq.toLocaleString('en'));
  await expect(figure('Events more than once')).toHaveText(expected.dup.toLocaleString('en'));
  await page.getByRole('button', { name: `Files with duplicates ${expected.filesDup}` }).click();
  const files = page.getByRole('grid', { name: 'Files' });
  await expect(files).toHaveAttribute('aria-rowcount', String(expected.filesDup + 1));
  await files.getByRole('row').nth(1).click();
  await expect(page.getByText(`File ${expected.file}: ${expected.ofFile} events`)).toBeVisible();
  // What is shown is in the link.
  await page.reload();
  await expect(page.getByText(`File ${expected.file}: ${expected.ofFile} events`)).toBeVisible();
  await page.getByRole('button', { name: `Duplicate events ${expected.dup}` }).click();
  const events = page.getByRole('grid', { name: 'Events that occur more than once' });
  await expect(events).toHaveAttribute('aria-rowcount', String(expected.dup + 1));
  await events.focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByText(new RegExp(`^Event \\d+ of run ${RUN}`))).toBeVisible();
  for (const scheme of ['light', 'dark'] as const) {
    if (scheme === 'dark') await page.getByRole('button', { name: /dark|colours|theme/i }).click();
    expect((await axe(page, scheme).analyze()).violations).toEqual([]);
  }
});
