import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { printGuid } from '../core/catalogue/eventKey.ts';
import type { Manifest } from '../core/catalogue/manifest.ts';
import { axe } from './axe.ts';
import { expect, test } from './fixtures.ts';

const DEMO = fileURLToPath(new URL('../dist/demo/catalogue/', import.meta.url));
const RUN = 358031;

interface Row {
  eventno: bigint;
  guid_hi: bigint;
  guid_lo: bigint;
  lb: number | null;
}

/** The records of a dataset of the run, by data type, read by another reader. */
async function recordsOf(prodStep: string, amiTag: string) {
  const { families, parts, tables } = JSON.parse(readFileSync(`${DEMO}manifest.json`, 'utf8')) as Manifest;
  const { dspid } = families.find(
    (one) =>
      one.runNumber === RUN && one.streamName === 'physics_Main' && one.prodStep === prodStep && one.amiTag === amiTag,
  )!;
  const dstypes = (await parquetReadObjects({ file: await asyncBufferFromFile(DEMO + tables.dstypes.path) })) as {
    dstypeid: number;
    format: string;
    group: string;
  }[];
  const unsigned = (value: bigint) => BigInt.asUintN(64, value);
  return Promise.all(
    parts
      .filter((part) => part.dspid === dspid)
      .map(async ({ dstypeid, records }) => {
        const file = await asyncBufferFromFile(DEMO + records.path);
        const read = (await parquetReadObjects({ file })) as unknown as Row[];
        const { format, group } = dstypes.find((one) => one.dstypeid === dstypeid)!;
        return {
          container: `${dspid}:${dstypeid}`,
          dataType: group ? `${format}_${group}` : format,
          rows: read.map(({ eventno, guid_hi, guid_lo, lb }) => ({
            eventno: unsigned(eventno),
            guid_hi: unsigned(guid_hi),
            guid_lo: unsigned(guid_lo),
            lb,
          })),
        };
      }),
  );
}

/** An event that so many of the records are of. */
function eventOf(rows: readonly Row[], records: number): Row | undefined {
  const counts = new Map<bigint, number>();
  for (const { eventno } of rows) counts.set(eventno, (counts.get(eventno) ?? 0) + 1);
  return rows.find(({ eventno }) => counts.get(eventno) === records);
}

const guidOf = ({ guid_hi, guid_lo }: Row) => printGuid({ hi: guid_hi, lo: guid_lo });
const results = (page: Page) => page.getByRole('grid', { name: 'Records' });

test('picks events of a catalogue on another host, with few requests and bytes', async ({
  page,
  app,
  elsewhere,
  guard,
}) => {
  guard.allow(new RegExp(`${elsewhere.origin}`));
  const [{ container, rows }] = (await recordsOf('merge', 'r13286_p4910')) as [
    Awaited<ReturnType<typeof recordsOf>>[0],
  ];
  const one = eventOf(rows, 1)!;
  const derived = (await recordsOf('deriv', 'r13286_p5057')).find((type) => eventOf(type.rows, 2))!;
  const twice = eventOf(derived.rows, 2)!;
  const absent = rows.at(-1)!.eventno + 1n;

  await page.goto(`${app.url}#catalogue=${elsewhere.origin}catalogue/&task=pick`);
  await page.getByRole('button', { name: 'Open the catalogue' }).click();
  const events = page.getByLabel('Events', { exact: true });
  await events.fill(`${RUN} ${one.eventno}\n${RUN} x`);
  await expect(page.getByText('1 line is no event')).toBeVisible();
  await expect(page.getByText(/1 event; up to 2 requests, about/)).toBeVisible();

  // One event: its record, what it came from, its chains by name.
  const before = elsewhere.requests.length;
  await events.press('Control+Enter');
  const record = page.getByRole('region', { name: `Event ${one.eventno}` });
  await expect(record.locator('dl').first()).toContainText(guidOf(one));
  await expect(record.getByRole('listitem')).toContainText([/^AOD/, /^RAW/]);
  await expect(record.getByRole('region', { name: 'Fired chains' })).toContainText(/L1_\w+/);
  const asked = elsewhere.requests.slice(before).filter(({ method }) => method === 'GET');
  const bytes = (part: RegExp) => asked.filter(({ url }) => part.test(url)).reduce((sum, { sent }) => sum + sent, 0);
  expect(asked.filter(({ url }) => /dspid=/.test(url))).toHaveLength(2);
  expect(bytes(/dspid=/)).toBeGreaterThan(1000);
  expect(bytes(/dspid=/)).toBeLessThan(300_000);
  expect(asked.length, 'with the trigger menu').toBeLessThanOrEqual(6);
  expect(bytes(/./)).toBeLessThan(500_000);
  expect((await axe(page, 'light').analyze()).violations).toEqual([]);

  // The link holds the question.
  await page.reload();
  await page.getByRole('button', { name: 'Open the catalogue' }).click();
  await expect(record.locator('dl').first()).toContainText(guidOf(one));

  // Several: duplicates are marked, and what is not there is listed with where it was looked for.
  await events.fill(`${RUN}:55:${twice.eventno}\n${RUN}:55:${absent}`);
  await page.getByLabel('Data type').fill(derived.dataType);
  await page.getByLabel('Version').fill('r13286_p5057');
  await page.getByRole('button', { name: 'Pick', exact: true }).click();
  await expect(page.getByText('2 records of 1 event; 1 not found; 1 with several records')).toBeVisible();
  await page.getByRole('button', { name: 'Duplicates 1' }).click();
  await expect(results(page).getByText('one of several')).toHaveCount(2);
  await results(page).focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('region', { name: `Event ${twice.eventno}` })).toBeVisible();
  await page.getByRole('button', { name: 'Not found 1' }).click();
  const missing = page.getByRole('grid', { name: 'Events that were not found' });
  await expect(missing.getByRole('row').nth(1)).toContainText(`${absent}looked into physics_Main ${derived.dataType}`);
  await page.getByRole('button', { name: 'Save' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Save CSV' }).click();
  const csv = readFileSync(await (await download).path(), 'utf8')
    .trim()
    .split('\r\n');
  expect(csv).toHaveLength(4);
  expect(csv.filter((line) => line.startsWith(`${RUN},${twice.eventno},1,1,`))).toHaveLength(2);
  expect(csv[3]).toMatch(new RegExp(`^${RUN},${absent},0,,`));

  // By condition: as many as a walk over all records finds; they can be picked, and are kept.
  const within = new Set(rows.filter(({ lb }) => lb !== null && lb >= 1 && lb <= 3).map(({ eventno }) => eventno));
  await page.getByRole('button', { name: 'By condition' }).click();
  await page.goto(`${page.url()}&containers=${container}`);
  await page.getByLabel('Luminosity blocks').fill('3-1');
  await page.getByRole('button', { name: 'Find events' }).click();
  await expect(page.getByText('3-1 is no range of luminosity blocks')).toBeVisible();
  await page.getByLabel('Luminosity blocks').fill('1-3');
  await page.getByRole('button', { name: 'Find events' }).click();
  await expect(page.getByText(new RegExp(`^${within.size} events: .* need not be read`))).toBeVisible();
  await page.getByRole('button', { name: 'Pick these' }).click();
  await expect(page.getByText(new RegExp(`records of ${within.size} events`))).toBeVisible();
  await page.reload();
  await page.getByRole('button', { name: 'Open the catalogue' }).click();
  await expect(page.getByRole('region', { name: 'Kept lists' })).toContainText(`Found events${within.size}`);
  await expect(page.getByText(new RegExp(`records of ${within.size} events`))).toBeVisible();

  // Who knows no event is given one; a link that was damaged says so.
  await page.goto(`${app.url}#catalogue=${elsewhere.origin}catalogue/&task=pick&events=${RUN}:x`);
  await expect(page.getByText("the link names 1 event that can't be read")).toBeVisible();
  await page.getByRole('button', { name: 'Try an event of this catalogue' }).click();
  await expect(page.getByText(/^\d+ records? of 1 event/)).toBeVisible();
});
